"""Test the documents of a meeting: notice, sign-in sheet, minutes, ledger and follow-up report."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from docx.oxml.ns import qn
from docx.shared import Mm

from meetings import clock
from meetings.documents.follow_up_report import make_follow_up_report
from meetings.documents.ledger import make_ledger
from meetings.enums import AttendanceStatus, PartRole
from meetings.models import Department, Meeting, Minutes, Resolution, ResolutionPart
from meetings.models.resolution_fields import TERMS
from meetings.operations.attachment import attach
from meetings.operations.attendance import add_guest, set_attendance
from meetings.operations.meeting import explain
from tests.meetings.admin.pages import at_desk, page, query_count
from tests.meetings.documents.reading import chinese_face, file_of, rows, sheet, text, word
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import carried, under_way, upload, verified
from tests.meetings.steps import AFTER, DAY, drafted_minutes, issued_minutes, notified, planned_meeting
from tests.refusals import refusal, refused

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::ResourceWarning")]
LATER = date(2026, 10, 9)


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel(AFTER):
        yield


@pytest.fixture
def world() -> World:
    return yuanqu()


def asked(world: World, name: str, record: Any) -> Any:
    """Request a document as a clerk."""
    return at_desk(world.gov_clerk).get(reverse(name, args=[record.pk]))


def breaks_well(table: Any) -> bool:
    """Return True if no row breaks across pages and the heading row is repeated on each."""
    whole = all(row._tr.trPr is not None and row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    return whole and table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


# --- notice ----------------------------------------------------------------------------------------------------------
def test_the_notice_has_agenda_materials_and_reply_slip(world: World) -> None:
    meeting = planned_meeting(world, topics=2)
    add_guest(meeting, by=world.gov_clerk, name="王芳", title="全国劳动模范")
    topic = meeting.agenda.exclude(topic=None).order_by("order")[0].topic
    assert topic is not None
    attach(topic, by=world.union_clerk, files=[upload("调研报告.pdf")])
    response = asked(world, "meeting:notice_file", notified(world, meeting))
    name, _content = file_of(response)
    assert name == "关于召开县某人民政府与县某总工会2025年度联席会议的通知.docx"
    document = word(response)
    found = text(document)
    for part in (
        "县政府办、县总工会、县财政局：",
        "2025年11月14日（星期五）15:00。",
        "一楼会议室。",
        "县长韩正",
        "全国劳动模范王芳（列席）",
        "4. 关于第1件事的议题",
        "联系人：政府办经办人员，联系电话：0359-5550100。",
        "附件：1. 参会回执；2. 会议材料清单",
        "县某人民政府办公室\n2025年11月4日",
    ):
        assert part in found, part
    assert "草稿" not in found
    slip, materials = document.tables
    assert rows(slip)[0] == ["姓名", "职务", "联系电话", "是否参会", "代会人员"]
    assert len(slip.rows) == 5
    assert rows(materials)[1:] == [
        ["1", "关于第1件事的议题", "县财政局", "调研报告.pdf"],
        ["2", "关于第2件事的议题", "县财政局", ""],
    ]
    assert all(breaks_well(table) for table in document.tables)


def test_a_notice_before_its_issue_says_that_it_is_a_draft(world: World) -> None:
    found = text(word(asked(world, "meeting:notice_file", planned_meeting(world, topics=0))))
    assert "（草稿，尚未印发）" in found
    assert "附件：1. 参会回执\n" in found
    assert "会议材料" not in found


def test_it_is_a4_with_chinese_faces_and_numbered_pages(world: World) -> None:
    document = word(asked(world, "meeting:notice_file", planned_meeting(world)))
    section = document.sections[0]
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
    assert chinese_face(document, "关于召开") == "方正小标宋简体"
    assert chinese_face(document, "经研究") == "仿宋_GB2312"
    assert chinese_face(document, "一、会议时间") == "黑体"
    assert "PAGE" in section.footer.paragraphs[0]._p.xml
    fonts = next(part for part in document.part.package.iter_parts() if part.partname.endswith("fontTable.xml"))
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in fonts.blob.decode()
    properties = document.core_properties
    assert (properties.author, properties.last_modified_by, properties.comments, properties.created) == (
        "",
        "",
        "",
        None,
    )


# --- sign-in sheet ---------------------------------------------------------------------------------------------------
def test_everybody_signs_in_protocol_order_and_a_delegate_for_whoever_sent_one(world: World) -> None:
    meeting = notified(world, planned_meeting(world))
    delegate, leave = meeting.attendance.get(post=world.tenures["liaison_leader"].post), meeting.attendance.get(order=1)
    with clock.at(DAY):
        status = AttendanceStatus.DELEGATE
        set_attendance(delegate, by=world.gov_clerk, status=status, delegate_name="苗某", delegate_title="副主任")
        set_attendance(leave, by=world.gov_clerk, status=AttendanceStatus.LEAVE)
    add_guest_of(meeting)
    found = rows(word(asked(world, "meeting:sign_in", meeting)).tables[0])
    assert found[0] == ["序号", "单位", "姓名", "职务", "签名", "备注"]
    assert found[1] == ["1", "县政府办", "韩正", "县长", "", "请假"]
    assert found[2] == ["2", "县政府办", "苗某", "副主任", "", "代副县长温知"]
    assert found[6] == ["6", "", "王芳", "劳模", "", "邀请"]
    assert found[7:] == [[str(number), "", "", "", "", ""] for number in range(7, 12)]


def add_guest_of(meeting: Meeting) -> None:
    """Add a guest, whatever the state of the meeting."""
    meeting.attendance.create(name="王芳", title="劳模", status=AttendanceStatus.GUEST, order=1000)


# --- minutes ---------------------------------------------------------------------------------------------------------
def written(minutes: Minutes, body: str) -> Minutes:
    """Save an edited text of draft minutes."""
    minutes.body = body
    minutes.save()
    return minutes


def test_minutes_tell_text_resolutions_attendance_and_recipients(world: World) -> None:
    minutes = written(
        drafted_minutes(world),
        "<p>2025年11月14日，会议召开。</p><h2>一、通报</h2><p><b>会议指出：</b>要抓紧。</p><h3>（一）其他</h3>"
        "<ol><li>甲</li><li>乙</li></ol><ul><li>丙 &amp; 丁</li></ul><p></p>",
    )
    row = minutes.resolutions.get()
    Resolution.objects.filter(pk=row.pk).update(deadline_text="2025年底前", amount=Decimal(500000))
    ResolutionPart.objects.create(resolution=row, department=world.other_department, role=PartRole.CO)
    document = word(asked(world, "minutes:file", minutes))
    found = text(document)
    assert "（草稿，尚未印发）" in found
    for part in (
        "会议指出：要抓紧。",
        "1. 甲\n2. 乙\n丙 & 丁",
        "（一）关于第1件事的议题\n建议由财政安排专项资金。",
        "（牵头单位：县财政局；配合单位：县人社局；完成时限：2025年底前；金额：50万元）",
        "出席：县长韩正、副县长温知、总工会主席景齐、常务副主席卫兰、县财政局局长县财政局局长某。",
        "分送：县某人民政府、县某总工会、县政府办、县总工会、县财政局、县人社局。",
    ):
        assert part in found, part
    assert "请假：" not in found
    assert chinese_face(document, "会议指出：") == "黑体"
    assert chinese_face(document, "要抓紧。") == "仿宋_GB2312"
    assert chinese_face(document, "一、通报") == "黑体"
    assert chinese_face(document, "（一）其他") == "楷体_GB2312"


def test_who_came_is_not_said_twice(world: World) -> None:
    found = text(word(asked(world, "minutes:file", drafted_minutes(world))))
    assert found.count("出席：") == 1


@pytest.mark.parametrize("door", ["minutes:file", "minutes:print", "minutes:inspect"])
@pytest.mark.parametrize(
    "said", ["<p><b>出席：</b>韩正。</p>", "<p>出席人员：韩正。</p>", "<p>会上有人说，出席：很重要。</p>"]
)
def test_no_paper_lists_again_who_is_in_the_text(world: World, door: str, said: str) -> None:
    answer = asked(world, door, written(drafted_minutes(world), said))
    found = text(word(answer)) if door == "minutes:file" else answer.content.decode()
    lines = [line.strip() for line in re.sub(r"<[^>]+>", "\n", found).splitlines()]
    listed = [line for line in lines if re.match("出席(人员)?：", line)]
    assert len(listed) == 1


def test_bold_words_are_bold_wherever_they_stand(world: World) -> None:
    minutes = written(
        drafted_minutes(world), "<p>会议议定，<b>必须</b>于年底前办结，<b>不得拖延</b>。</p><p>照此办理。</p>"
    )
    document = word(asked(world, "minutes:file", minutes))
    assert "会议议定，必须于年底前办结，不得拖延。" in text(document).splitlines()
    faces = {words: chinese_face(document, words) for words in ("会议议定", "必须", "于年底前", "不得拖延", "照此办理")}
    heavy = [words for words, found in faces.items() if found == "黑体"]
    assert heavy == ["必须", "不得拖延"]


def test_issued_minutes_keep_the_names_of_their_day(world: World) -> None:
    minutes = issued_minutes(world)
    Department.objects.filter(pk=world.department.pk).update(name="县财政和国资局")
    ledger, paper = asked(world, "meeting:ledger", minutes.meeting), asked(world, "minutes:file", minutes)
    assert "牵头单位：县财政局" in text(word(paper))
    assert "垣政办纪〔2025〕17号" in text(word(paper))
    assert rows(word(ledger).tables[0])[1][3] == "县财政局"


# --- ledger ----------------------------------------------------------------------------------------------------------
def test_the_ledger_is_told_from_its_lines(world: World) -> None:
    row, report = under_way(world, topics=1)
    Resolution.objects.filter(pk=row.pk).update(amount=Decimal("1200.50"), deadline_kind="date", deadline=AFTER)
    with time_machine.travel(LATER):
        document = word(asked(world, "meeting:ledger", row.minutes.meeting))
    assert document.sections[0].page_width > document.sections[0].page_height
    assert "截至2026年10月9日，共1项，已办结0项，未办结1项，其中逾期1项。" in text(document)
    table = document.tables[0]
    assert breaks_well(table)
    headings, cells = rows(table)[:2]
    assert dict(zip(headings, cells, strict=True)) == {
        "序号": "1",
        "议定事项": "关于第1件事的议题",
        "会议及文号": "2025年度联席会议（垣政办纪〔2025〕17号）",
        "牵头单位": "县财政局",
        "配合单位": "县人社局",
        "完成时限": "2025年11月20日",
        **{term.name: "" for _field, term in TERMS if term.paper_width},
        "落实状态": "逾期（推进中）",
        "最近报告": report.text,
    }


def test_the_spreadsheet_has_days_amounts_and_no_formula(world: World) -> None:
    row, _report = under_way(world, topics=1)
    Resolution.objects.filter(pk=row.pk).update(title='=HYPERLINK("http://x","甲")', amount=Decimal("1200.50"))
    response = asked(world, "meeting:ledger_sheet", row.minutes.meeting)
    found = sheet(response)
    headings = [cell.value for cell in found[3]]
    cells = dict(zip(headings, found[4], strict=True))
    assert cells["议定事项"].data_type == "s"
    assert cells["议定事项"].quotePrefix
    assert cells["金额（元）"].value == 1200.5
    assert cells["会议日期"].value.date() == DAY
    assert found.print_title_rows == "$3:$3"
    assert found.freeze_panes == "C4"
    assert found.page_setup.orientation == "landscape"
    content = response.content
    assert asked(world, "meeting:ledger_sheet", row.minutes.meeting).content == content, "the same bytes each time"
    assert b"openpyxl" not in content


def test_the_ledger_of_the_list_follows_its_filters(world: World) -> None:
    under_way(world, topics=1)
    under_way(world, day=DAY.replace(month=3), number="垣政办纪〔2025〕3号", title="第一季度联席会议")
    desk = at_desk(world.gov_clerk)
    assert "?state=under_way" in page(desk, "resolution:index", query="?state=under_way")
    for query, count in (("", 2), ("?state=under_way", 2), ("?state=verified", 0), ("?q=第1件事", 2)):
        found = word(desk.get(reverse("resolution:ledger") + query))
        assert f"共{count}项" in text(found), query
        assert sheet(desk.get(reverse("resolution:ledger_sheet") + query)).max_row == 3 + count
    assert "县某政府与工会联席会议议定事项台账" in text(word(desk.get(reverse("resolution:ledger"))))


def test_a_ledger_over_several_conferences_names_none(world: World) -> None:
    town = chengqiao()
    under_way(world)
    under_way(town)
    found = text(word(at_desk(world.auditor).get(reverse("resolution:ledger"))))
    assert found.startswith("政府与工会联席会议议定事项台账")
    assert "共2项" in found


def test_a_word_file_of_too_many_lines_is_refused_and_the_filters_stay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_way(world, topics=1)
    under_way(world, day=DAY.replace(month=3), number="垣政办纪〔2025〕3号", title="第一季度联席会议")
    monkeypatch.setattr("meetings.documents.ledger.MOST_LINES", 1)
    desk = at_desk(world.gov_clerk)
    answer = desk.get(reverse("resolution:ledger"), {"state": "under_way"})
    assert answer.status_code == 302
    assert answer["Location"].endswith("?state=under_way")
    assert "共2项议定事项，Word 台账一次最多1项" in desk.get(answer["Location"]).content.decode()
    assert sheet(desk.get(reverse("resolution:ledger_sheet"))).max_row == 3 + 2
    with refusal("ledger_too_long"):
        make_ledger(Resolution.objects.all(), title="台账", conference=None)


# --- follow-up report ------------------------------------------------------------------------------------------------
def test_the_next_meeting_hears_what_became_of_everything(world: World) -> None:
    done = verified(world, topics=1)
    open_, report = under_way(world, day=DAY.replace(year=2026, month=3), number="垣政办纪〔2026〕1号", topics=1)
    with time_machine.travel(LATER):
        meeting = planned_meeting(world, date(2026, 11, 13), topics=0)
        explain(open_, meeting, by=world.gov_clerk, text="资金尚在审批。", opinion="年底前拨付。")
        document = word(asked(world, "meeting:follow_up_report", meeting))
    found = text(document)
    assert "2026年度联席会议议定事项1项，截至2026年10月9日，已办结0项，未办结1项。" in found
    for part in ("（草稿）", "二、已办结事项\n无。", "说明：资金尚在审批。", "意见：年底前拨付。", "目前：推进中"):
        assert part in found, part
    assert report.text not in found, "it was not verified"
    assert done.title in found, "a resolution of the same title is the open one"


def test_finished_ones_are_listed_with_day_and_result(world: World) -> None:
    verified(world, topics=1)
    with time_machine.travel(LATER):
        meeting = planned_meeting(world, date(2026, 11, 13), topics=0)
        document = word(asked(world, "meeting:follow_up_report", meeting))
    assert rows(document.tables[0])[1] == [
        "1",
        "关于第1件事的议题",
        "县财政局",
        "2025年12月14日",
        "资金已全部拨付到位。",
    ]
    assert "三、未办结事项的说明和意见\n无。" in text(document)


def test_a_first_meeting_has_nothing_to_report(world: World) -> None:
    meeting = planned_meeting(world)
    desk = at_desk(world.gov_clerk)
    answer = desk.get(reverse("meeting:follow_up_report", args=[meeting.pk]))
    assert answer.status_code == 302
    assert "这是第一次会议" in desk.get(answer["Location"]).content.decode()
    refused(lambda: make_follow_up_report(meeting), "first_meeting")
    assert reverse("meeting:follow_up_report", args=[meeting.pk]) not in page(desk, "meeting:inspect", meeting.pk)


# --- pages and queries -----------------------------------------------------------------------------------------------
def test_the_pages_offer_what_there_is(world: World) -> None:
    minutes, desk = issued_minutes(world), at_desk(world.gov_clerk)
    text_ = page(desk, "meeting:inspect", minutes.meeting.pk)
    for name in ("notice_file", "sign_in", "ledger", "ledger_sheet"):
        assert reverse(f"meeting:{name}", args=[minutes.meeting.pk]) in text_
    assert reverse("minutes:file", args=[minutes.pk]) in text_
    assert reverse("minutes:file", args=[minutes.pk]) in page(desk, "minutes:inspect", minutes.pk)
    list_ = page(desk, "resolution:index")
    assert all(reverse(f"resolution:{name}") in list_ for name in ("ledger", "ledger_sheet", "supervision"))


def test_lists_ask_the_same_number_of_questions_at_any_size() -> None:
    counts = []
    for size, place in ((1, "垣"), (3, "绛")):
        world = yuanqu(place)
        minutes = issued_minutes(world, topics=size, number=f"垣政办纪〔2025〕{size}号")
        desk, meeting = at_desk(world.gov_clerk), minutes.meeting
        asked_for = [
            query_count(desk, f"meeting:{name}", meeting.pk)
            for name in ("notice_file", "sign_in", "ledger", "ledger_sheet")
        ]
        asked_for.append(query_count(desk, "minutes:file", minutes.pk))
        counts.append([*asked_for, query_count(desk, "resolution:ledger")])
    assert counts[0] == counts[1]
    assert max(counts[0]) < 30


def test_what_goes_on_in_a_later_resolution_is_counted_once(world: World) -> None:
    old, _report = under_way(world, topics=1)
    with time_machine.travel(LATER):
        later = carried(world, old)
        desk = at_desk(world.gov_clerk)
        assert "共2项，已办结0项，未办结1项，其中逾期0项；另有结转1项。" in text(
            word(desk.get(reverse("resolution:ledger")))
        )
        assert "另有结转1项。" in str(sheet(desk.get(reverse("resolution:ledger_sheet")))["A2"].value)
        report = text(word(asked(world, "meeting:follow_up_report", later.minutes.meeting)))
    assert "已办结0项，未办结1项。" in report, "it was explained to the meeting that carried it over"
