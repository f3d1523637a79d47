"""Signatures on paper (线下审签登记): a clerk enters who signed, in which post, on which day, with which opinion.

Key concepts
- `register_paper(record, action, by=…, …)`: does the step by its verb, so that everything is checked as on screen.
"""

from datetime import date
from typing import Any

from django.core.files.base import File

from meetings.machines import machine_of
from meetings.models import Delegation, Person, Tenure
from meetings.operations.attachment import keep_scan
from meetings.operations.base import locked, perform
from meetings.refusal import Refused
from meetings.rules.approval import Signature
from meetings.write_lock import writing


def register_paper(
    record: Any,
    action: str,
    *,
    by: Person,
    seat: str,
    tenure: Tenure,
    on: date,
    scan: "File[Any]",
    opinion: str = "",
    delegation: Delegation | None = None,
    version: int | None = None,
) -> Any:
    """Register that the holder of `tenure`, or a deputy, signed the present content on paper on the day `on`.

    `by` is a clerk of the conference and is named with the approval; the scan lies with it. `Refused` says why not;
    then nothing is kept.
    """
    with writing():
        row = locked(record, version)
        machine_of(row).check_paper(by, row, action, seat)
        kept = keep_scan(row, by=by, file=scan)
        signature = Signature(delegation=delegation, seat=seat, tenure=tenure, on=on, scan=kept)
        try:
            perform(record, action, by=by, version=version, opinion=opinion, signature=signature)
        except Refused:
            kept.file.delete(save=False)
            raise
    return record
