"""The official name of a conference (`Y 3(3)`), its superior, and the periods in which its regulations are in force."""

from datetime import date

from django.utils.translation import gettext as _

from meetings import clock
from meetings.models import JointConference, RegulationAdoption
from meetings.queries.conference import adoption_on
from meetings.refusal import Missing


def official_name(conference: JointConference, rules: RegulationAdoption) -> str:
    """Return the name built from the regulation's pattern and the two sides; empty if it has no pattern."""
    return rules.name_pattern.replace("{government}", conference.government_side).replace(
        "{union}", conference.union_side
    )


def name_gaps(conference: JointConference, rules: RegulationAdoption | None = None) -> list[Missing]:
    """Require the official name of the regulation in force today, or of `rules` (`Y 3(3)`)."""
    rules = rules or (adoption_on(conference, clock.today()) if conference.pk else None)
    official = official_name(conference, rules) if rules else ""
    if not official or conference.name == official:
        return []
    return [
        Missing(
            _("The regulation fixes the official name. Write it as: %(name)s.") % {"name": official},
            code="name_not_official",
            clause="name",
        )
    ]


def parent_gaps(conference: JointConference) -> list[Missing]:
    """Require that a conference is not above itself, over any number of superiors."""
    above = conference.parent
    while above is not None:
        if above.pk == conference.pk:
            reason = _("%(name)s stands below this conference already. Choose another superior.")
            return [Missing(reason % {"name": conference.parent}, code="conference_above_itself", field="parent")]
        above = above.parent
    return []


def days_overlap(first: tuple[date | None, date | None], second: tuple[date | None, date | None]) -> bool:
    """Return whether two periods have a day in common; both ends are inclusive, None means open."""
    (start, end), (other_start, other_end) = first, second
    begins_in_time = start is None or other_end is None or start <= other_end
    return begins_in_time and (other_start is None or end is None or other_start <= end)


def adoption_gaps(adoption: RegulationAdoption) -> list[Missing]:
    """Require that periods do not overlap and, if the adoption is in force today, the official name."""
    gaps = []
    period = (adoption.from_date, adoption.to_date)
    if adoption.from_date and adoption.to_date and adoption.to_date < adoption.from_date:
        return [Missing(_("The last day lies before the first. Correct the days."), code="days_reversed")]
    others = RegulationAdoption.objects.filter(conference=adoption.conference).exclude(pk=adoption.pk)
    for other in others.select_related("regulation"):
        if days_overlap(period, (other.from_date, other.to_date)):
            reason = _("On some of these days %(regulation)s is in force. Let that one end the day before.")
            gaps.append(Missing(reason % {"regulation": other.regulation}, code="regulations_overlap"))
    if days_overlap(period, (clock.today(), clock.today())):
        gaps += name_gaps(adoption.conference, adoption)
    return gaps
