"""Queries for the home page: opinions to give, reports to verify and deliver, unfinished and overdue resolutions.

Pending steps of the state machines are in `meetings.machines.pending`. Each function here is one SQL statement for any
number of records; the page limits the result.
"""

from django.db.models import QuerySet

from meetings.enums import UNFINISHED, MeetingState, ReportVerdict, TopicState, Verdict
from meetings.models import Meeting, Opinion, Person, ProgressReport, Resolution
from meetings.queries.deadline import nearest_first, overdue
from meetings.queries.people import clerk_conference_ids
from meetings.queries.reach import reach_of
from meetings.queries.resolution import ORDINARY_REPORT, ledger, undelivered
from meetings.queries.visibility import visible

CLOSED_TO_OPINIONS = (TopicState.DRAFT, TopicState.RETURNED, TopicState.LISTED, TopicState.DISCUSSED)


def opinions_asked(person: Person) -> QuerySet[Opinion]:
    """Return the opinions that the person's departments were asked for and have not given (`Y 2(2)`), oldest first."""
    asked = reach_of(person).department_rows("topic__conference", "department")
    rows = Opinion.objects.filter(asked, verdict=Verdict.PENDING)
    rows = rows.exclude(topic__state__in=CLOSED_TO_OPINIONS)
    return rows.select_related("topic__conference", "department").order_by("asked_on", "pk")


def reports_to_verify(person: Person) -> QuerySet[ProgressReport]:
    """Return the unverified ordinary reports of others in the conferences of the clerk, oldest first."""
    rows = ProgressReport.objects.filter(ORDINARY_REPORT, verdict=ReportVerdict.PENDING).exclude(author=person)
    return _of_clerk(rows, person)


def deliveries_due(person: Person) -> QuerySet[ProgressReport]:
    """Return the verified reports that were not delivered to the leaders (`Y 2(6)`, `C 5(5)`), oldest first.

    Reports under a regulation whose text is not available (`judged=False`) are left out.
    """
    judged = ProgressReport.objects.filter(part__resolution__minutes__meeting__adoption__judged=True)
    return _of_clerk(undelivered(judged), person)


def _of_clerk(rows: QuerySet[ProgressReport], person: Person) -> QuerySet[ProgressReport]:
    mine = rows.filter(part__resolution__minutes__meeting__conference__in=clerk_conference_ids(person))
    return mine.select_related("part__resolution", "part__department").order_by("on", "pk")


def next_meeting(person: Person) -> Meeting | None:
    """Return the next meeting visible to the person that has not been held."""
    rows = visible(person, Meeting).exclude(state=MeetingState.HELD)
    return rows.select_related("conference", "adoption").order_by("time", "pk").first()


def unfinished(person: Person) -> QuerySet[Resolution]:
    """Return the unfinished resolutions visible to the person, nearest deadline first (`Y 1(6)`, `C 4三`)."""
    return nearest_first(ledger(visible(person, Resolution).filter(state__in=UNFINISHED)))


def overdue_resolutions(person: Person) -> QuerySet[Resolution]:
    """Return the overdue resolutions visible to the person, longest overdue first."""
    return overdue(unfinished(person))
