"""The operation of every step of the four state machines, and `perform`, which finds it by the name of the action.

The keys are the actions of the transition tables in `meetings.machines`. Every operation has the signature
`verb(record, *, by, version=None, **inputs)`, where `inputs` are named like the inputs of its transition. The operation
of a panel accepts `signature` as well, so that somebody can sign on paper or for another person.
"""

from collections.abc import Callable

from django.db.models import Model

from meetings.machines import machine_of
from meetings.models import Meeting, Minutes, Person, Resolution, Topic
from meetings.models.record_types import MachineRecord
from meetings.operations.correction import correct_minutes
from meetings.operations.meeting import consult_meeting, hold_meeting, notify_meeting, reopen_meeting, settle_meeting
from meetings.operations.minutes import approve_minutes, draft_minutes, issue_minutes, return_minutes, send_minutes
from meetings.operations.progress import (
    accept_report,
    assign,
    deliver,
    report_done,
    report_part_done,
    report_progress,
    return_resolution,
    send_back_report,
    verify,
)
from meetings.operations.suspension import agree_suspension, decline_suspension, resume, suspend
from meetings.operations.topic import (
    agree_topic,
    approve_topic,
    ask_opinions,
    confer_topic,
    record_study,
    return_topic,
    submit_topic,
)

STEPS: dict[type[Model], dict[str, Callable[..., object]]] = {
    Topic: {
        "submit": submit_topic,
        "confer": confer_topic,
        "approve": approve_topic,
        "ask_opinions": ask_opinions,
        "record_study": record_study,
        "agree": agree_topic,
        "return": return_topic,
    },
    Meeting: {
        "consult": consult_meeting,
        "settle": settle_meeting,
        "notify": notify_meeting,
        "hold": hold_meeting,
        "draft_minutes": draft_minutes,
        "reopen": reopen_meeting,
    },
    Minutes: {
        "send": send_minutes,
        "approve": approve_minutes,
        "issue": issue_minutes,
        "return": return_minutes,
        "correct": correct_minutes,
    },
    Resolution: {
        "assign": assign,
        "report": report_progress,
        "report_part_done": report_part_done,
        "report_done": report_done,
        "agree_suspension": agree_suspension,
        "verify": verify,
        "accept_report": accept_report,
        "deliver": deliver,
        "return": return_resolution,
        "send_back_report": send_back_report,
        "suspend": suspend,
        "decline_suspension": decline_suspension,
        "resume": resume,
    },
}


def perform(record: MachineRecord, action: str, *, by: Person, version: int | None, **inputs: object) -> object:
    """Perform a step of the record's state machine with its operation and return the result of the operation.

    `Refused` if the machine has no such step, or with the reasons of the operation.
    """
    machine_of(record).get(action)
    return STEPS[type(record)][action](record, by=by, version=version, **inputs)
