"""What is signed on paper and registered by a clerk (线下审签登记), and who signs for whom (委托审签)."""

from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils.formats import date_format

from meetings import clock
from meetings.models import Delegation, Tenure, Topic
from meetings.operations.approval import register_paper
from meetings.operations.delegation import delegate
from portal.demo import actors
from portal.demo.data_types import Away, Sitting
from portal.demo.signed_scans import Signed, SignedSheet, scan


def delegated(sitting: Sitting, away: Away) -> None:
    """Enter that somebody is away and who signs meanwhile."""
    short = actors.SHORT[sitting.conference]
    row = Delegation(
        tenure=actors.tenure(f"{short}-{away.office}", away.since),
        to=actors.tenure(f"{short}-{away.deputy}", away.since),
        from_date=away.since,
        to_date=away.until,
        reason=away.reason,
    )
    delegate(row, by=actors.office(sitting.conference, "union-clerk"))


def topic_on_paper(slug: str, topic: Topic, opinion: str) -> None:
    """The leader signed yesterday; the clerk registers it with the scan."""
    day, leader = clock.today() - timedelta(days=1), actors.tenure(f"{actors.SHORT[slug]}-liaison")
    about = (("议题", topic.title), ("提出单位", topic.proposer.name), ("协商情况", "双方经办人员已协商一致"))
    sheet = SignedSheet("议题审签单", about, (_line("联系工会工作的政府领导", opinion, leader, day),))
    _register(topic, slug, "topic_approver", leader, day, opinion, ContentFile(scan(sheet, "jpg"), "议题审签单.jpg"))


def minutes_on_paper(sitting: Sitting, count: int) -> None:
    """The sheet comes back with so many signatures; the clerk registers the latest, with the sheet as it is by then."""
    minutes, held = actors.minutes(sitting.key), actors.meeting(sitting.key).day
    union, head = actors.tenure("yq-union"), actors.tenure("yq-head")
    lines = (
        _line("工会方领导", "同意。", union, held + timedelta(days=5)),
        _line("政府方领导", "同意印发。", head, held + timedelta(days=7)),
    )[:count]
    about = (
        ("文件", minutes.title),
        ("送审单位", "垣曲县人民政府办公室"),
        ("送审日期", date_format(held + timedelta(days=3))),
    )
    seat, leader = (("union_leader", union), ("government_leader", head))[count - 1]
    file = ContentFile(scan(SignedSheet("会议纪要审签单", about, lines), "pdf"), "会议纪要审签单.pdf")
    _register(minutes, sitting.conference, seat, leader, lines[-1].on, lines[-1].opinion, file)


def _line(seat: str, opinion: str, tenure: Tenure, on: date) -> Signed:
    return Signed(seat, opinion, tenure.person.name, on)


def _register(record: Any, slug: str, seat: str, tenure: Tenure, on: date, opinion: str, file: Any) -> None:
    clerk = actors.secretary(slug)
    register_paper(record, "approve", by=clerk, seat=seat, tenure=tenure, on=on, opinion=opinion, scan=file)
