"""Drafting resolutions inside their minutes, settling them, and what may still change afterwards.

Key concepts
- `add_resolution`, `edit_resolution`, `remove_resolution`: by a clerk, while the minutes are not issued; a sealed draft
  loses its approvals. After the issue only subject and tags change.
- `adopt`: called by the issue of the minutes; what it continues is carried over with it.
- A drafted row of a correction (`amends`) is edited like any other, within what `rules.correction` allows.
- `tighten_disclosure`: at any time, by a clerk; `loosen_disclosure`: only by an approver of the minutes.
- `set_public_number`: once, at the first release.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from meetings.enums import DeadlineKind, Disclosure, MinutesState, ResolutionState
from meetings.models import Minutes, Person, Resolution
from meetings.operations.attachment import discard_files
from meetings.operations.base import announce, locked, refresh, required_text
from meetings.operations.carry_over import carry_over
from meetings.operations.parts import Parts, divide, divided_anew, keep_names
from meetings.operations.seal import touch
from meetings.refusal import Refused
from meetings.rules.carry_over import carrying_gaps
from meetings.rules.correction import amendment_gaps, looser_than_live
from meetings.rules.deadline import contradiction
from meetings.rules.resolution import default_disclosure, is_clerk, stricter
from meetings.rules.seats import minutes_approvers, names, seat_of
from meetings.write_lock import writing

CONTENT = frozenset(
    {
        "agenda_item",
        "continues",
        "order",
        "title",
        "text",
        "amount",
        "deadline_text",
        "deadline_kind",
        "deadline",
        "disclosure",
        "disclosure_reason",
    }
)
LASTING = frozenset({"facet"})  # may change after the issue, like the tags: they say how to find it, not what it is


def add_resolution(
    minutes: Minutes, *, by: Person, parts: Parts = (), tags: Iterable[str] = (), **fields: Any
) -> Resolution:
    """Add a resolution at the end of draft minutes; subject and disclosure start from the category of its topic."""
    with writing():
        held = locked(minutes)
        row = Resolution(minutes=held)
        _refuse_clerk(row, by)
        last = Resolution.objects.filter(minutes=held).aggregate(last=Max("order"))["last"] or 0
        item = fields.get("agenda_item")
        if item is not None and item.topic is not None:
            row.facet = item.topic.category.facet
            row.disclosure, row.disclosure_reason = default_disclosure(item.topic.category)
        _put(row, {"order": last + 1, **fields})
        row.save()
        divide(row, parts)
        _tag(row, tags)
        announce(row, "create", by=by)
        touch(held, by=by, reason=_("A resolution was added"))
    return row


def edit_resolution(
    resolution: Resolution,
    *,
    by: Person,
    version: int | None = None,
    parts: Parts | None = None,
    tags: Iterable[str] | None = None,
    **fields: Any,
) -> Resolution:
    """Change a drafted resolution, or subject and tags of a settled one; what is not named stays."""
    with writing():
        minutes = locked(resolution.minutes)
        row = locked(resolution, version)
        _refuse_clerk(row, by)
        changed = {name for name, value in fields.items() if getattr(row, name) != value}
        anew = divided_anew(row, parts)
        if minutes.state == MinutesState.ISSUED and (changed - LASTING or anew):
            raise Refused(
                _("The minutes are issued: only subject and tags of a resolution can still be changed."),
                code="resolution_settled",
            )
        _put(row, fields)
        row.version += 1
        row.save()
        if minutes.state != MinutesState.ISSUED and parts is not None:
            divide(row, parts)
        tagged = tags is not None and _tag(row, tags)
        if row.amends_id:
            _refuse_amendment(row, changed)
        elif minutes.state == MinutesState.ISSUED:
            _tag_amendments(row)
        named = [str(field.verbose_name) for field in row._meta.concrete_fields if field.name in changed]
        named += [_("Departments")] * anew + [_("Tags")] * tagged
        announce(row, "edit" if changed - LASTING or parts is not None else "tag", by=by, data={"fields": named})
        if minutes.state != MinutesState.ISSUED:
            touch(minutes, by=by, reason=_("A resolution was changed"))
    refresh(resolution, row)
    return resolution


def remove_resolution(resolution: Resolution, *, by: Person, version: int | None = None) -> None:
    """Take a resolution out of draft minutes, with its files; the log keeps that it was there."""
    with writing():
        minutes = locked(resolution.minutes)
        row = locked(resolution, version)
        _refuse_clerk(row, by)
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
        row.pk = key  # so that the log and the index know which one is gone
        announce(row, "remove", by=by)
        touch(minutes, by=by, reason=_("A resolution was removed"))


def _refuse_clerk(row: Resolution, by: Person) -> None:
    if not is_clerk(by, row):
        raise Refused(
            _("Resolutions are drafted and kept by the clerks of the conference."), code="not_a_resolution_clerk"
        )


def _put(row: Resolution, fields: dict[str, Any]) -> None:
    """Write fields after checking that deadline and disclosure fit; an unknown name is an error of the caller."""
    if unknown := set(fields) - CONTENT - LASTING:
        raise TypeError(f"no such field of a resolution: {sorted(unknown)}")
    for name, value in fields.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    required_text(row.title, _("Give the resolution a title."), code="resolution_title_missing")
    if (row.deadline_kind == DeadlineKind.DATE) != (row.deadline is not None):
        raise Refused(_("A deadline by a day needs the day; any other kind has none."), code="deadline_day_mismatch")
    day = row.minutes.meeting.day
    if asked := contradiction(row.deadline_text, row.deadline_kind, row.deadline, day):
        raise Refused.lacking([asked])
    if "continues" in fields and (gaps := carrying_gaps(row)):
        raise Refused.lacking(gaps)
    if row.disclosure == Disclosure.CLOSED and not row.disclosure_reason:
        raise Refused(_("Give the reason why it is not disclosed."), code="closed_without_reason")


def _refuse_amendment(row: Resolution, changed: set[str]) -> None:
    """A drafted row of a correction takes no department out that has reported, and opens nothing by itself."""
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
    """Subject and tags of a settled resolution go on into the correction that is being written."""
    for draft in row.amendments.all():
        draft.facet = row.facet
        draft.tags.set(list(row.tags.names()))
        draft.save()


def _tag(row: Resolution, tags: Iterable[str]) -> bool:
    """Write the tags; True if they are others than before."""
    given = {tag.strip() for tag in tags if tag.strip()}
    other = given != set(row.tags.names())
    row.tags.set(sorted(given))
    row.save()
    return other


def adopt(resolution: Resolution, *, by: Person) -> Resolution:
    """Settle a drafted resolution, inside the transaction that issues its minutes.

    Call it after the minutes were saved as issued: from then on its departments know of it. The disclosure that was
    approved is kept beside the present one, for the seal of the minutes.
    """
    row = locked(resolution)
    if row.state != ResolutionState.DRAFTED:
        raise Refused(_("“%(title)s” was settled already.") % {"title": row.title}, code="already_settled")
    row.state = ResolutionState.ADOPTED
    row.approved_disclosure, row.approved_disclosure_reason = row.disclosure, row.disclosure_reason
    row.version += 1
    row.save()
    keep_names(row)
    announce(row, "adopt", by=by, data={"from": ResolutionState.DRAFTED, "to": ResolutionState.ADOPTED})
    if row.continues is not None:
        carry_over(row.continues, into=row, by=by)
    refresh(resolution, row)
    return resolution


def tighten_disclosure(
    resolution: Resolution, *, by: Person, disclosure: str, reason: str, version: int | None = None
) -> Resolution:
    """A clerk discloses less than before, at any time, with a reason; what is public of it is withdrawn."""
    with writing():
        minutes = locked(resolution.minutes)
        row = locked(resolution, version)
        _refuse_clerk(row, by)
        if not stricter(disclosure, row.disclosure):
            raise Refused(
                _("This does not disclose less than now. Loosening needs the approval of a leader."),
                code="not_stricter",
            )
        _disclose(row, disclosure, reason)
        if row.approved_disclosure and not stricter(row.approved_disclosure, disclosure):
            row.loosened_by = None
        row.save()
        announce(row, "tighten", by=by, data={"disclosure": str(Disclosure(disclosure).label), "reason": reason})
        if minutes.state != MinutesState.ISSUED:
            touch(minutes, by=by, reason=_("A disclosure was tightened"))
    refresh(resolution, row)
    return resolution


def loosen_disclosure(
    resolution: Resolution, *, by: Person, disclosure: str, reason: str, version: int | None = None
) -> Resolution:
    """A leader who approves minutes discloses more of a settled resolution than before, with a reason that stays."""
    with writing():
        row = locked(resolution, version)
        approvers = minutes_approvers(row)
        filled = seat_of(by, row, approvers)
        if filled is None:
            raise Refused(
                _("Disclosing more needs the approval of: %(who)s.") % {"who": names(approvers)},
                code="not_a_minutes_approver",
            )
        if row.state == ResolutionState.DRAFTED:
            raise Refused(
                _("It is still a draft: change its disclosure there, before the minutes are approved."),
                code="still_a_draft",
            )
        if not stricter(row.disclosure, disclosure):
            raise Refused(_("This does not disclose more than now."), code="not_looser")
        _disclose(row, disclosure, reason)
        row.loosened_by = filled[1]
        row.save()
        announce(row, "loosen", by=by, data={"disclosure": str(Disclosure(disclosure).label), "reason": reason})
    refresh(resolution, row)
    return resolution


def _disclose(row: Resolution, disclosure: str, reason: str) -> None:
    row.disclosure = disclosure
    row.disclosure_reason = required_text(
        reason, _("Give the reason; it stays with the resolution."), code="disclosure_change_reason_missing"
    )
    row.version += 1


def set_public_number(resolution: Resolution, number: str, *, by: Person | None = None) -> Resolution:
    """Keep the number under which the public knows it; it is given once and never changes."""
    with writing():
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
