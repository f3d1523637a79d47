"""Queries for the conference and the rules that apply to a record."""

from datetime import date
from typing import Any

from django.db.models import F, Q

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


def rules_of(record: Any) -> RegulationAdoption:
    """Return the rules that apply to a record.

    For a topic these are the rules in force at its submission; for all other records, those on the day of the meeting.
    Raise `TypeError` for a record without rules.
    """
    for path in (
        "adoption",
        "meeting.adoption",
        "minutes.meeting.adoption",
        "part.resolution.minutes.meeting.adoption",
    ):
        value = record
        for name in path.split("."):
            value = getattr(value, name, None)
        if isinstance(value, RegulationAdoption):
            return value
    raise TypeError(f"{type(record).__name__} is judged by no regulation")


def conference_of(record: Any) -> JointConference:
    """Return the conference that a record belongs to."""
    return record.conference if hasattr(record, "conference") else rules_of(record).conference
