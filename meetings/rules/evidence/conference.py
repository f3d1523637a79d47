"""Evidence on the conference itself: name, sections and staff, groups, a meeting a year (`Y 3`, `C 3`)."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import MeetingState, Role, Side
from meetings.models import JointConference, LeadingGroup, Meeting, RegulationAdoption
from meetings.queries.people import holders
from meetings.rules.conference import name_gaps
from meetings.rules.evidence.base import Found, Proof


def frequency(conference: JointConference, year: int, rules: RegulationAdoption) -> Found:
    """Find the meetings held in the year (`Y 2`, `C 5(2)`)."""
    held = Meeting.objects.select_related("conference").filter(
        conference=conference, state=MeetingState.HELD, held_on__year=year
    )
    proofs = [Proof(str(meeting), meeting.held_on, meeting) for meeting in held.order_by("held_on")]
    if proofs:
        return Found(proofs)
    if year >= clock.today().year:
        return Found(message=_("No meeting was held in this year yet."))
    return Found(gaps=[_("No meeting was held in this year.")])


def official_name(conference: JointConference, year: int, rules: RegulationAdoption) -> Found:
    """Compare the name with the official name (`Y 3(3)`)."""
    return Found([Proof(conference.name, None, conference)], [str(gap) for gap in name_gaps(conference, rules)])


def sections(conference: JointConference, year: int, rules: RegulationAdoption) -> Found:
    """Find the responsible sections with their staff of today (`Y 3(2)`), and the groups with their seats (`C 3`)."""
    staff = list(holders(conference, roles=[Role.CLERK]))
    proofs, gaps = [], []
    for side, section in (
        (Side.GOVERNMENT, conference.government_section),
        (Side.UNION, conference.union_section),
    ):
        names = "、".join(tenure.person.name for tenure in staff if tenure.post.side == side)
        if section and names:
            proofs.append(Proof(f"{side.label}：{section}（{names}）", None, conference))
        else:
            gaps.append(_("%(side)s: no responsible section with staff is named.") % {"side": side.label})
    groups = LeadingGroup.objects.filter(conference=conference).prefetch_related("seats")
    seats = _("%(group)s: %(count)s seats")
    proofs += [Proof(seats % {"group": group, "count": len(group.seats.all())}, None, group) for group in groups]
    return Found(proofs, gaps)


CONFERENCE: dict[str, Callable[[JointConference, int, RegulationAdoption], Found | None]] = {
    "frequency": frequency,
    "sections": sections,
    "name": official_name,
}
