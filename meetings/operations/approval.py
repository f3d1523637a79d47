"""Registration of signatures on paper (线下审签登记).

A clerk enters who signed, in which post, on which day and with which opinion. `register_paper` then performs the step
through its operation, so the same checks apply as on screen.
"""

from datetime import date

from django.core.files.base import File

from meetings.machines import machine_of
from meetings.machines.base import R
from meetings.models import Delegation, Person, Tenure
from meetings.operations.attachment import store_scan
from meetings.operations.base import locked
from meetings.operations.steps import perform
from meetings.refusal import Refused
from meetings.rules.approval import Signature
from meetings.write_lock import write_transaction


def register_paper(
    record: R,
    action: str,
    *,
    by: Person,
    seat: str,
    tenure: Tenure,
    on: date,
    scan: "File[bytes]",
    opinion: str = "",
    delegation: Delegation | None = None,
    version: int | None = None,
) -> R:
    """Register that the holder of `tenure`, or a deputy, signed the present content on paper on the day `on`.

    `by` must be a clerk of the conference. The approval names the clerk and refers to the scan. On `Refused` nothing
    is stored: the file of the scan is deleted again.
    """
    with write_transaction():
        row = locked(record, version)
        machine_of(row).check_paper(by, row, action, seat)
        stored = store_scan(row, by=by, file=scan)
        signature = Signature(delegation=delegation, seat=seat, tenure=tenure, on=on, scan=stored)
        try:
            perform(record, action, by=by, version=version, opinion=opinion, signature=signature)
        except Refused:
            stored.file.delete(save=False)
            raise
    return record
