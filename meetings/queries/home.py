"""What a home page tells a person: opinions to give, reports to verify and deliver, what is unfinished and late.

The steps of the machines that wait for somebody are in `meetings.machines.pending`. Each query here is one statement,
whatever the number of records; a page cuts it where it likes.
"""

from django.db.models import QuerySet

from meetings.enums import UNFINISHED, MeetingState, ReportVerdict, Role, TopicState, Verdict
from meetings.models import Meeting, Opinion, Person, ProgressReport, Resolution
from meetings.queries.deadline import nearest_first, overdue
from meetings.queries.resolution import ORDINARY, ledger, undelivered
from meetings.queries.visibility import reach_of, visible

CLOSED_TO_OPINIONS = (TopicState.DRAFT, TopicState.RETURNED, TopicState.LISTED, TopicState.DISCUSSED)


def clerk_of(person: Person) -> set[int]:
    """The ids of the conferences in which the person is a clerk today."""
    return {t.post.conference_id for t in person.held() if t.post.role == Role.CLERK and t.post.conference_id}


def opinions_asked(person: Person) -> QuerySet[Opinion]:
    """The opinions that the person's departments were asked for and have not given (`Y 2(2)`), the oldest first."""
    rows = Opinion.objects.filter(department__in=reach_of(person).departments, verdict=Verdict.PENDING)
    rows = rows.exclude(topic__state__in=CLOSED_TO_OPINIONS)
    return rows.select_related("topic__conference", "department").order_by("asked_on", "pk")


def reports_to_verify(person: Person) -> QuerySet[ProgressReport]:
    """The ordinary reports in the clerk's conferences that nobody has verified yet, the oldest first."""
    rows = ProgressReport.objects.filter(ORDINARY, verdict=ReportVerdict.PENDING).exclude(author=person)
    return _of_clerk(rows, person)


def deliveries_due(person: Person) -> QuerySet[ProgressReport]:
    """The verified reports that have not reached the leaders (`Y 2(6)`, `C 5(5)`), the oldest first.

    Nothing is due under a regulation whose text is not at hand.
    """
    judged = ProgressReport.objects.filter(part__resolution__minutes__meeting__adoption__judged=True)
    return _of_clerk(undelivered(judged), person)


def _of_clerk(rows: QuerySet[ProgressReport], person: Person) -> QuerySet[ProgressReport]:
    mine = rows.filter(part__resolution__minutes__meeting__conference__in=clerk_of(person))
    return mine.select_related("part__resolution", "part__department").order_by("on", "pk")


def next_meeting(person: Person) -> Meeting | None:
    """The next meeting that the person knows of and that has not been held, the nearest first."""
    rows = visible(person, Meeting).exclude(state=MeetingState.HELD)
    return rows.select_related("conference", "adoption").order_by("time", "pk").first()


def unfinished(person: Person) -> QuerySet[Resolution]:
    """The resolutions that are not verified, those with the nearest day first (`Y 1(6)`, `C 4三`)."""
    return nearest_first(ledger(visible(person, Resolution).filter(state__in=UNFINISHED)))


def late(person: Person) -> QuerySet[Resolution]:
    """The unfinished resolutions whose day has passed, the longest overdue first."""
    return overdue(unfinished(person))
