"""Queries for the adoption in force and the years of a conference."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, F, Max, OuterRef, Q

from meetings import clock
from meetings.models import JointConference, Meeting, RegulationAdoption

LATEST_FIRST = (F("from_date").desc(nulls_last=True), "-pk")


def adoption_in_force(day: date) -> Q:
    """Return the condition for adoptions in force on a day; an empty first or last day is open."""
    return Q(Q(from_date=None) | Q(from_date__lte=day), Q(to_date=None) | Q(to_date__gte=day))


def adoption_on(conference: JointConference, day: date) -> RegulationAdoption | None:
    """Return the adoption of the regulation that the conference follows on a day, or None."""
    return (
        RegulationAdoption.objects.filter(adoption_in_force(day), conference=conference)
        .select_related("regulation")
        .order_by(*LATEST_FIRST)
        .first()
    )


def year_rules(conferences: Collection[int], day: date) -> dict[int, tuple[RegulationAdoption, bool]]:
    """Return by conference the adoption of `adoption_on`, and whether it has met in the year of the day; one query."""
    met = Meeting.objects.filter(conference=OuterRef("conference"), held_on__year=day.year)
    rows = RegulationAdoption.objects.filter(adoption_in_force(day), conference__in=conferences)
    found: dict[int, tuple[RegulationAdoption, bool]] = {}
    for row in rows.select_related("regulation").annotate(met=Exists(met)).order_by(*LATEST_FIRST):
        found.setdefault(row.conference_id, (row, row.met))
    return found


def years_of(conference: JointConference) -> list[int]:
    """Return the years in which the conference has meetings, and the current year; latest first."""
    years = {moment.year for moment in Meeting.objects.filter(conference=conference).dates("time", "year")}
    return sorted(years | {clock.today().year}, reverse=True)


def last_held_year(conference: JointConference) -> int | None:
    """Return the year of the last held meeting; None if the conference has not met yet."""
    last: date | None = Meeting.objects.filter(conference=conference).aggregate(last=Max("held_on"))["last"]
    return last.year if last else None
