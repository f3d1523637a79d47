"""The staff pages of the publicity through HTTP: permissions, operations, and how refusals are shown."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings import registry
from meetings.enums import ResolutionState
from meetings.models import Person, Resolution
from meetings.operations.base import announce
from publicity.enums import ProposalState, ReleaseKind, Stage
from publicity.models import (
    Article,
    NewsIndex,
    OutcomePage,
    PersonalDataException,
    PublicDecision,
    Release,
    StageProposal,
)
from publicity.operations.proposals import answer_proposal, drop_proposal
from publicity.operations.releases import withdraw
from publicity.operations.reviews import give_verdict, send_for_review
from tests.meetings.factories import World, chengqiao
from tests.meetings.work import refresh_work
from tests.publicity.factories import (
    article,
    county,
    issued,
    meeting,
    picture,
    place,
    public_article,
    public_outcome,
    publish,
    resolutions,
)
from tests.publicity.work import publicity_lines
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return county()


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=person.pk))
    return client


def admin(name: str, pk: int) -> str:
    return reverse(f"publicity_admin:{name}", args=[pk])


def posted(values: dict[str, Any] | None = None, **more: str) -> dict[str, Any]:
    """Return what the editor posts for an article with one quotation."""
    return {
        "title": "职工夜校开班",
        "date": "2025-09-06",
        "summary": "六门课程免费报名。",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "quote",
        "body-0-id": "",
        "body-0-value-text": "好事办实。",
        "body-0-value-who": "",
        "cover": "",
        "cover_alt": "",
        "meeting": "",
        "tags": "",
        "search_description": "",
        **(values or {}),
        **more,
    }


def entries(person: Person) -> list[str]:
    """Return the entries of the publicity in somebody's "mine today"."""
    who = Person.objects.get(pk=person.pk)
    return [line.text for line in publicity_lines(who)]


# --- writing ---------------------------------------------------------------------------------------------------------
def test_a_writer_writes_and_sends(world: World) -> None:
    client, index = as_(world.writer), NewsIndex.objects.get()
    url = f"/admin/pages/add/publicity/article/{index.pk}/"
    assert client.get(url).status_code == 200
    answer = client.post(url, posted({"action-submit": "1"}))
    assert answer.status_code == 302
    page = Article.objects.get()
    assert page.slug == "2025-09-06", "the address is made of the date"
    assert page.workflow_in_progress
    assert entries(world.reviewers[0]) == ["审核：职工夜校开班"]


def test_a_writer_of_another_conference_stays_out(world: World) -> None:
    page, other = article(world), county("邻县")
    client = as_(other.writer)
    index = NewsIndex.objects.get(path__startswith=world.conference.section.path)
    assert client.get(f"/admin/pages/add/publicity/article/{index.pk}/").status_code in {302, 403}
    assert client.get(f"/admin/pages/{page.pk}/edit/").status_code in {302, 403}
    for name in ("review", "send", "take_down", "personal_data"):
        assert client.get(admin(name, page.pk)).status_code == 404


def test_a_refusal_names_the_place_and_keeps_what_was_typed(world: World) -> None:
    client, index = as_(world.writer), NewsIndex.objects.get()
    data = posted({"summary": "联系电话13800001111"}, **{"action-submit": "1"})
    answer = client.post(f"/admin/pages/add/publicity/article/{index.pk}/", data)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "摘要中有手机号码，请改为138****1111" in text
    assert "联系电话13800001111" in text
    assert not Article.objects.exists()
    data = posted({"summary": "联系电话13800001111"})
    assert client.post(f"/admin/pages/add/publicity/article/{index.pk}/", data).status_code == 302
    assert Article.objects.exists(), "a draft may be saved"


def test_a_cover_needs_words(world: World) -> None:
    client, index = as_(world.writer), NewsIndex.objects.get()
    data = posted({"cover": str(picture().pk)}, **{"action-submit": "1"})
    answer = client.post(f"/admin/pages/add/publicity/article/{index.pk}/", data)
    assert "请写明封面图片的内容" in answer.content.decode()


def test_only_held_meetings_of_the_own_conference_are_offered(world: World) -> None:
    held, other = issued(world), issued(county("邻县"))
    ahead = meeting(world, title="筹备中的会议", state="notified", held_on=None)
    text = as_(world.writer).get(f"/admin/pages/add/publicity/article/{_index(world).pk}/").content.decode()
    assert f'<option value="{held.pk}"' in text
    assert f'<option value="{other.pk}"' not in text
    assert f'<option value="{ahead.pk}"' not in text


def _index(world: World) -> NewsIndex:
    found: NewsIndex = NewsIndex.objects.get(path__startswith=world.conference.section.path)
    return found


def test_a_page_under_review_is_locked_and_can_be_taken_back(world: World) -> None:
    page = article(world)
    send_for_review(page, by=world.writer)
    client = as_(world.writer)
    url = f"/admin/pages/{page.pk}/edit/"
    assert "本页正在审核" in client.get(url).content.decode()
    client.post(url, posted({"title": "偷偷改"}))
    assert Article.objects.get().get_latest_revision_as_object().title == page.title
    client.post(f"/admin/pages/{page.pk}/edit/", posted({"action-cancel-workflow": "1"}))
    client.post(url, posted({"title": "改过的标题"}))
    assert Article.objects.get().get_latest_revision_as_object().title == "改过的标题"


# --- reviewing -------------------------------------------------------------------------------------------------------
def test_the_review_screen_shows_text_and_verdicts(world: World) -> None:
    page = article(world)
    send_for_review(page, by=world.writer)
    give_verdict(page, approve=True, opinion="数字已核对", by=world.reviewers[0])
    text = as_(world.reviewers[1]).get(admin("review", page.pk)).content.decode()
    for words in (page.title, "9月5日，联席会议召开。", "数字已核对", world.reviewers[0].name, "通过"):
        assert words in text


def test_three_reviewers_publish_through_the_screen(world: World) -> None:
    page = article(world)
    assert as_(world.writer).post(admin("send", page.pk)).status_code == 302
    for person in world.reviewers:
        assert entries(person) == [f"审核：{page.title}"]
        answer = as_(person).post(admin("review", page.pk), {"approve": "yes", "opinion": "同意"})
        assert answer.status_code == 302
        assert entries(person) == []
    assert Client().get(page.url).status_code == 200


def test_a_refused_verdict_is_told_and_what_was_typed_stays(world: World) -> None:
    page = article(world)
    send_for_review(page, by=world.writer)
    answer = as_(world.reviewers[0]).post(admin("review", page.pk), {"approve": "no", "opinion": ""})
    assert answer.status_code == 200
    assert "请写明需要修改的内容" in answer.content.decode()
    client = as_(world.reviewers[0])
    client.post(admin("review", page.pk), {"approve": "yes"})
    answer = client.post(admin("review", page.pk), {"approve": "yes", "opinion": "再审一次"})
    assert answer.status_code == 200
    assert Article.objects.get().live is False


def test_a_writer_sees_the_reviews_but_gives_no_verdict(world: World) -> None:
    page = article(world)
    send_for_review(page, by=world.writer)
    client = as_(world.writer)
    assert 'name="approve"' not in client.get(admin("review", page.pk)).content.decode()
    client.post(admin("review", page.pk), {"approve": "yes"})
    assert not Article.objects.get().current_workflow_state.task_states.exclude(status="in_progress").exists()


def test_a_returned_page_waits_for_its_writer(world: World) -> None:
    page = article(world)
    send_for_review(page, by=world.writer)
    give_verdict(page, approve=False, opinion="标题不准确", by=world.reviewers[0])
    assert entries(world.writer) == [f"审核退回：{page.title}"]
    assert "标题不准确" in as_(world.writer).get(admin("review", page.pk)).content.decode()


def test_the_list_of_pages_tells_where_each_stands(world: World) -> None:
    public_article(world, "已发布的")
    send_for_review(article(world, "送审中的"), by=world.writer)
    article(world, "草稿中的")
    text = as_(world.gov_clerk).get(reverse("publicity_admin:index")).content.decode()
    for words in ("已发布的", "送审中的", "草稿中的", "等待一审", "草稿"):
        assert words in text
    text = as_(world.reviewers[0]).get(reverse("publicity_admin:index")).content.decode()
    for words in ("已发布的", "送审中的", "等待一审"):
        assert words in text
    assert "草稿中的" not in text
    assert "撰写新闻" not in text
    assert "撰写新闻" in as_(world.writer).get(reverse("publicity_admin:index")).content.decode()
    assert as_(county("邻县").writer).get(reverse("publicity_admin:index")).content.decode().count("送审中的") == 0
    for person in (world.liaison, world.head, world.auditor):
        assert as_(person).get(reverse("publicity_admin:index")).status_code == 404


def test_a_reviewer_reads_what_was_submitted_and_nothing_written_since(world: World) -> None:
    page, reviewer = article(world, "稿件"), as_(world.reviewers[0])

    def answer() -> int:
        return int(reviewer.get(admin("review", page.pk)).status_code)

    assert answer() == 404
    assert as_(world.gov_clerk).get(admin("review", page.pk)).status_code == 200
    send_for_review(page, by=world.writer)
    assert answer() == 200
    give_verdict(page, approve=False, opinion="标题不准确", by=world.reviewers[0])
    assert answer() == 200
    page.refresh_from_db()
    page.title = "还没有送审的新标题"
    page.save_revision(user=world.writer)
    assert answer() == 404
    assert page.title not in reviewer.get(reverse("publicity_admin:index")).content.decode()


def test_a_stage_is_not_released_from_a_page_that_is_out_of_date(world: World) -> None:
    public_outcome(world, issued(world))
    row = Resolution.objects.get()
    Resolution.objects.update(state=ResolutionState.UNDER_WAY, version=row.version + 1)
    before = Release.objects.count()
    values = {"stage": Stage.UNDER_WAY, "explanation": "已启动实施。", "version": row.version}
    answer = as_(world.gov_clerk).post(admin("stage", row.pk), values)
    assert answer.status_code == 200
    assert "已启动实施。" in answer.content.decode()
    assert Release.objects.count() == before


@pytest.mark.postgresql
def test_the_list_takes_as_many_queries_for_three_as_for_one(world: World) -> None:
    client = as_(world.writer)

    def queries() -> int:
        client.get(reverse("publicity_admin:index"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("publicity_admin:index"))
        return len(captured)

    send_for_review(article(world, "一"), by=world.writer)
    one = queries()
    for title in ("二", "三"):
        send_for_review(article(world, title), by=world.writer)
    assert queries() == one


# --- personal data and taking down -----------------------------------------------------------------------------------
def test_a_number_may_stay_with_a_reason(world: World) -> None:
    page = article(world, summary="值班电话13800001111")
    client = as_(world.writer)
    text = client.get(admin("personal_data", page.pk)).content.decode()
    assert "138****1111" in text
    [(_place, finding)] = page.findings()
    assert client.post(admin("personal_data", page.pk), {"digest": finding.digest, "reason": ""}).status_code == 200
    client.post(admin("personal_data", page.pk), {"digest": finding.digest, "reason": "值班手机，本人同意"})
    assert PersonalDataException.objects.get().by == world.writer
    assert "值班手机，本人同意" in client.get(admin("personal_data", page.pk)).content.decode()


def test_a_clerk_takes_a_page_down_with_a_reason(world: World) -> None:
    of = issued(world)
    page = public_outcome(world, of)
    row = resolutions(of)[0]
    text = as_(world.gov_clerk).get(admin("take_down", page.pk)).content.decode()
    assert row.title in text
    assert as_(world.gov_clerk).post(admin("take_down", page.pk), {"reason": ""}).status_code == 200
    assert as_(world.writer).post(admin("take_down", page.pk), {"reason": "误发"}).status_code == 302
    assert OutcomePage.objects.get().live
    as_(world.gov_clerk).post(admin("take_down", page.pk), {"reason": "误发"})
    assert not OutcomePage.objects.get().live
    assert not PublicDecision.objects.released()
    last = Release.objects.latest_of(row)
    assert last is not None
    assert last.kind == ReleaseKind.WITHDRAWAL


# --- the record's pages ----------------------------------------------------------------------------------------------
def test_one_button_drafts_the_outcome_page(world: World) -> None:
    of = issued(world)
    client = as_(world.gov_clerk)
    assert "起草议定事项公开页" in client.get(reverse("meeting:inspect", args=[of.pk])).content.decode()
    answer = client.post(admin("draft_outcome", of.pk))
    page = OutcomePage.objects.get()
    assert answer.headers["Location"] == f"/admin/pages/{page.pk}/edit/"
    assert client.get(answer.headers["Location"]).status_code == 200
    assert as_(world.stranger).post(admin("draft_outcome", of.pk)).status_code in {302, 403, 404}


def test_drafting_too_early_is_told(world: World) -> None:
    of = meeting(world)
    answer = as_(world.gov_clerk).post(admin("draft_outcome", of.pk), follow=True)
    assert "会议纪要尚未印发" in answer.content.decode()


def test_a_clerk_releases_and_withdraws_from_the_resolutions_page(world: World) -> None:
    of = issued(world)
    public_outcome(world, of)
    Resolution.objects.update(state=ResolutionState.UNDER_WAY)
    row = resolutions(of)[0]
    client = as_(world.union_clerk)
    text = client.get(reverse("resolution:inspect", args=[row.pk])).content.decode()
    assert "公开进展" in text
    assert "撤回公开" in text
    answer = client.post(admin("stage", row.pk), {"stage": Stage.UNDER_WAY, "explanation": "请拨13800001111"})
    assert "请改为138****1111" in answer.content.decode()
    assert "请拨13800001111" in answer.content.decode()
    client.post(admin("stage", row.pk), {"stage": Stage.UNDER_WAY, "explanation": "已启动实施。"})
    assert PublicDecision.objects.released().get().explanation == "已启动实施。"
    client.post(admin("withdraw", row.pk), {"reason": "误发"})
    assert not PublicDecision.objects.released()
    text = client.get(reverse("resolution:inspect", args=[row.pk])).content.decode()
    assert "提请重新公开" in text
    answer = client.post(admin("lift", row.pk))
    assert answer.status_code == 302
    publish(OutcomePage.objects.get(), world, sender=world.union_clerk)
    assert PublicDecision.objects.released().count() == 1


def test_the_lead_department_answers_on_its_page(world: World) -> None:
    world.conference.lead_confirms_release = True
    world.conference.save()
    of = issued(world)
    public_outcome(world, of)
    Resolution.objects.update(state=ResolutionState.UNDER_WAY)
    row = resolutions(of)[0]
    as_(world.gov_clerk).post(admin("stage", row.pk), {"stage": Stage.UNDER_WAY, "explanation": "已启动。"})
    assert StageProposal.objects.count() == 1
    assert entries(world.liaison) == [f"确认拟公开的进展：{row.title}"]
    client = as_(world.liaison)
    assert "已启动。" in client.get(admin("proposal", row.pk)).content.decode()
    older = StageProposal.objects.get()
    drop_proposal(older, by=world.gov_clerk)
    with refusal("proposal_dropped"):
        answer_proposal(older, confirm=True, by=world.liaison)
    as_(world.gov_clerk).post(admin("stage", row.pk), {"stage": Stage.UNDER_WAY, "explanation": "已启动实施。"})
    proposal = StageProposal.objects.get(state=ProposalState.WAITING)
    stale = client.post(admin("proposal", row.pk), {"confirm": "yes", "proposal": older.pk})
    assert "经办人员刚才收回了这份内容" in stale.content.decode()
    assert "已启动实施。" in stale.content.decode()
    assert f'name="proposal" value="{proposal.pk}"' in stale.content.decode()
    client.post(admin("proposal", row.pk), {"confirm": "yes", "proposal": proposal.pk})
    assert PublicDecision.objects.released().get().release.confirmed_by == world.liaison
    assert client.get(admin("proposal", row.pk)).status_code == 404


def test_a_record_out_of_sight_is_not_there(world: World) -> None:
    of = issued(world)
    public_outcome(world, of)
    row, other = resolutions(of)[0], county("邻县")
    client = as_(other.gov_clerk)
    for name in ("stage", "withdraw", "lift", "proposal"):
        assert client.get(admin(name, row.pk)).status_code == 404
        assert client.post(admin(name, row.pk), {"reason": "x"}).status_code == 404
    assert client.get(admin("draft_outcome", of.pk)).status_code == 404


# --- without publicity -----------------------------------------------------------------------------------------------
def test_a_held_meeting_without_publicity_waits_for_clerks_and_writers(world: World) -> None:
    of = issued(world)
    for person in (world.gov_clerk, world.union_clerk, world.writer):
        assert entries(person) == [f"已召开但尚未宣传报道：{of}"]
    assert entries(world.reviewers[0]) == []
    place(world)
    for person in (world.gov_clerk, world.writer):  # a writer cannot see the meeting: the link leads to the news
        assert as_(person).get(publicity_lines(person)[0].url).status_code == 200
    public_article(world, meeting=of)
    assert entries(world.gov_clerk) == []


def test_a_meeting_whose_regulation_asks_for_none_is_never_flagged(world: World) -> None:
    town = chengqiao()
    place(town)
    issued(town)
    assert entries(town.gov_clerk) == []


def test_a_verified_result_that_the_public_does_not_read_waits(world: World) -> None:
    of = issued(world)
    public_outcome(world, of)
    Resolution.objects.update(state=ResolutionState.VERIFIED)
    row = resolutions(of)[0]
    assert entries(world.gov_clerk) == [f"已办结，尚未公开：{row.title}"]
    as_(world.gov_clerk).post(admin("stage", row.pk), {"stage": Stage.VERIFIED})
    assert entries(world.gov_clerk) == []


def test_evidence_of_publicity(world: World) -> None:
    of = issued(world)
    [find] = registry.EVIDENCE["publicity"]
    assert find(of) == ""
    public_outcome(world, of)
    assert "议定事项" in find(of)
    public_article(world, "报道一则", meeting=of)
    assert "报道一则" in find(of)


def test_the_panel_of_a_resolution_shows_every_row(world: World) -> None:
    of = issued(world)
    public_outcome(world, of)
    row = resolutions(of)[0]
    withdraw(row, reason="误发一次", by=world.gov_clerk)
    text = as_(world.head).get(reverse("resolution:inspect", args=[row.pk])).content.decode()
    assert "误发一次" in text
    assert "撤回公开" in text


def test_a_setting_of_the_conference_changes_its_reviews(world: World) -> None:
    world.conference.reviews_required = 1
    world.conference.save()
    announce(world.conference, "edit", by=world.administrator)
    assert world.conference.section.get_workflow().name == "一审"


@pytest.mark.parametrize("door", ["edit", "copy", "revisions_revert"])
@pytest.mark.parametrize("form", [{}, {"title": "夜校", "body-count": "1"}, {"title": "夜校", "body-count": "两个"}])
def test_a_form_without_its_hidden_fields_is_told_so(world: World, door: str, form: dict[str, str]) -> None:
    page = article(world)
    revision = page.latest_revision or page.save_revision()
    keys = [page.pk, revision.pk] if door == "revisions_revert" else [page.pk]
    response = as_(world.writer).post(reverse(f"wagtailadmin_pages:{door}", args=keys), form)
    assert (response.status_code, "表单没有完整送达" in response.content.decode()) == (400, True)


def test_a_writer_waits_for_the_review_and_finds_it(world: World) -> None:
    page = article(world)
    send_for_review(page, by=world.writer)
    refresh_work()
    client = as_(world.writer)
    url = reverse("publicity_admin:review", args=[page.pk])
    assert url in client.get("/admin/").content.decode()
    assert client.get(url).status_code == 200
