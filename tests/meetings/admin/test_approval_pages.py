"""Signatures on paper through the pages: where they are offered, the form, its refusals, what is shown afterwards."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.urls import reverse

from meetings import clock
from meetings.enums import Medium, MeetingKind, TopicState
from meetings.models import Approval, Delegation, Minutes
from meetings.operations.delegation import confirm_delegation, delegate
from meetings.operations.meeting import save_meeting
from meetings.operations.minutes import approve_minutes, edit_minutes, return_minutes, send_minutes
from meetings.operations.topic import confer_topic, submit_topic
from tests.meetings.admin.pages import at_desk, landed, page, page_text, query_count, send
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import upload
from tests.meetings.steps import AFTER, in_approval, planned_meeting

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::ResourceWarning")]
HEAD = "县长 韩正"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(AFTER):
        yield


def form(world: World, who: str = "head", **changed: Any) -> dict[str, Any]:
    """Return the completed form of a leader's signature."""
    scan: SimpleUploadedFile = upload("审签单.pdf")
    return {"signer": f"t{world.tenures[who].pk}", "on": AFTER.isoformat(), "opinion": "同意", "scan": scan, **changed}


def approvals() -> QuerySet[Approval]:
    """Return the approvals of minutes."""
    return Approval.objects.filter(minutes__isnull=False)


def paper(minutes: Minutes, seat: str = "government_leader") -> str:
    """Return the URL of the form for a signature on paper in a seat."""
    return reverse("minutes:paper", args=[minutes.pk, "approve", seat])


def offered(text: str) -> int:
    """Return how many seats the page offers for a signature on paper."""
    return text.count(">登记纸质审签</a>")


# --- where they are offered ------------------------------------------------------------------------------------------
def test_each_open_seat_leads_a_clerk_to_the_paper_and_nobody_else() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    text = page(at_desk(world.union_clerk), "minutes:inspect", minutes.pk)
    assert offered(text) == 2
    assert paper(minutes) in text
    assert paper(minutes, "union_leader") in text
    assert offered(page(at_desk(world.union_clerk), "meeting:inspect", minutes.meeting_id)) == 2
    for who in (world.head, world.auditor):
        assert offered(page(at_desk(who), "minutes:inspect", minutes.pk)) == 0
    approve_minutes(minutes, by=world.head)
    assert offered(page(at_desk(world.union_clerk), "minutes:inspect", minutes.pk)) == 1


def test_every_panel_offers_it_by_the_table_alone() -> None:
    world = yuanqu()
    topic = submit_topic(world.topic(), by=world.liaison)
    text = page(at_desk(world.gov_clerk), "topic:inspect", topic.pk)
    assert offered(text) == 1, "the own seat is signed at the screen: nobody else could have signed there"
    own = reverse("topic:paper", args=[topic.pk, "confer", "government_clerk"])
    assert own not in text
    client = at_desk(world.gov_clerk)
    assert "没有其他可签批的人" in landed(client.get(own), client)
    confer_topic(topic, by=world.gov_clerk)
    assert offered(page(at_desk(world.gov_clerk), "topic:inspect", topic.pk)) == 0, "who signed registers nothing"
    confer_topic(topic, by=world.union_clerk)
    assert offered(page(at_desk(world.gov_clerk), "topic:inspect", topic.pk)) == 1

    meeting = planned_meeting(world, AFTER)
    assert offered(page(at_desk(world.gov_clerk), "meeting:inspect", meeting.pk)) == 1
    meeting.kind, meeting.consultation = MeetingKind.SPECIAL, "欠薪突发，需紧急会商。"
    save_meeting(meeting, by=world.gov_clerk)
    text = page(at_desk(world.gov_clerk), "meeting:inspect", meeting.pk)
    assert offered(text) == 1, "of the consultation, which comes first"
    shown = page(at_desk(world.gov_clerk), "meeting:paper", meeting.pk, "consult", "union_clerk")
    assert "欠薪突发，需紧急会商。" in shown


# --- the form --------------------------------------------------------------------------------------------------------
def test_a_signature_is_registered_and_shown_with_scan_day_and_clerk() -> None:
    world = yuanqu()
    minutes, client = in_approval(world), at_desk(world.union_clerk)
    text = page(client, "minutes:paper", minutes.pk, "approve", "government_leader")
    assert HEAD in text
    assert "现有内容自2025年11月16日起未再改动" in text
    assert world.tenures["union_head"].full_title not in text.partition("</details>")[2], "of this seat alone"

    done = landed(send(client, "minutes:paper", minutes.pk, "approve", "government_leader", **form(world)), client)
    approval = approvals().get()
    assert f"已登记纸质审签：{HEAD}" in done
    assert "总工会经办人员于2025年11月20日登记" in done
    assert reverse("records_download", args=[approval.scan_id]) in done
    assert "没有附件" in done, "the scan is no attachment of the minutes"
    assert client.get(reverse("records_download", args=[approval.scan_id])).status_code == 200
    assert at_desk(world.liaison).get(reverse("records_download", args=[approval.scan_id])).status_code == 404
    printed = page(at_desk(world.head), "minutes:print", minutes.pk)
    assert HEAD in printed
    assert "总工会经办人员登记了您的纸质审签" in page(at_desk(world.head), "wagtailadmin_home")


def test_what_is_wrong_is_said_and_nothing_typed_is_lost() -> None:
    world = yuanqu()
    minutes, client = in_approval(world), at_desk(world.union_clerk)
    wrong = form(world, on="2025-11-15", opinion="同意，请抓紧印发。")
    text = page_text(send(client, "minutes:paper", minutes.pk, "approve", "government_leader", **wrong))
    assert "现有内容是2025年11月16日才形成的" in text
    assert "同意，请抓紧印发。" in text
    assert 'value="2025-11-15"' in text
    assert "请重新选择文件" in text
    text = page_text(send(client, "minutes:paper", minutes.pk, "approve", "government_leader", signer="", on="昨天"))
    assert text.count("请选择。") >= 1
    assert "请选择文件" in text
    text = page_text(
        send(
            client,
            "minutes:paper",
            minutes.pk,
            "approve",
            "government_leader",
            **form(world, scan=upload("审签单.docx")),
        )
    )
    assert "可上传：pdf、jpg、jpeg、png" in text
    assert not approvals().exists()


def test_a_tampered_signer_is_no_choice() -> None:
    world, town = yuanqu(), chengqiao()
    minutes, client = in_approval(world), at_desk(world.union_clerk)
    for pk in (world.tenures["union_head"].pk, town.tenures["head"].pk, 0):
        answer = send(
            client, "minutes:paper", minutes.pk, "approve", "government_leader", **form(world, signer=f"t{pk}")
        )
        assert "没有保存" in page_text(answer)
    assert not approvals().exists()


@pytest.mark.parametrize("who", ["head", "liaison", "auditor", "administrator"])
def test_only_a_clerk_of_the_conference_has_the_page(who: str) -> None:
    world = yuanqu()
    minutes = in_approval(world)
    client = at_desk(getattr(world, who))
    for answer in (client.get(paper(minutes)), client.post(paper(minutes), form(world))):
        assert answer.status_code in {302, 404}
    assert not approvals().exists()


def test_a_clerk_of_another_conference_finds_nothing() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    client = at_desk(chengqiao().gov_clerk)
    assert client.get(paper(minutes)).status_code == client.post(paper(minutes), form(world)).status_code == 404


@pytest.mark.parametrize(
    ("action", "seat"),
    [("approve", "topic_approver"), ("send", "government_clerk"), ("nothing", "government_leader"), ("approve", "x")],
)
def test_an_address_that_is_no_seat_is_no_page(action: str, seat: str) -> None:
    world = yuanqu()
    minutes = in_approval(world)
    url = reverse("minutes:paper", args=[minutes.pk, action, seat])
    assert at_desk(world.union_clerk).get(url).status_code == 404


def test_a_seat_that_was_filled_meanwhile_leads_back_to_the_record() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    approve_minutes(minutes, by=world.gov_leader)
    client = at_desk(world.union_clerk)
    assert "该席位已经有人审签" in landed(client.get(paper(minutes)), client)


def test_a_second_click_is_told_that_it_is_done() -> None:
    world = yuanqu()
    minutes, client = in_approval(world), at_desk(world.union_clerk)
    opened = {**form(world), "version": minutes.version}
    assert client.post(paper(minutes), opened).status_code == 302
    again = client.post(paper(minutes), {**form(world), "version": minutes.version})
    assert "没有重复登记" in landed(again, client)
    assert approvals().count() == 1


def test_two_clerks_at_once_the_second_is_told_who_was_first() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    first, second = at_desk(world.union_clerk), at_desk(world.gov_clerk)
    opened = minutes.version
    assert first.post(paper(minutes), {**form(world), "version": opened}).status_code == 302
    text = landed(second.post(paper(minutes), {**form(world, "gov_leader"), "version": opened}), second)
    assert "该席位已经有人审签" in text
    assert HEAD in text
    assert approvals().get().person == world.head


def test_what_was_voided_stays_in_sight_with_its_scan() -> None:
    world = yuanqu()
    minutes, client = in_approval(world), at_desk(world.union_clerk)
    client.post(paper(minutes), form(world))
    minutes.refresh_from_db()
    kept_values: dict[str, Any] = {"title": minutes.title, "disclosure": minutes.disclosure}
    edit_minutes(minutes, by=world.gov_clerk, body="<p>另一稿。</p>", **kept_values)
    text = page(client, "minutes:inspect", minutes.pk)
    assert "<del>" in text
    assert "会议纪要正文有变动" in text
    assert reverse("records_download", args=[approvals().get().scan_id]) in text


# --- deputies --------------------------------------------------------------------------------------------------------
def delegation(world: World, giver: str, deputy: str) -> Delegation:
    today = clock.today()
    tenures = {"tenure": world.tenures[giver], "to": world.tenures[deputy]}
    row = delegate(Delegation(**tenures, from_date=today, to_date=today, reason="出差"), by=world.gov_clerk)
    return confirm_delegation(row, by=row.tenure.person)


def test_a_deputy_is_asked_in_whose_name_he_signs() -> None:
    world = yuanqu()
    minutes, row = in_approval(world), delegation(world, "head", "liaison_leader")
    client = at_desk(world.liaison_leader)
    text = page(client, "minutes:step", minutes.pk, "approve")
    assert "副县长 温知（受县长韩正委托，2025年11月20日）" in text
    assert "请选择。" in page_text(send(client, "minutes:step", minutes.pk, "approve", opinion="同意"))
    done = landed(send(client, "minutes:step", minutes.pk, "approve", capacity=row.pk, opinion="同意"), client)
    assert "副县长 温知（受县长韩正委托，2025年11月20日）" in done
    assert approvals().get().delegation == row
    assert "温知受您委托审签" in page(at_desk(world.head), "wagtailadmin_home")


def test_whoever_has_one_way_to_sign_is_not_asked() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    client = at_desk(world.head)
    assert "审签身份" not in page(client, "minutes:step", minutes.pk, "approve")
    assert send(client, "minutes:step", minutes.pk, "approve", opinion="").status_code == 302


def test_a_deputys_signature_on_paper_is_a_choice_of_the_form() -> None:
    world = yuanqu()
    topic = submit_topic(world.topic(), by=world.liaison)
    for clerk in (world.gov_clerk, world.union_clerk):
        confer_topic(topic, by=clerk)
    row, client = delegation(world, "liaison_leader", "gov_leader"), at_desk(world.union_clerk)
    assert "常务副县长 段怀（受副县长温知委托" in page(client, "topic:paper", topic.pk, "approve", "topic_approver")
    typed = form(world, signer=f"d{row.pk}")
    done = landed(send(client, "topic:paper", topic.pk, "approve", "topic_approver", **typed), client)
    topic.refresh_from_db()
    approval = topic.approvals.get(step="approve_topic")
    assert (topic.state, approval.medium, approval.person) == (TopicState.APPROVED, Medium.PAPER, world.gov_leader)
    assert "常务副县长 段怀（受副县长温知委托" in done


@pytest.mark.postgresql
def test_the_page_of_a_record_asks_as_much_for_many_signatures() -> None:
    world = yuanqu()
    minutes, client = in_approval(world), at_desk(world.union_clerk)
    client.post(paper(minutes), form(world))
    before = query_count(client, "minutes:inspect", minutes.pk)
    for _again in range(2):
        return_minutes(minutes, by=world.gov_clerk, reason="重新送签")
        send_minutes(minutes, by=world.gov_clerk)
        client.post(paper(minutes), form(world))
    assert approvals().count() == 3
    assert query_count(client, "minutes:inspect", minutes.pk) == before
