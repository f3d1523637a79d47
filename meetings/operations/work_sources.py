"""The records of this app on which something can wait, and the changes that can affect their tasks.

Every change of a record affects its own tasks. Besides, the explanations before a meeting depend on the unfinished
resolutions, a deadline 下次会议前 on the next meeting, the readiness of a meeting on the tenure of its chair and on the
name of the conference, that of minutes on attendance and resolutions.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db.models import Model, Q

from meetings.enums import UNFINISHED, DeadlineKind, MeetingState, MinutesState
from meetings.machines.tasks import machine_tasks
from meetings.models import (
    Delegation,
    JointConference,
    Meeting,
    Minutes,
    Person,
    ProgressReport,
    RegulationAdoption,
    Resolution,
    Topic,
)
from meetings.models.work_item import Task
from meetings.queries.work import loaded
from meetings.registry import WorkSource
from meetings.rules.delegation import delegation_tasks
from meetings.rules.work import conference_tasks, meeting_tasks, resolution_tasks, topic_tasks

# Verbs of a meeting that change neither its day nor its state.
_KEEPS_DAY = frozenset(
    {
        *("add_topic", "remove_topic", "add_agenda_item", "edit_agenda_item", "remove_agenda_item", "order_agenda"),
        *("draw_attendance", "add_guest", "set_attendance", "remove_attendance", "record_attendee", "explain", "void"),
        *("consult", "settle", "notify", "draft_minutes"),
    }
)
# Verbs of a resolution that leave it unfinished, if it was.
_KEEPS_UNFINISHED = frozenset(
    {
        *("create", "edit", "tag", "remove", "tighten", "loosen", "number", "assign", "report", "report_part_done"),
        *("report_done", "return", "accept_report", "send_back_report", "deliver", "suspend", "agree_suspension"),
        *("decline_suspension", "resume", "release", "withdraw", "propose_stage", "decline_stage"),
    }
)


def _itself(row: Model, action: str) -> list[int]:
    return [row.pk]


def _keys(rows: Any) -> Iterable[int]:
    found: Iterable[int] = rows.values_list("pk", flat=True)
    return found


def _in_preparation(condition: Q) -> Iterable[int]:
    return _keys(Meeting.objects.filter(condition, state=MeetingState.PLANNED))


def _meetings_after(row: Resolution, action: str) -> Iterable[int]:
    """Return the meetings in preparation to which an unfinished resolution is explained (`Y 1(6)`)."""
    if action in _KEEPS_UNFINISHED:
        return ()
    return _in_preparation(Q(conference__meetings__minutes__resolutions=row.pk))


def _meetings_of_holder(row: Person, action: str) -> Iterable[int]:
    return _in_preparation(Q(chair__person=row.pk)) if action.startswith("tenure") or action == "deactivate" else ()


def _awaiting_next_meeting(row: Meeting, action: str) -> Iterable[int]:
    if action in _KEEPS_DAY:
        return ()
    rows = Resolution.objects.filter(minutes__meeting__conference=row.conference_id, state__in=UNFINISHED)
    return _keys(rows.filter(deadline_kind=DeadlineKind.NEXT_MEETING))


def _unissued(condition: Q) -> Iterable[int]:
    return _keys(Minutes.objects.filter(condition).exclude(state=MinutesState.ISSUED))


def _conference_of_meeting(row: Meeting, action: str) -> Iterable[int]:
    return () if action in _KEEPS_DAY else [row.conference_id]


def _source(
    model: type[Model],
    rules: Callable[[Any], Iterable[Task]],
    affected: "dict[type[Model], Callable[[Any, str], Iterable[int]]]",
) -> WorkSource:
    def load(pks: Collection[int] | None) -> Iterable[Any]:
        return loaded(model, pks)

    return WorkSource(
        name=f"meetings.{model._meta.model_name}",
        model=model,
        load=load,
        tasks=lambda record: [*machine_tasks(record), *rules(record)],
        affected={model: _itself, **affected},
    )


def _no_tasks(record: object) -> list[Task]:
    return []


SOURCES = (
    _source(Topic, topic_tasks, {}),
    _source(
        Meeting,
        meeting_tasks,
        {
            Minutes: lambda row, action: [row.meeting_id],
            Resolution: _meetings_after,
            Person: _meetings_of_holder,
            JointConference: lambda row, action: _in_preparation(Q(conference=row.pk)),
            RegulationAdoption: lambda row, action: _in_preparation(Q(conference=row.conference_id)),
        },
    ),
    _source(
        Minutes,
        _no_tasks,
        {
            Meeting: lambda row, action: _unissued(Q(meeting=row.pk)),
            Resolution: lambda row, action: _unissued(Q(pk=row.minutes_id)),
        },
    ),
    _source(
        Resolution,
        resolution_tasks,
        {ProgressReport: lambda row, action: [row.part.resolution_id], Meeting: _awaiting_next_meeting},
    ),
    WorkSource(
        name="meetings.delegation",
        model=Delegation,
        load=lambda pks: loaded(Delegation, pks),
        tasks=delegation_tasks,
        affected={Delegation: _itself},
    ),
    WorkSource(
        name="meetings.jointconference",
        model=JointConference,
        load=lambda pks: loaded(JointConference, pks),
        tasks=conference_tasks,
        affected={
            JointConference: _itself,
            Meeting: _conference_of_meeting,
            RegulationAdoption: lambda row, action: [row.conference_id],
        },
        conference=lambda conference: conference,
    ),
)
