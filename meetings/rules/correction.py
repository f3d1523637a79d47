"""Which minutes may be corrected, and what a correction must not remove (`Y 2(5)(6)`).

- `correctable(minutes)`, `why_not_correctable(minutes)`: only minutes in force, and only one correction at a time.
- `amendment_gaps(minutes)`: what prevents the issue. Departments of a settled resolution that have reported must stay.
- `has_correction_note(minutes)`: the text of a correction must say why it was made.
"""

from collections.abc import Iterable

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from meetings.enums import Disclosure, MinutesState, PartRole, ResolutionState
from meetings.models import Minutes, Resolution, ResolutionPart
from meetings.refusal import Missing
from meetings.rules.resolution import stricter

NOTE = "更正说明"  # a set phrase of the document, not interface text: not translated


def why_not_correctable(minutes: Minutes) -> Missing | None:
    """Return why no correction of these minutes can be started now; None if it can."""
    if minutes.state != MinutesState.ISSUED:
        return Missing(
            _("Minutes that are not issued are not corrected: change their text."), code="minutes_not_issued"
        )
    correction = minutes.corrections.first()
    if correction is None:
        return None
    if correction.state == MinutesState.ISSUED:
        reason = _("These minutes were corrected by %(number)s. Correct those.")
        return Missing(reason % {"number": correction.number}, code="minutes_corrected")
    reason = _("A correction of these minutes is being written already: “%(title)s”. Go on with it.")
    return Missing(reason % {"title": correction.title}, code="correction_begun")


def correctable(minutes: Minutes) -> bool:
    """Return whether the minutes are issued, in force, and without a correction in progress."""
    return why_not_correctable(minutes) is None


def has_correction_note(minutes: Minutes) -> list[Missing]:
    """Require the note of a correction, which says what it corrects and why."""
    if minutes.corrects_id is None or NOTE in strip_tags(minutes.body):
        return []
    reason = _("The text does not say why it was corrected. Begin it with “%(note)s：”.")
    return [Missing(reason % {"note": NOTE}, code="correction_unexplained", clause="minutes")]


def amendments_fit(minutes: Minutes) -> list[Missing]:
    """Require that the correction keeps everything that was reported since; see `amendment_gaps`."""
    return amendment_gaps(minutes)


def amendment_gaps(minutes: Minutes, only: Resolution | None = None) -> list[Missing]:
    """Return departments that have reported and would be removed, and leads that would change during verification.

    For all amended resolutions of a correction, or `only` for one. Three queries.
    """
    if minutes.corrects_id is None:
        return []
    drafts = Resolution.objects.filter(minutes=minutes, amends__isnull=False)
    drafts = drafts.filter(pk=only.pk) if only else drafts
    rows = list(drafts.select_related("amends").prefetch_related("parts").order_by("order", "pk"))
    reported = (
        ResolutionPart.objects.filter(resolution__in=[row.amends_id for row in rows])
        .filter(reports__isnull=False)
        .select_related("department")
        .distinct()
    )
    live = list(reported.order_by("-role", "pk"))
    return [gap for row in rows for gap in _gaps(row, [part for part in live if part.resolution_id == row.amends_id])]


def _gaps(draft: Resolution, reported: Iterable[ResolutionPart]) -> Iterable[Missing]:
    roles = {part.department_id: part.role for part in draft.parts.all()}
    for part in reported:
        values = {"title": draft.title, "name": part.department.name}
        if part.department_id not in roles:
            reason = _("“%(title)s”: %(name)s has reported on it and cannot be taken out. Name it again.")
            yield Missing(reason % values, code="part_has_reported", clause="follow_up")
        elif _awaits_verification(draft) and part.role == PartRole.LEAD and roles[part.department_id] != PartRole.LEAD:
            reason = _("“%(title)s”: %(name)s has reported it done. Verify or return that before another one leads.")
            yield Missing(reason % values, code="lead_awaits_verification", clause="follow_up")


def _awaits_verification(draft: Resolution) -> bool:
    return draft.amends is not None and draft.amends.state == ResolutionState.REPORTED


def looser_than_live(draft: Resolution) -> Missing | None:
    """Return why an amended resolution cannot have this disclosure: it would disclose more than now; None if it can."""
    if draft.amends is None or not stricter(draft.amends.disclosure, draft.disclosure):
        return None
    reason = _(
        "It is “%(now)s” now. A correction discloses no more: a leader loosens it on the page of the resolution."
    )
    return Missing(reason % {"now": Disclosure(draft.amends.disclosure).label}, code="correction_discloses_more")
