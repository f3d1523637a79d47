"""Due and overdue resolutions. Both are derived from the deadline and never stored.

- `overdue(rows)`, `is_overdue(resolution)`: the same rule as a query and for one row. A deadline with a date is overdue
  after that date; 下次会议前 is overdue once a later meeting of the conference was held. A suspended (暂缓) or finished
  resolution is never overdue.
- `with_next_meeting(rows)`: annotates rows so that `is_overdue` and `due_day` need no further query.
- `due_day(resolution)`, `nearest_first(rows)`: the day by which a resolution is due, if known.
"""

from datetime import date

from django.db.models import Case, DateField, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, TruncDate

from meetings import clock
from meetings.enums import UNFINISHED, DeadlineKind, MeetingState, ResolutionState
from meetings.models import Meeting, Resolution

# A suspended resolution is due again from the day on which it is resumed.
DUE_STATES = UNFINISHED - {ResolutionState.SUSPENDED}


def _later_meetings() -> QuerySet[Meeting]:
    """Return the meetings of the conference after the one that adopted the resolution of the outer query."""
    of_outer = {
        "conference": OuterRef("minutes__meeting__conference"),
        "time__gt": OuterRef("minutes__meeting__time"),
    }
    return Meeting.objects.filter(**of_outer).order_by("time", "pk")


def past_due(on: date | None = None) -> Q:
    """Return the condition for resolutions that are overdue on a day (today by default)."""
    day = on or clock.today()
    met = Exists(_later_meetings().filter(state=MeetingState.HELD, held_on__lte=day))
    passed = Q(deadline_kind=DeadlineKind.DATE, deadline__lt=day) | Q(Q(deadline_kind=DeadlineKind.NEXT_MEETING), met)
    return Q(passed, state__in=DUE_STATES)


def overdue(rows: QuerySet[Resolution], on: date | None = None) -> QuerySet[Resolution]:
    """Return the rows that are overdue on a day (today by default)."""
    return rows.filter(past_due(on))


def with_next_meeting(rows: QuerySet[Resolution]) -> QuerySet[Resolution]:
    """Annotate `next_held_on` and `next_planned_on`: the days of the first later held and planned meetings."""
    held = _later_meetings().filter(state=MeetingState.HELD).values("held_on")[:1]
    planned = _later_meetings().exclude(state=MeetingState.HELD).annotate(planned_on=TruncDate("time"))
    date_field = DateField()
    return rows.annotate(
        next_held_on=Subquery(held, output_field=date_field),
        next_planned_on=Subquery(planned.values("planned_on")[:1], output_field=date_field),
    )


def next_meeting_after(resolution: Resolution) -> Meeting | None:
    """Return the first meeting, held or planned, after the one that adopted the resolution."""
    settled_by = resolution.minutes.meeting
    later = Meeting.objects.filter(conference=settled_by.conference_id, time__gt=settled_by.time)
    return later.order_by("time", "pk").first()


def _next_held_on(resolution: Resolution) -> date | None:
    if "next_held_on" not in vars(resolution):
        resolution = with_next_meeting(Resolution.objects.filter(pk=resolution.pk)).get()
    known: date | None = vars(resolution)["next_held_on"]
    return known


def is_overdue(resolution: Resolution, on: date | None = None) -> bool:
    """Return whether the resolution is overdue on a day (today by default).

    Runs a query for 下次会议前 if the row was not annotated by `with_next_meeting`.
    """
    day = on or clock.today()
    if resolution.state not in DUE_STATES:
        return False
    if resolution.deadline_kind == DeadlineKind.NEXT_MEETING:
        met = _next_held_on(resolution)
        return met is not None and met <= day
    return resolution.deadline is not None and resolution.deadline < day


def due_day(resolution: Resolution) -> date | None:
    """Return the day by which a row of `with_next_meeting()` is due, if known.

    For 下次会议前 this is the day of the next held meeting, otherwise of the next planned one.
    """
    if resolution.deadline_kind != DeadlineKind.NEXT_MEETING:
        return resolution.deadline
    known = vars(resolution)
    found: date | None = known.get("next_held_on") or known.get("next_planned_on")
    return found


def nearest_first(rows: QuerySet[Resolution]) -> QuerySet[Resolution]:
    """Order rows of `with_next_meeting()` by the day on which they are due; those without a day come last."""
    due = Case(
        When(deadline_kind=DeadlineKind.NEXT_MEETING, then=Coalesce("next_held_on", "next_planned_on")),
        default="deadline",
        output_field=DateField(),
    )
    return rows.order_by(due.asc(nulls_last=True), "pk")
