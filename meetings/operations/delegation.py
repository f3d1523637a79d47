"""Letting somebody else sign (委托审签): entered with its days and its reason, ended early, never changed.

Key concepts
- `delegate(delegation, by=…)`: enters it, by a clerk or by the giver.
- `revoke(delegation, by=…, on=…)`: gives it an earlier last day; one that has not begun falls altogether.
"""

from datetime import date

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings import clock
from meetings.models import Delegation, Person, Tenure
from meetings.models.minutes import printed
from meetings.operations.base import announce, locked, refresh, required_text
from meetings.refusal import Refused
from meetings.rules.delegation import delegation_gaps, keeps
from meetings.write_lock import writing


def delegate(delegation: Delegation, *, by: Person) -> Delegation:
    """Enter a delegation. `Refused` says who may not, or with which other one it meets."""
    delegation.reason = required_text(
        delegation.reason, _("Give the reason of the delegation."), code="delegation_reason_missing"
    )
    with writing():
        Tenure.objects.select_for_update(of=("self",)).get(pk=delegation.tenure_id)  # two of one giver never meet
        if gaps := delegation_gaps(delegation, by):
            raise Refused.lacking(gaps)
        delegation.entered_by, delegation.at = by, clock.now()
        delegation.save()
        announce(delegation, "create", by=by, data={"deputy": _told(delegation), "reason": delegation.reason})
    return delegation


def _told(delegation: Delegation) -> str:
    """The deputy, on whose behalf and for which days, for the log."""
    return printed(delegation.to.full_title, delegation.to.person.name, delegation.authority)


def revoke(delegation: Delegation, *, by: Person, on: date, version: int | None = None) -> Delegation:
    """Let a delegation end on an earlier day, its last; what was signed under it stays.

    One that has not begun is taken back as a whole. `Refused` if it was used after that day.
    """
    with writing():
        row = locked(delegation, version)
        if not keeps(by, row):
            raise Refused(
                _("A delegation is ended by a clerk of the conference, or by whoever gave it."),
                code="not_your_delegation_to_end",
            )
        if row.from_date > clock.today():
            announce(row, "revoke", by=by, data={"deputy": _told(row)})
            row.delete()
            return delegation
        if not row.from_date <= on < row.to_date:
            raise Refused(
                _("The new last day lies between the first day and the last one of now. Correct it."),
                code="delegation_end_out_of_range",
            )
        used = row.approvals.aggregate(Max("on"))["on__max"]
        if used and on < used:
            reason = _("The deputy signed on %(day)s under this delegation. It cannot end before that day.")
            raise Refused(reason % {"day": date_format(used)}, code="delegation_used_later")
        row.to_date = on
        row.version += 1
        row.save()
        announce(row, "revoke", by=by, data={"deputy": _told(row)})
    refresh(delegation, row)
    return delegation
