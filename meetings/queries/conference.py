"""Queries for the adoption in force and the years of a conference."""

from datetime import date

from django.db.models import F, Max, Q

from meetings import clock
from meetings.models import JointConference, Meeting, RegulationAdoption


def adoption_in_force(day: date) -> Q:
    """Return the condition for adoptions in force on a day; an empty first or last day is open."""
    return Q(Q(from_date=None) | Q(from_date__lte=day), Q(to_date=None) | Q(to_date__gte=day))


def adoption_on(conference: JointConference, day: date) -> RegulationAdoption | None:
    """Return the adoption of the regulation that the conference follows on a day, or None."""
    return (
        RegulationAdoption.objects.filter(adoption_in_force(day), conference=conference)
        .select_related("regulation")
        .order_by(F("from_date").desc(nulls_last=True), "-pk")
        .first()
    )


def years_of(conference: JointConference) -> list[int]:
    """Return the years in which the conference has meetings, and the current year; latest first."""
    years = {moment.year for moment in Meeting.objects.filter(conference=conference).dates("time", "year")}
    return sorted(years | {clock.today().year}, reverse=True)


def last_held_year(conference: JointConference) -> int | None:
    """Return the year of the last held meeting; None if the conference has not met yet."""
    last: date | None = Meeting.objects.filter(conference=conference).aggregate(last=Max("held_on"))["last"]
    return last.year if last else None
