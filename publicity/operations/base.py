"""Shared parts of the operations: log and signal, the check of a release for personal data, a permission."""

from collections.abc import Iterable, Mapping

from django.db.models import Model
from django.utils.translation import gettext as _

from meetings import clock
from meetings.models import Person, Resolution
from meetings.operations import base
from meetings.refusal import Refused
from publicity.models import PersonalDataException
from publicity.models.gate import personal_data_gap
from publicity.personal_data import find_personal_data


def announce(record: Model, action: str, *, by: Person | None, data: Mapping[str, object] | None = None) -> None:
    """Log `publicity.<action>` and send `record_changed`, as `meetings.operations.base.announce` does."""
    base.announce(record, action, by=by, data=data, log_action=f"publicity.{action}")


def check_personal_data(
    resolution: Resolution, texts: Iterable[tuple[str, str]], *, by: Person, keep_reason: str = ""
) -> None:
    """Refuse texts with personal data, unless it was excepted before or `keep_reason` says why it stays.

    With `keep_reason`, an exception under the name of `by` is stored for each number found.
    """
    found = [(place, finding) for place, text in texts for finding in find_personal_data(text)]
    excepted = set(PersonalDataException.objects.filter(resolution=resolution).values_list("digest", flat=True))
    found = [(place, finding) for place, finding in found if finding.digest not in excepted]
    if found and not keep_reason.strip():
        raise Refused.lacking(personal_data_gap(place, finding) for place, finding in found)
    PersonalDataException.objects.bulk_create(
        PersonalDataException(
            resolution=resolution,
            digest=finding.digest,
            masked=finding.masked,
            reason=keep_reason.strip(),
            by=by,
            at=clock.now(),
        )
        for finding in {finding.digest: finding for _place, finding in found}.values()
    )


def require_office(allowed: bool) -> None:
    """Raise `Refused` unless the person was found to be a clerk of the conference."""
    if not allowed:
        raise Refused(
            _("This is for the clerks of the conference. Your posts of today do not include that."),
            code="not_an_office_clerk",
        )
