"""Register approvals that were signed on paper (线下审签登记), and enter delegations of approval (委托审签)."""

from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.utils.formats import date_format

from meetings import clock
from meetings.models import Delegation, Minutes, Tenure, Topic
from meetings.operations.approval import register_paper
from meetings.operations.delegation import confirm_delegation, delegate
from portal.demo import actors
from portal.demo.data_types import DelegationData, MeetingData
from portal.demo.signed_scans import SignatureLine, SignedSheet, scan


def enter_delegation(meeting: MeetingData, delegation: DelegationData) -> None:
    """Enter the delegation under which a deputy signs for an absent leader, who confirms it."""
    prefix = actors.KEY_PREFIXES[meeting.conference]
    row = Delegation(
        tenure=actors.tenure(f"{prefix}-{delegation.post}", delegation.since),
        to=actors.tenure(f"{prefix}-{delegation.deputy}", delegation.since),
        from_date=delegation.since,
        to_date=delegation.until,
        reason=delegation.reason,
    )
    delegate(row, by=actors.post_holder(meeting.conference, "union-clerk"))
    confirm_delegation(row, by=row.tenure.person)


def topic_on_paper(slug: str, topic: Topic, opinion: str) -> None:
    """Register, with the scan, that the leader signed the topic on paper yesterday."""
    day, leader = clock.today() - timedelta(days=1), actors.tenure(f"{actors.KEY_PREFIXES[slug]}-liaison")
    about = (("议题", topic.title), ("提出单位", topic.proposer.name), ("协商情况", "双方经办人员已协商一致"))
    sheet = SignedSheet("议题审签单", about, (_signature("联系工会工作的政府领导", opinion, leader, day),))
    _register(topic, slug, "topic_approver", leader, day, opinion, ContentFile(scan(sheet, "jpg"), "议题审签单.jpg"))


def minutes_on_paper(meeting: MeetingData, signature_count: int) -> None:
    """Register the latest of `signature_count` signatures on the minutes.

    The scan shows the sheet as it is by then, with all signatures so far.
    """
    minutes, held = actors.minutes(meeting.key), actors.meeting(meeting.key).day
    union, head = actors.tenure("yq-union"), actors.tenure("yq-head")
    signatures = (
        _signature("工会方领导", "同意。", union, held + timedelta(days=5)),
        _signature("政府方领导", "同意印发。", head, held + timedelta(days=7)),
    )[:signature_count]
    about = (
        ("文件", minutes.title),
        ("送审单位", "垣曲县人民政府办公室"),
        ("送审日期", date_format(held + timedelta(days=3))),
    )
    seat, leader = (("union_leader", union), ("government_leader", head))[signature_count - 1]
    file = ContentFile(scan(SignedSheet("会议纪要审签单", about, signatures), "pdf"), "会议纪要审签单.pdf")
    _register(minutes, meeting.conference, seat, leader, signatures[-1].on, signatures[-1].opinion, file)


def _signature(seat: str, opinion: str, tenure: Tenure, on: date) -> SignatureLine:
    return SignatureLine(seat, opinion, tenure.person.name, on)


def _register(
    record: Topic | Minutes, slug: str, seat: str, tenure: Tenure, on: date, opinion: str, file: "ContentFile[bytes]"
) -> None:
    clerk = actors.preparing_clerk(slug)
    register_paper(record, "approve", by=clerk, seat=seat, tenure=tenure, on=on, opinion=opinion, scan=file)
