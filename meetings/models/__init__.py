"""Models of the records, one module per concept."""

from meetings.models.attachment import Attachment
from meetings.models.attempts import AttemptCount
from meetings.models.conference import GroupSeat, JointConference, LeadingGroup
from meetings.models.desk import DeskVisit
from meetings.models.document import DocumentTemplate
from meetings.models.log import AccessEntry, RecordLogEntry
from meetings.models.login import LoginCode, Telephone
from meetings.models.meeting import AgendaItem, Attendance, Meeting
from meetings.models.minutes import Approval, Delegation, Minutes, NumberSeries
from meetings.models.pending_change import PendingChange
from meetings.models.people import Department, Membership, Person, Post, Tenure
from meetings.models.regulation import (
    Regulation,
    RegulationAdoption,
    RegulationClause,
    StandardAgendaItem,
    TopicCategory,
)
from meetings.models.resolution import (
    Delivery,
    Explanation,
    ProgressReport,
    RecordTag,
    Resolution,
    ResolutionPart,
    TaggedResolution,
)
from meetings.models.topic import Opinion, Topic
from meetings.models.work_item import WorkItem

__all__ = [
    "AccessEntry",
    "AgendaItem",
    "Approval",
    "Attachment",
    "AttemptCount",
    "Attendance",
    "Delegation",
    "Delivery",
    "Department",
    "DeskVisit",
    "DocumentTemplate",
    "Explanation",
    "GroupSeat",
    "JointConference",
    "LeadingGroup",
    "LoginCode",
    "Meeting",
    "Membership",
    "Minutes",
    "NumberSeries",
    "Opinion",
    "PendingChange",
    "Person",
    "Post",
    "ProgressReport",
    "RecordLogEntry",
    "RecordTag",
    "Regulation",
    "RegulationAdoption",
    "RegulationClause",
    "Resolution",
    "ResolutionPart",
    "StandardAgendaItem",
    "TaggedResolution",
    "Telephone",
    "Tenure",
    "Topic",
    "TopicCategory",
    "WorkItem",
]
