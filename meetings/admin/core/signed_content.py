"""The content that a signature covers, with its hash, as shown on the page where the signature is given."""

from collections.abc import Callable, Iterable
from typing import Any, NotRequired, TypedDict

from meetings.enums import ApprovalStep
from meetings.models import Attachment, Meeting, Minutes, ProgressReport, Resolution, Topic
from meetings.models.record_types import MachineRecord
from meetings.operations.topic import content_hash as topic_hash
from meetings.queries.meeting import agenda, attendance_groups
from meetings.queries.minutes import document
from meetings.rules.meeting import consultation_hash, settlement_hash
from meetings.rules.resolution import result_hash
from meetings.rules.seal import content_hash as minutes_hash
from meetings.rules.suspension import suspension_hash, suspension_proposed


class CoveredContent(TypedDict):
    """What the template of an approval step shows, with the hash of the content; the hash is empty without content."""

    hash: str
    agenda: NotRequired[object]
    attendance: NotRequired[object]
    document: NotRequired[object]
    report: NotRequired[ProgressReport | None]
    files: NotRequired[Iterable[Attachment]]


class SignedContent(TypedDict):
    """The context of a page that shows what a signature covers: the template to include, and its input."""

    signed_template: str
    signed: CoveredContent


Content = Callable[[Any], CoveredContent]


def _topic(topic: Topic) -> CoveredContent:
    return {"hash": topic_hash(topic)}


def _meeting(meeting: Meeting) -> CoveredContent:
    return {"hash": settlement_hash(meeting), "agenda": agenda(meeting), "attendance": attendance_groups(meeting)}


def _consultation(meeting: Meeting) -> CoveredContent:
    return {"hash": consultation_hash(meeting)}


def _minutes(minutes: Minutes) -> CoveredContent:
    return {"hash": minutes_hash(minutes), "document": document(minutes)}


def _resolution(resolution: Resolution) -> CoveredContent:
    report = resolution.pending_completion()
    files = report.attachments.filter(removed_at=None) if report else []
    return {"hash": result_hash(resolution, report) if report else "", "report": report, "files": files}


def _suspension(resolution: Resolution) -> CoveredContent:
    report = resolution.suspension_basis()
    known = report is not None and suspension_proposed(resolution)
    return {"hash": suspension_hash(resolution, report) if report and known else "", "report": report}


SIGNED_CONTENT: dict[ApprovalStep, tuple[str, Content]] = {
    ApprovalStep.CONFER: ("meetings/signed/topic.html", _topic),
    ApprovalStep.APPROVE_TOPIC: ("meetings/signed/topic.html", _topic),
    ApprovalStep.CONSULT: ("meetings/signed/occasion.html", _consultation),
    ApprovalStep.SETTLE: ("meetings/signed/meeting.html", _meeting),
    ApprovalStep.APPROVE_MINUTES: ("meetings/signed/minutes.html", _minutes),
    ApprovalStep.VERIFY: ("meetings/signed/resolution.html", _resolution),
    ApprovalStep.SUSPEND: ("meetings/signed/suspension.html", _suspension),
}


def signed_content(record: MachineRecord, step: ApprovalStep) -> SignedContent:
    """Return the context that shows what the signatures of an approval step cover.

    `signed_template` is the template to include, `signed` its input; `signed["hash"]` is the hash of the content.
    """
    template, content = SIGNED_CONTENT[step]
    return {"signed_template": template, "signed": content(record)}
