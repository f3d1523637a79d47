"""When a resolution is due, and which are late: derived from the deadline, never stored.

Key concepts
- `overdue(rows)`, `is_overdue(resolution)`: the one rule, as a query and of one row. A day is late when it has passed;
  下次会议前 when a later meeting of the conference was held. What rests (暂缓) is not late, nor is what was finished.
- `with_next_meeting(rows)`: lets `is_overdue` and `due_day` answer without a further query.
- `due_day(resolution)`, `nearest_first(rows)`: the day by which it is due, where one is known.
"""

from datetime import date

from django.db.models import Case, DateField, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, TruncDate

from meetings import clock
from meetings.enums import UNFINISHED, DeadlineKind, MeetingState, ResolutionState
from meetings.models import Meeting, Resolution

DUE = UNFINISHED - {ResolutionState.SUSPENDED}  # a suspended one is due again from the day on which it is resumed


def _later_meetings() -> QuerySet[Meeting]:
    """The meetings of the conference after the one that settled the resolution of the outer query."""
    of_outer = {
        "conference": OuterRef("minutes__meeting__conference"),
        "time__gt": OuterRef("minutes__meeting__time"),
    }
    return Meeting.objects.filter(**of_outer).order_by("time", "pk")


def overdue(rows: QuerySet[Resolution], on: date | None = None) -> QuerySet[Resolution]:
    """Those that are late on a day (today by default)."""
    day = on or clock.today()
    met = Exists(_later_meetings().filter(state=MeetingState.HELD, held_on__lte=day))
    passed = Q(deadline_kind=DeadlineKind.DATE, deadline__lt=day) | Q(Q(deadline_kind=DeadlineKind.NEXT_MEETING), met)
    return rows.filter(passed, state__in=DUE)


def with_next_meeting(rows: QuerySet[Resolution]) -> QuerySet[Resolution]:
    """The rows with `next_held_on` and `next_planned_on`: the days of the first later meetings held and planned."""
    held = _later_meetings().filter(state=MeetingState.HELD).values("held_on")[:1]
    planned = _later_meetings().exclude(state=MeetingState.HELD).annotate(planned_on=TruncDate("time"))
    a_day = DateField()
    return rows.annotate(
        next_held_on=Subquery(held, output_field=a_day),
        next_planned_on=Subquery(planned.values("planned_on")[:1], output_field=a_day),
    )


def next_meeting_after(resolution: Resolution) -> Meeting | None:
    """The first meeting of the conference after the one that settled the resolution, held or planned."""
    settled_by = resolution.minutes.meeting
    later = Meeting.objects.filter(conference=settled_by.conference_id, time__gt=settled_by.time)
    return later.order_by("time", "pk").first()


def _next_held_on(resolution: Resolution) -> date | None:
    if "next_held_on" not in vars(resolution):
        resolution = with_next_meeting(Resolution.objects.filter(pk=resolution.pk)).get()
    known: date | None = vars(resolution)["next_held_on"]
    return known


def is_overdue(resolution: Resolution, on: date | None = None) -> bool:
    """True if the resolution is late on a day (today by default)."""
    day = on or clock.today()
    if resolution.state not in DUE:
        return False
    if resolution.deadline_kind == DeadlineKind.NEXT_MEETING:
        met = _next_held_on(resolution)
        return met is not None and met <= day
    return resolution.deadline is not None and resolution.deadline < day


def due_day(resolution: Resolution) -> date | None:
    """The day by which a row of `with_next_meeting()` is due; that of the next meeting, where 下次会议前 is written."""
    if resolution.deadline_kind != DeadlineKind.NEXT_MEETING:
        return resolution.deadline
    known = vars(resolution)
    found: date | None = known.get("next_held_on") or known.get("next_planned_on")
    return found


def nearest_first(rows: QuerySet[Resolution]) -> QuerySet[Resolution]:
    """The rows of `with_next_meeting()`, those first that were or will be due first; those without a day last."""
    due = Case(
        When(deadline_kind=DeadlineKind.NEXT_MEETING, then=Coalesce("next_held_on", "next_planned_on")),
        default="deadline",
        output_field=DateField(),
    )
    return rows.order_by(due.asc(nulls_last=True), "pk")
