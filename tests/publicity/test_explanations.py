"""An explanation of a stage that a reviewer reads before the public does."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from meetings.enums import Disclosure, ResolutionState, Role
from meetings.models import Person, Resolution
from meetings.operations.resolution import tighten_disclosure
from publicity.contact_details import has_address, longest_digit_run
from publicity.enums import ProposalState, ReleaseKind, Stage
from publicity.models import OutcomePage, PublicDecision, Release, StageProposal
from publicity.operations.outcomes import lift_withdrawal
from publicity.operations.proposals import (
    answer_proposal,
    drop_proposal,
    propose_stage,
    review_proposal,
    submit_stage,
)
from publicity.operations.releases import release_stage, withdraw, write_release
from publicity.queries.releases import unreviewed_explanations
from publicity.rules import review_reasons
from tests.meetings.factories import World, seat
from tests.publicity.factories import county, publish
from tests.publicity.work import asked_to_confirm, publicity_lines
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
LONG = "已完成前期准备。" * 8
CALL = "咨询请拨0359-6022345。"


@pytest.fixture
def shown(world: World, shown: Resolution) -> Resolution:
    Resolution.objects.update(state=ResolutionState.UNDER_WAY)
    return Resolution.objects.get(pk=shown.pk)


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=person.pk))
    return client


def read() -> str:
    """Return what the public reads of the resolution."""
    return Client().get(PublicDecision.objects.released().get().get_absolute_url()).content.decode()


def sent(world: World, shown: Resolution, text: str = CALL) -> StageProposal:
    """A proposal that waits for a reviewer."""
    proposal = submit_stage(shown, stage=Stage.UNDER_WAY, explanation=text, by=world.gov_clerk)
    assert isinstance(proposal, StageProposal)
    assert proposal.state == ProposalState.IN_REVIEW
    return proposal


def today(person: Person) -> list[str]:
    """Return the lines of the publicity on the desk of somebody."""
    return [line.text for line in publicity_lines(person)]


# --- which texts -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "",
        "已启动实施。",
        "已完成85%，受益120人次，2025年12月31日前全部完成。",
        "二〇二五年一月开工，投入五千二百三十一元。",
        "增长1.5倍，按3.2条办理，共4.6万元。",
        "字" * 60,
        "  " + "字" * 60 + "\n",
        "重点网络已建成，试点公司3家。",
        "上午9点，下午3点。",
        "通过微信通知。",
    ],
)
def test_a_plain_short_text_goes_out_at_once(text: str) -> None:
    assert review_reasons(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "字" * 61,
        "电话12345",
        "电话１２３４５",
        "电话1 2 3 4 5",
        "电话138-1234-5678",
        "电话1.3.8.1.2",
        "电话1、3、8、1、2",
        "电话（1）（3）（8）（1）（2）",
        "电话1\u200b2\u200b3\u200b4\u200b5",
        "电话1\n2\n3\n4\n5",
        "电话①③⑧①②",
        "电话❶❸❽❶❷",
        "电话𝟏𝟑𝟖𝟏𝟐",
        "电话٠١٢٣٤",
        "电话一三八一二",
        "电话幺三八幺二",
        "电话壹叁捌壹贰",
        "电话〇三五九六",
        "电话1三8一2",
        "电话1️⃣3️⃣8️⃣1️⃣2️⃣",
        "见www.example.cn",
        "见example.com",
        "见example。com",
        "见ｅｘａｍｐｌｅ．ｃｏｍ",
        "见e x a m p l e . c o m",
        "见exam\u200bple.com",
        "见example点com",
        "见example(dot)com",
        "见example.сom",
        "见某县总工会.中国",
        "见http://x",
        "见10.0.0.1",
        "写信给a@b",
        "写信给a＠b",
        "见example⋅com",
        "见example˙com",
        "见example・com",
        "见example۔com",
        "见example[.]com",
        "见example【点】com",
        "见某网点com",
        "见//x",
        "写信给name at x com",
        "写信给name (at) x",
        "加微信abc",
        "微信号：a1",
        "QQ：12",
        "加wx ab",
        "电话12转345",
        "电话12杠3杠45",
        "电话12点345",
        "电话12分机345",
        "电话ⅠⅢⅧⅠⅡ",
        "电话ⅫⅫⅠ",
        "电话㊀㊂㊇㊀㊁",
    ],
)
def test_a_long_text_or_one_that_leads_somewhere_needs_a_reviewer(text: str) -> None:
    assert review_reasons(text)


def test_what_is_counted_is_what_people_read() -> None:
    assert longest_digit_run("12年34") == 2
    assert longest_digit_run("十二三四五") == 4
    assert longest_digit_run("") == 0
    assert not has_address("已办结。下一步")


# --- what was published in a row ---
def test_explanations_that_no_reviewer_read_count_together() -> None:
    for first, second in (("电话0359", "再拨602"), ("见exam", "ple.com"), ("le.com", "examp"), ("字" * 30, "词" * 31)):
        assert review_reasons(second, [first])


def test_a_text_split_over_several_releases_passes_a_reviewer(world: World, shown: Resolution) -> None:
    release_stage(shown, stage=Stage.UNDER_WAY, explanation="电话0359", by=world.gov_clerk)
    for text in ("接着602", "字" * 56):
        with refusal("explanation_needs_reviewer"):
            release_stage(shown, stage=Stage.UNDER_WAY, explanation=text, by=world.gov_clerk)
    proposal = sent(world, shown, "接着602")
    assert "接着602" not in read()
    review_proposal(proposal, approve=True, by=seat("审稿人", role=Role.REVIEWER, conference=world.conference).person)
    assert "接着602" in read()
    release_stage(shown, stage=Stage.UNDER_WAY, explanation="继续推进。", by=world.gov_clerk)


def test_what_was_withdrawn_is_not_counted(world: World, shown: Resolution) -> None:
    release_stage(shown, stage=Stage.UNDER_WAY, explanation="字" * 40, by=world.gov_clerk)
    assert unreviewed_explanations(shown) == ["字" * 40]
    withdraw(shown, reason="有误", by=world.gov_clerk)
    assert unreviewed_explanations(shown) == []


def test_a_stage_without_explanation_needs_no_reviewer(world: World, shown: Resolution) -> None:
    release_stage(shown, stage=Stage.UNDER_WAY, explanation="字" * 60, by=world.gov_clerk)
    release_stage(shown, stage=Stage.UNDER_WAY, by=world.gov_clerk)
    assert unreviewed_explanations(shown) == ["字" * 60]


# --- the clerk -------------------------------------------------------------------------------------------------------
def test_a_clerk_alone_releases_no_such_text(world: World, shown: Resolution) -> None:
    for text in (LONG, CALL):
        with refusal("explanation_needs_reviewer"):
            release_stage(shown, stage=Stage.UNDER_WAY, explanation=text, by=world.gov_clerk)
    assert Release.objects.count() == 1


def test_a_short_text_is_released_at_once(world: World, shown: Resolution) -> None:
    released = submit_stage(shown, stage=Stage.UNDER_WAY, explanation="已启动实施。", by=world.gov_clerk)
    assert isinstance(released, Release)
    assert not StageProposal.objects.exists()


def test_nothing_of_it_is_public_before_the_review(world: World, shown: Resolution) -> None:
    sent(world, shown)
    assert "6022345" not in read()
    assert PublicDecision.objects.released().get().stage == Stage.ADOPTED


def test_the_row_itself_is_not_written_without_a_reviewer(world: World, shown: Resolution) -> None:
    """Whoever releases: the last check is where the row is written."""
    last = PublicDecision.objects.released().get()
    words: dict[str, Any] = {"title": last.title, "wording": last.wording, "meeting_title": last.meeting_title}
    with transaction.atomic(), refusal("explanation_needs_reviewer"):
        write_release(shown, **words, stage=Stage.UNDER_WAY, explanation=CALL, by=world.gov_clerk)


def test_a_text_that_was_reviewed_beside_another_stage_is_read_again(world: World, shown: Resolution) -> None:
    review_proposal(sent(world, shown), approve=True, by=world.reviewers[0])
    Resolution.objects.update(state=ResolutionState.VERIFIED)
    with refusal("explanation_needs_reviewer"):
        release_stage(shown, stage=Stage.VERIFIED, explanation=CALL, by=world.gov_clerk)


def test_a_new_wording_keeps_the_reviewed_explanation(world: World, shown: Resolution) -> None:
    review_proposal(sent(world, shown), approve=True, by=world.reviewers[0])
    draft = OutcomePage.objects.get().get_latest_revision_as_object()
    item = draft.items.get()
    item.wording = "改正后的文字。"
    draft.items.add(item)
    draft.save_revision(user=world.gov_clerk)
    publish(OutcomePage.objects.get(), world, sender=world.gov_clerk)
    row = PublicDecision.objects.released().get()
    assert (row.wording, row.explanation) == ("改正后的文字。", CALL)


def test_a_lifted_withdrawal_shows_no_explanation_again(world: World, shown: Resolution) -> None:
    review_proposal(sent(world, shown), approve=True, by=world.reviewers[0])
    withdraw(shown, reason="误发", by=world.gov_clerk)
    publish(lift_withdrawal(shown, by=world.gov_clerk), world, sender=world.gov_clerk)
    assert CALL not in read()


# --- the reviewer ----------------------------------------------------------------------------------------------------
def test_a_reviewer_approves_and_the_public_reads_it(world: World, shown: Resolution) -> None:
    proposal = sent(world, shown)
    row = review_proposal(proposal, approve=True, opinion="属实", by=world.reviewers[1])
    assert row is not None
    assert (row.stage, row.explanation) == (Stage.UNDER_WAY, CALL)
    assert (row.by, row.reviewed_by, row.confirmed_by) == (world.gov_clerk, world.reviewers[1], None)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.opinion) == (ProposalState.CONFIRMED, "属实")
    assert CALL in read()
    with refusal("proposal_not_in_review"):
        review_proposal(proposal, approve=True, by=world.reviewers[0])


def test_only_a_reviewer_of_the_conference_who_did_not_write_it_answers(world: World, shown: Resolution) -> None:
    proposal = sent(world, shown)
    people = (world.writer, world.union_clerk, world.gov_clerk, world.liaison, world.head, world.administrator)
    for person in (*people, county("邻县").reviewers[0]):
        for approve in (True, False):
            with refusal("not_a_reviewer"):
                review_proposal(proposal, approve=approve, opinion="x", by=person)
    both = seat("兼任审核", role=Role.REVIEWER, conference=world.conference, person=world.gov_clerk).person
    with refusal("own_text"):
        review_proposal(proposal, approve=True, by=Person.objects.get(pk=both.pk))
    with pytest.raises(IntegrityError), transaction.atomic():
        StageProposal.objects.update(reviewed_by=world.gov_clerk)


def test_a_returned_text_waits_for_the_office_and_is_kept(world: World, shown: Resolution) -> None:
    proposal = sent(world, shown)
    with refusal("proposal_opinion_missing"):
        review_proposal(proposal, approve=False, opinion=" ", by=world.reviewers[0])
    review_proposal(proposal, approve=False, opinion="请核对电话。", by=world.reviewers[0])
    assert "6022345" not in read()
    for clerk in (world.gov_clerk, world.union_clerk):
        assert today(clerk) == [f"说明被审核人退回：{proposal.title}"]
    text = as_(world.union_clerk).get(reverse("publicity_admin:stage", args=[shown.pk])).content.decode()
    assert "请核对电话。" in text
    assert text.count("6022345") >= 2, "above the form and in it"
    again = sent(world, shown, "咨询请拨0359-6022346。")
    assert today(world.gov_clerk) == []
    proposal.refresh_from_db()
    assert (proposal.state, proposal.opinion) == (ProposalState.DROPPED, "请核对电话。")
    review_proposal(again, approve=True, by=world.reviewers[0])
    assert "6022346" in read()


def test_a_reviewer_who_read_an_older_text_does_not_approve_the_newer(world: World, shown: Resolution) -> None:
    older = sent(world, shown)
    newer = sent(world, shown, CALL + "请预约。")
    with refusal("proposal_not_in_review"):
        review_proposal(older, approve=True, by=world.reviewers[0])
    assert StageProposal.objects.get(pk=newer.pk).state == ProposalState.IN_REVIEW
    assert StageProposal.objects.filter(state__in=ProposalState.pending()).count() == 1


def test_a_short_text_takes_the_place_of_one_in_review(world: World, shown: Resolution) -> None:
    older = sent(world, shown)
    submit_stage(shown, stage=Stage.UNDER_WAY, explanation="已启动实施。", by=world.gov_clerk)
    with refusal("proposal_not_in_review"):
        review_proposal(older, approve=True, by=world.reviewers[0])
    assert CALL not in read()


def test_what_the_record_outran_is_returned_not_released(world: World, shown: Resolution) -> None:
    proposal = sent(world, shown)
    Resolution.objects.update(state=ResolutionState.VERIFIED)
    with refusal("proposal_outdated"):
        review_proposal(proposal, approve=True, by=world.reviewers[0])
    review_proposal(proposal, approve=False, opinion="已办结，请重新报送。", by=world.reviewers[0])


@pytest.mark.parametrize("how", ["withdrawn", "tightened"])
def test_taking_the_resolution_back_closes_what_waits_for_a_reviewer(world: World, shown: Resolution, how: str) -> None:
    proposal = sent(world, shown)
    if how == "withdrawn":
        withdraw(shown, reason="误发", by=world.gov_clerk)
    else:
        tighten_disclosure(shown, by=world.gov_clerk, disclosure=Disclosure.CLOSED, reason="内部事项")
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.DROPPED
    assert today(world.reviewers[0]) == []
    with refusal("proposal_not_in_review"):
        review_proposal(proposal, approve=True, by=world.reviewers[0])
    last = Release.objects.latest_of(shown)
    assert last is not None
    assert last.kind == ReleaseKind.WITHDRAWAL


# --- with the lead department ----------------------------------------------------------------------------------------
def test_where_the_lead_confirms_it_is_asked_after_the_reviewer(world: World, shown: Resolution) -> None:
    world.conference.lead_confirms_release = True
    world.conference.save()
    proposal = sent(world, shown)
    assert asked_to_confirm(world.liaison) == 0
    with refusal("proposal_in_review"):
        answer_proposal(proposal, confirm=True, by=world.liaison)
    assert review_proposal(proposal, approve=True, by=world.reviewers[0]) is None
    assert CALL not in read()
    assert asked_to_confirm(world.liaison) == 1
    with refusal("proposal_waiting"):
        propose_stage(shown, stage=Stage.UNDER_WAY, explanation="另一段。", by=world.gov_clerk)
    row = answer_proposal(StageProposal.objects.get(), confirm=True, by=world.liaison)
    assert row is not None
    assert (row.reviewed_by, row.confirmed_by) == (world.reviewers[0], world.liaison)
    assert CALL in read()


def test_a_clerk_takes_a_proposal_back(world: World, shown: Resolution) -> None:
    proposal = sent(world, shown)
    with refusal("not_an_office_clerk"):
        drop_proposal(proposal, by=world.writer)
    drop_proposal(proposal, by=world.union_clerk)
    assert StageProposal.objects.get().state == ProposalState.DROPPED
    assert today(world.reviewers[0]) == []
    with refusal("proposal_answered"):
        drop_proposal(proposal, by=world.union_clerk)


# --- the pages -------------------------------------------------------------------------------------------------------
def test_from_the_clerks_form_to_the_public_page(world: World, shown: Resolution) -> None:
    clerk, reviewer = as_(world.gov_clerk), as_(world.reviewers[0])
    answer = clerk.post(
        reverse("publicity_admin:stage", args=[shown.pk]), {"stage": Stage.UNDER_WAY, "explanation": CALL}, follow=True
    )
    assert "审核人先看说明" in answer.content.decode()
    proposal = StageProposal.objects.get()
    assert "等待审核人" in clerk.get(reverse("resolution:inspect", args=[shown.pk])).content.decode()
    assert today(world.reviewers[0]) == [f"审核说明：{proposal.title}"]
    assert today(world.gov_clerk) == []
    url = reverse("publicity_admin:review_proposal", args=[proposal.pk])
    text = reviewer.get(url).content.decode()
    released = PublicDecision.objects.released().get()
    for words in (CALL, "推进中", released.wording, released.number, world.conference.name, released.meeting_title):
        assert words in text
    assert "连续 5 位" in text
    assert reviewer.post(url, {"approve": "no", "opinion": ""}).status_code == 200
    assert reviewer.post(url, {"approve": "yes", "opinion": "属实"}).status_code == 302
    assert CALL in read()
    assert "属实" in reviewer.get(url).content.decode()


def test_others_do_not_find_the_review_and_clerks_only_look(world: World, shown: Resolution) -> None:
    url = reverse("publicity_admin:review_proposal", args=[sent(world, shown).pk])
    for person in (world.writer, world.liaison, world.head, world.administrator, county("邻县").reviewers[0]):
        assert as_(person).get(url).status_code == 404
        assert as_(person).post(url, {"approve": "yes"}).status_code == 404
    clerk = as_(world.union_clerk)
    assert CALL in clerk.get(url).content.decode()
    assert 'name="approve"' not in clerk.get(url).content.decode()
    clerk.post(url, {"approve": "yes"})
    assert StageProposal.objects.get().state == ProposalState.IN_REVIEW


def test_taking_it_back_on_the_page_of_the_resolution(world: World, shown: Resolution) -> None:
    sent(world, shown)
    client = as_(world.gov_clerk)
    assert "收回拟公开的进展" in client.get(reverse("resolution:inspect", args=[shown.pk])).content.decode()
    url = reverse("publicity_admin:drop_proposal", args=[shown.pk])
    assert CALL in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert StageProposal.objects.get().state == ProposalState.DROPPED
    assert client.get(url).status_code == 404
