"""Requirements of resolutions, permission to change them, and the order of disclosures (`Y 2(6)`, `C 5(5)`).

- `draft_gaps(resolution)`: what it still lacks before its minutes can be approved.
- `has_lead`: the requirement of a step. `open_parts`: the departments that are not done.
- `may_edit(person, resolution)`: clerks, while the minutes are not issued.
- `stricter(new, old)`: whether a disclosure is tightened; otherwise it is unchanged or loosened.
"""

from django.utils.translation import gettext as _

from meetings.enums import DeadlineKind, Disclosure, MinutesState, PartRole
from meetings.models import Person, ProgressReport, Resolution, ResolutionPart, TopicCategory
from meetings.refusal import Missing
from meetings.rules.hashing import digest
from meetings.rules.seats import is_clerk

OPENNESS_RANK = {Disclosure.CLOSED: 0, Disclosure.ON_REQUEST: 1, Disclosure.PUBLIC: 2}


def has_lead(resolution: Resolution) -> list[Missing]:
    """Require a lead department (由…牵头)."""
    if any(part.role == PartRole.LEAD for part in resolution.parts.all()):
        return []
    reason = _("“%(title)s” has no lead department. Name the one that leads.")
    return [Missing(reason % {"title": resolution.title}, code="lead_missing", clause="follow_up")]


def open_parts(resolution: Resolution) -> list[ResolutionPart]:
    """Return the parts of co-operating departments that are not reported done."""
    return [part for part in resolution.parts.all() if part.role == PartRole.CO and part.done_on is None]


def has_open_part(resolution: Resolution) -> bool:
    """Return whether a co-operating department has not reported its part done."""
    return bool(open_parts(resolution))


def open_parts_warning(resolution: Resolution) -> list[Missing]:
    """Warn of open parts before the resolution is reported done or verified; it does not block the step."""
    names = "、".join(part.department.name for part in open_parts(resolution))
    if not names:
        return []
    return [
        Missing(
            _("Not reported done by the co-operating departments: %(names)s.") % {"names": names},
            code="parts_not_done",
            clause="follow_up",
        )
    ]


def draft_gaps(resolution: Resolution) -> list[Missing]:
    """Return everything a drafted resolution lacks before its minutes can be sent for approval."""
    gaps = has_lead(resolution)
    title = {"title": resolution.title}
    if not resolution.text.strip():
        gaps.append(
            Missing(
                _("“%(title)s” has no text. Write down what was settled.") % title,
                code="resolution_text_missing",
                clause="minutes",
            )
        )
    if resolution.disclosure == Disclosure.CLOSED and not resolution.disclosure_reason.strip():
        gaps.append(
            Missing(
                _("“%(title)s” is not disclosed, without a reason. Give the reason.") % title,
                code="resolution_closed_without_reason",
                clause="minutes",
            )
        )
    if resolution.deadline_kind == DeadlineKind.DATE and not resolution.deadline_text.strip():
        gaps.append(
            Missing(
                _("“%(title)s” has a day, but no deadline as written.") % title,
                code="deadline_words_missing",
                clause="follow_up",
            )
        )
    return gaps


def in_draft(resolution: Resolution) -> bool:
    """Return whether its minutes are not issued; its content can be changed only then."""
    return resolution.minutes.state != MinutesState.ISSUED


def may_edit(person: Person, resolution: Resolution) -> bool:
    """Return whether the person may change the resolution now: a clerk of its conference, while it is drafted."""
    return in_draft(resolution) and is_clerk(person, resolution)


def default_disclosure(category: TopicCategory) -> tuple[str, str]:
    """Return the default disclosure of a category, and its reason if it is closed (维稳, 政治安全)."""
    if category.disclosure != Disclosure.CLOSED:
        return category.disclosure, ""
    return category.disclosure, f"涉及{category.title}，公开后可能影响社会稳定"


def stricter(new: str, old: str) -> bool:
    """Return whether `new` discloses less than `old`."""
    return OPENNESS_RANK[Disclosure(new)] < OPENNESS_RANK[Disclosure(old)]


def result_hash(resolution: Resolution, report: ProgressReport) -> str:
    """Return the hash that all verifiers agree to: resolution, report of completion, and the bytes of its files."""
    files = report.attachments.filter(removed_at=None).order_by("pk").values_list("sha256", flat=True)
    return digest([resolution.title, resolution.text, report.pk, report.on, report.text, list(files)])
