"""Operations on resolutions: drafting inside the minutes, adoption, and the changes allowed afterwards.

- `add_resolution`, `edit_resolution`, `remove_resolution`: for clerks, while the minutes are not issued; sealed minutes
  lose their approvals. After the issue only subject and tags can be changed.
- `adopt`: called when the minutes are issued; the resolution that it continues is carried over.
- A drafted row of a correction (`amends`) is edited like any other, within the limits of `rules.correction`.
- `tighten_disclosure`: at any time, by a clerk. `loosen_disclosure`: only by an approver of the minutes.
- `set_public_number`: once, at the first release.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from meetings.enums import DeadlineKind, Disclosure, MinutesState, ResolutionState
from meetings.models import Minutes, Person, Resolution
from meetings.models.resolution_fields import CONTENT, LASTING
from meetings.operations.attachment import discard_files
from meetings.operations.base import announce, locked, refresh, required_text
from meetings.operations.carry_over import carry_over
from meetings.operations.parts import Parts, parts_differ, save_parts, store_department_names
from meetings.operations.seal import minutes_content_changed
from meetings.refusal import Refused
from meetings.rules.carry_over import carry_over_gaps
from meetings.rules.correction import amendment_gaps, looser_than_live
from meetings.rules.deadline import deadline_contradiction
from meetings.rules.resolution import default_disclosure, stricter
from meetings.rules.seats import is_clerk, minutes_approvers, seat_names, seat_of
from meetings.write_lock import write_transaction


def add_resolution(
    minutes: Minutes, *, by: Person, parts: Parts = (), tags: Iterable[str] = (), **fields: Any
) -> Resolution:
    """Add a resolution at the end of draft minutes; its topic's category gives default subject and disclosure."""
    with write_transaction():
        held = locked(minutes)
        row = Resolution(minutes=held)
        _require_clerk(row, by)
        last = Resolution.objects.filter(minutes=held).aggregate(last=Max("order"))["last"] or 0
        item = fields.get("agenda_item")
        if item is not None and item.topic is not None:
            row.facet = item.topic.category.facet
            row.disclosure, row.disclosure_reason = default_disclosure(item.topic.category)
        _set_fields(row, {"order": last + 1, **fields})
        row.save()
        save_parts(row, parts)
        _tag(row, tags)
        announce(row, "create", by=by)
        minutes_content_changed(held, by=by, reason=_("A resolution was added"))
    return row


def edit_resolution(
    resolution: Resolution,
    *,
    by: Person,
    version: int | None = None,
    parts: Parts | None = None,
    tags: Iterable[str] | None = None,
    **fields: object,
) -> Resolution:
    """Change a drafted resolution, or subject and tags of a settled one; fields that are not given stay unchanged."""
    with write_transaction():
        minutes = locked(resolution.minutes)
        row = locked(resolution, version)
        _require_clerk(row, by)
        changed = {name for name, value in fields.items() if getattr(row, name) != value}
        parts_changed = parts_differ(row, parts)
        if minutes.state == MinutesState.ISSUED and (changed - LASTING or parts_changed):
            raise Refused(
                _("The minutes are issued: only subject and tags of a resolution can still be changed."),
                code="resolution_settled",
            )
        _set_fields(row, fields)
        row.version += 1
        row.save()
        if minutes.state != MinutesState.ISSUED and parts is not None:
            save_parts(row, parts)
        tagged = tags is not None and _tag(row, tags)
        if row.amends_id:
            _check_amendment(row, changed)
        elif minutes.state == MinutesState.ISSUED:
            _tag_amendments(row)
        named = [str(field.verbose_name) for field in row._meta.concrete_fields if field.name in changed]
        named += [_("Departments")] * parts_changed + [_("Tags")] * tagged
        announce(row, "edit" if changed - LASTING or parts is not None else "tag", by=by, data={"fields": named})
        if minutes.state != MinutesState.ISSUED:
            minutes_content_changed(minutes, by=by, reason=_("A resolution was changed"))
    refresh(resolution, row)
    return resolution


def remove_resolution(resolution: Resolution, *, by: Person, version: int | None = None) -> None:
    """Delete a resolution of draft minutes with its files; the deletion is logged."""
    with write_transaction():
        minutes = locked(resolution.minutes)
        row = locked(resolution, version)
        _require_clerk(row, by)
        if row.state != ResolutionState.DRAFTED:
            raise Refused(_("A settled resolution cannot be removed."), code="settled_resolution_stays")
        if row.amends_id:
            reason = _(
                "“%(title)s” was settled and stays. Write into its text what holds now; what is no longer pursued "
                "is suspended after the issue."
            )
            raise Refused(reason % {"title": row.title}, code="amended_resolution_stays")
        discard_files(row)
        key = row.pk
        row.delete()
        row.pk = key  # so that the log and the search index can name the deleted row
        announce(row, "remove", by=by)
        minutes_content_changed(minutes, by=by, reason=_("A resolution was removed"))


def _require_clerk(row: Resolution, by: Person) -> None:
    if not is_clerk(by, row):
        raise Refused(
            _("Resolutions are drafted and kept by the clerks of the conference."), code="not_a_resolution_clerk"
        )


def _set_fields(row: Resolution, fields: dict[str, object]) -> None:
    """Set fields and check deadline, carry-over and disclosure; `TypeError` for an unknown field name."""
    if unknown := set(fields) - CONTENT - LASTING:
        raise TypeError(f"no such field of a resolution: {sorted(unknown)}")
    for name, value in fields.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    required_text(row.title, _("Give the resolution a title."), code="resolution_title_missing")
    if (row.deadline_kind == DeadlineKind.DATE) != (row.deadline is not None):
        raise Refused(_("A deadline by a day needs the day; any other kind has none."), code="deadline_day_mismatch")
    day = row.minutes.meeting.day
    if mismatch := deadline_contradiction(row.deadline_text, row.deadline_kind, row.deadline, day):
        raise Refused.lacking([mismatch])
    if "continues" in fields and (gaps := carry_over_gaps(row)):
        raise Refused.lacking(gaps)
    if row.disclosure == Disclosure.CLOSED and not row.disclosure_reason:
        raise Refused(_("Give the reason why it is not disclosed."), code="closed_without_reason")


def _check_amendment(row: Resolution, changed: set[str]) -> None:
    """Refuse what a correction must not change: more disclosure, carry-over, departments that have reported."""
    if "disclosure" in changed and (gap := looser_than_live(row)):
        raise Refused.lacking([gap])
    if "continues" in changed:
        raise Refused(
            _("What was carried over at the issue stays so. A correction changes the words alone."),
            code="carrying_fixed",
        )
    if gaps := amendment_gaps(row.minutes, row):
        raise Refused.lacking(gaps)


def _tag_amendments(row: Resolution) -> None:
    """Copy lasting fields and tags of a settled resolution to the drafted row of a correction in progress."""
    for draft in row.amendments.all():
        for name in LASTING:
            setattr(draft, name, getattr(row, name))
        draft.tags.set(list(row.tags.names()))
        draft.save()


def _tag(row: Resolution, tags: Iterable[str]) -> bool:
    """Save the tags; return whether they changed."""
    given = {tag.strip() for tag in tags if tag.strip()}
    other = given != set(row.tags.names())
    row.tags.set(sorted(given))
    row.save()
    return other


def adopt(resolution: Resolution, *, by: Person) -> Resolution:
    """Adopt a drafted resolution in the transaction that issues its minutes.

    Call it after the minutes were saved as issued, because its departments can see it only then. The approved
    disclosure is stored separately from the present one, for the seal of the minutes.
    """
    row = locked(resolution)
    if row.state != ResolutionState.DRAFTED:
        raise Refused(_("“%(title)s” was settled already.") % {"title": row.title}, code="already_settled")
    row.state = ResolutionState.ADOPTED
    row.approved_disclosure, row.approved_disclosure_reason = row.disclosure, row.disclosure_reason
    row.version += 1
    row.save()
    store_department_names(row)
    announce(row, "adopt", by=by, data={"from": ResolutionState.DRAFTED, "to": ResolutionState.ADOPTED})
    if row.continues is not None:
        carry_over(row.continues, into=row, by=by)
    refresh(resolution, row)
    return resolution


def tighten_disclosure(
    resolution: Resolution, *, by: Person, disclosure: str, reason: str, version: int | None = None
) -> Resolution:
    """Reduce the disclosure, by a clerk, at any time, with a reason; a public release is withdrawn."""
    with write_transaction():
        minutes = locked(resolution.minutes)
        row = locked(resolution, version)
        _require_clerk(row, by)
        if not stricter(disclosure, row.disclosure):
            raise Refused(
                _("This does not disclose less than now. Loosening needs the approval of a leader."),
                code="not_stricter",
            )
        _set_disclosure(row, disclosure, reason)
        if row.approved_disclosure and not stricter(row.approved_disclosure, disclosure):
            row.loosened_by = None
        row.save()
        announce(row, "tighten", by=by, data={"disclosure": str(Disclosure(disclosure).label), "reason": reason})
        if minutes.state != MinutesState.ISSUED:
            minutes_content_changed(minutes, by=by, reason=_("A disclosure was tightened"))
    refresh(resolution, row)
    return resolution


def loosen_disclosure(
    resolution: Resolution, *, by: Person, disclosure: str, reason: str, version: int | None = None
) -> Resolution:
    """Increase the disclosure of a settled resolution, by a leader who approves minutes, with a stored reason."""
    with write_transaction():
        row = locked(resolution, version)
        approvers = minutes_approvers(row)
        filled = seat_of(by, row, approvers)
        if filled is None:
            raise Refused(
                _("Disclosing more needs the approval of: %(who)s.") % {"who": seat_names(approvers)},
                code="not_a_minutes_approver",
            )
        if row.state == ResolutionState.DRAFTED:
            raise Refused(
                _("It is still a draft: change its disclosure there, before the minutes are approved."),
                code="still_a_draft",
            )
        if not stricter(row.disclosure, disclosure):
            raise Refused(_("This does not disclose more than now."), code="not_looser")
        _set_disclosure(row, disclosure, reason)
        row.loosened_by = filled[1]
        row.save()
        announce(row, "loosen", by=by, data={"disclosure": str(Disclosure(disclosure).label), "reason": reason})
    refresh(resolution, row)
    return resolution


def _set_disclosure(row: Resolution, disclosure: str, reason: str) -> None:
    row.disclosure = disclosure
    row.disclosure_reason = required_text(
        reason, _("Give the reason; it stays with the resolution."), code="disclosure_change_reason_missing"
    )
    row.version += 1


def set_public_number(resolution: Resolution, number: str, *, by: Person | None = None) -> Resolution:
    """Store the number shown to the public; it is set once and never changes."""
    with write_transaction():
        row = locked(resolution)
        if row.public_number:
            raise Refused(
                _("It has the public number %(number)s already.") % {"number": row.public_number},
                code="public_number_given",
            )
        row.public_number = number
        row.save()
        announce(row, "number", by=by, data={"number": number})
    refresh(resolution, row)
    return resolution
