"""The catalogue of the models: one frozen row per model, for all code that treats every model alike.

Read by the visibility of records (`queries.visibility`), the permission policies (`rights`), the audit log
(`models.log`, `log_actions`, `portal.operations_log`), the status badges and pages of the admin, and the archive of a
meeting (`documents.archive`). A new model gets its row here; `tests/meetings/test_catalogue.py` fails without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from django.db.models import Model, Q

from meetings.enums import MeetingState, MinutesState, TopicState
from meetings.models.attachment import Attachment
from meetings.models.conference import JointConference, LeadingGroup
from meetings.models.document import DocumentTemplate
from meetings.models.meeting import Attendance, Meeting
from meetings.models.minutes import Delegation, Minutes
from meetings.models.pending_change import PendingChange
from meetings.models.people import Department, Membership, Person, Post, Tenure
from meetings.models.regulation import (
    Regulation,
    RegulationAdoption,
    RegulationClause,
    StandardAgendaItem,
    TopicCategory,
)
from meetings.models.resolution import ProgressReport, Resolution
from meetings.models.topic import Opinion, Topic


class Kind(Enum):
    """Who reads and changes the rows of a model."""

    RECORD = "record"  # staff of the conference and the departments concerned read; rules of each record decide
    ADMINISTERED = "administered"  # administrators change; staff read, unless `staff_read` is False
    SUPERVISED = "supervised"  # administrators, auditors and the people concerned read; changed by its own operations
    PART = "part"  # read and changed with the record that it belongs to


@dataclass(frozen=True, kw_only=True)
class ModelEntry:
    """How the portal treats a model.

    - `conference`: the lookup from a row to its conference; empty for models that all conferences share.
    - `departments`: for records, lookups to the departments concerned, each with the condition under which they read.
    - `state_field`: the field whose value the status badge shows; empty for models without states.
    - `log_verbs`: the verbs in its audit log, besides the steps of its machine (`meetings.machines`).
    - `staff_verbs`: those of them whose entries may name other things; the departments concerned do not read these.
    - `page`: the URL namespace of its page in the admin; empty for models without a page.
    - `sections`: the ids of the parts of its page, to which an operation leads back.
    - `meeting`, `archive_folder`: the lookup to the meeting whose archive has its log, and the folder of its files.
    """

    kind: Kind
    conference: str = ""
    staff_read: bool = True
    departments: Mapping[str, Q] = field(default_factory=dict)
    state_field: str = ""
    log_verbs: tuple[str, ...] = ()
    staff_verbs: frozenset[str] = frozenset()
    page: str = ""
    sections: tuple[str, ...] = ()
    meeting: str = ""
    archive_folder: str = ""


_NOTIFIED = (MeetingState.NOTIFIED, MeetingState.HELD)

CATALOGUE: Mapping[type[Model], ModelEntry] = {
    # --- records
    Topic: ModelEntry(
        kind=Kind.RECORD,
        conference="conference",
        departments={"proposer": Q(), "opinions__department": ~Q(state=TopicState.DRAFT)},
        state_field="state",
        log_verbs=("create", "edit", "opinion", "override", "list", "unlist", "discuss"),
        page="topic",
        sections=("approvals", "attachments", "opinions"),
        meeting="agenda_items__meeting",
        archive_folder="附件/议题",
    ),
    Meeting: ModelEntry(
        kind=Kind.RECORD,
        conference="conference",
        departments={"attendance__department": Q(state__in=_NOTIFIED)},
        state_field="state",
        log_verbs=(
            "create",
            "edit",
            "add_topic",
            "remove_topic",
            "add_agenda_item",
            "edit_agenda_item",
            "remove_agenda_item",
            "order_agenda",
            "draw_attendance",
            "add_guest",
            "set_attendance",
            "remove_attendance",
            "record_attendee",
            "explain",
            "void",
        ),
        staff_verbs=frozenset(
            {
                *("add_topic", "remove_topic", "add_agenda_item", "edit_agenda_item", "remove_agenda_item"),
                *("add_guest", "remove_attendance", "record_attendee", "explain"),
            }
        ),
        page="meeting",
        sections=("approvals", "attachments", "agenda", "attendance", "follow-up", "minutes"),
        meeting="pk",
        archive_folder="附件/会议材料",
    ),
    Minutes: ModelEntry(
        kind=Kind.RECORD,
        conference="meeting__conference",
        state_field="state",
        log_verbs=("create", "edit", "redraft", "change", "void", "discard", "remove"),
        page="minutes",
        sections=("approvals", "attachments", "document", "resolutions", "revisions"),
        meeting="meeting",
        archive_folder="附件/会议纪要",
    ),
    Resolution: ModelEntry(
        kind=Kind.RECORD,
        conference="minutes__meeting__conference",
        departments={"parts__department": Q(minutes__state=MinutesState.ISSUED)},
        state_field="state",
        log_verbs=(
            "create",
            "edit",
            "tag",
            "remove",
            "correct",
            "adopt",
            "carry",
            "tighten",
            "loosen",
            "number",
        ),
        page="resolution",
        sections=("approvals", "attachments", "reports", "explanations"),
        meeting="minutes__meeting",
        archive_folder="附件/议定事项",
    ),
    ProgressReport: ModelEntry(
        kind=Kind.RECORD,
        conference="part__resolution__minutes__meeting__conference",
        departments={
            "part__resolution__parts__department": Q(part__resolution__minutes__state=MinutesState.ISSUED),
        },
        state_field="verdict",
        log_verbs=("create", "verdict"),
        archive_folder="附件/落实情况",
    ),
    Delegation: ModelEntry(
        kind=Kind.RECORD,
        conference="tenure__post__conference",
        log_verbs=("create", "confirm_delegation", "revoke"),
        page="delegation",
    ),
    Attachment: ModelEntry(
        kind=Kind.RECORD,
        conference="conference",
        departments={
            "topic__proposer": Q(),
            "topic__opinions__department": ~Q(topic__state=TopicState.DRAFT),
            "meeting__attendance__department": Q(meeting__state__in=_NOTIFIED),
            "resolution__parts__department": Q(resolution__minutes__state=MinutesState.ISSUED),
            "report__part__resolution__parts__department": Q(
                report__part__resolution__minutes__state=MinutesState.ISSUED
            ),
        },
        log_verbs=("create", "remove"),
    ),
    PendingChange: ModelEntry(
        kind=Kind.SUPERVISED,
        conference="conference",
        staff_read=False,
        state_field="state",
        log_verbs=("request", "confirm", "decline", "take_back", "put_in_force"),
        page="pendingchange",
    ),
    # --- parts of records
    Opinion: ModelEntry(kind=Kind.PART, conference="topic__conference", state_field="verdict"),
    Attendance: ModelEntry(kind=Kind.PART, conference="meeting__conference", state_field="status"),
    # --- maintained by administrators
    JointConference: ModelEntry(
        kind=Kind.ADMINISTERED,
        conference="pk",
        log_verbs=("create", "edit", "adopt_regulation"),
        page="jointconference",
        sections=("templates",),
    ),
    Regulation: ModelEntry(
        kind=Kind.ADMINISTERED,
        log_verbs=("create", "edit", "correct_words"),
        page="regulation",
        sections=("clauses",),
    ),
    RegulationAdoption: ModelEntry(
        kind=Kind.ADMINISTERED, conference="conference", log_verbs=("create", "edit"), page="regulationadoption"
    ),
    TopicCategory: ModelEntry(kind=Kind.ADMINISTERED),
    RegulationClause: ModelEntry(kind=Kind.ADMINISTERED),
    StandardAgendaItem: ModelEntry(kind=Kind.ADMINISTERED),
    LeadingGroup: ModelEntry(
        kind=Kind.ADMINISTERED, conference="conference", log_verbs=("create", "edit"), page="leadinggroup"
    ),
    Department: ModelEntry(kind=Kind.ADMINISTERED, log_verbs=("create", "edit", "merge"), page="department"),
    Membership: ModelEntry(kind=Kind.ADMINISTERED, conference="conference"),
    Post: ModelEntry(
        kind=Kind.ADMINISTERED,
        conference="conference",
        log_verbs=("create", "edit"),
        page="post",
        sections=("terms",),
    ),
    Tenure: ModelEntry(kind=Kind.ADMINISTERED, conference="post__conference"),
    Person: ModelEntry(
        kind=Kind.ADMINISTERED,
        conference="tenures__post__conference",
        staff_read=False,
        log_verbs=(
            "create",
            "edit",
            "deactivate",
            "reactivate",
            "password",
            "login_code",
            "choose_password",
            "bind_device",
            "reset_device",
            "tenure_begin",
            "tenure_change",
            "tenure_end",
        ),
        page="person",
    ),
    DocumentTemplate: ModelEntry(kind=Kind.PART, conference="conference", log_verbs=("create", "edit", "remove")),
}


RECORDS = tuple(model for model, entry in CATALOGUE.items() if entry.kind is Kind.RECORD)
ADMINISTERED = tuple(model for model, entry in CATALOGUE.items() if entry.kind is Kind.ADMINISTERED)
SUPERVISED = tuple(model for model, entry in CATALOGUE.items() if entry.kind is Kind.SUPERVISED)
