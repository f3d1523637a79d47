"""Tests of the states of a topic under both regulations (`Y 2(1)(2)`, `C 5(1)`)."""

from collections.abc import Callable
from datetime import date

import pytest

from meetings import clock
from meetings.clauses import NO_CITATION
from meetings.enums import ApprovalStep, Side, TopicState, Verdict
from meetings.machines.topic import TOPIC
from meetings.models import Opinion, Person, RecordLogEntry, Topic
from meetings.operations.attachment import attach
from meetings.operations.department import merge_department
from meetings.operations.topic import (
    agree_topic,
    approve_topic,
    ask_opinions,
    confer_topic,
    give_opinion,
    move_topic,
    override_objection,
    record_study,
    return_topic,
    save_topic,
    submit_topic,
)
from tests.meetings.factories import World, chengqiao, seat, yuanqu
from tests.meetings.follow_up import upload
from tests.meetings.steps import offered
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
DAY = date(2025, 9, 1)
S = TopicState


@pytest.fixture(autouse=True)
def _one_day() -> object:
    with clock.at(DAY):
        yield


def new(world: World, **values: object) -> Topic:
    """Return an unsaved topic as a form builds it."""
    row: dict[str, object] = {
        "conference": world.conference,
        "proposer": world.department,
        "side": Side.UNION,
        "category": world.category(),
        "title": "职工医疗互助专项资金",
        "text": "建议列入财政预算。",
        "research": "走访六家企业。",
    }
    return Topic(**{**row, **values})


def conferred(world: World) -> Topic:
    topic = submit_topic(world.topic(), by=world.liaison)
    for person in (world.gov_clerk, world.union_clerk):
        confer_topic(topic, by=person)
    return topic


def studied(world: World) -> Topic:
    """Return a topic in the state in which opinions are asked: approved under Y, submitted under C."""
    if world.adoption.topic_conferral:
        return approve_topic(conferred(world), by=world.liaison_leader)
    return submit_topic(world.topic(), by=world.liaison)


def asked(world: World) -> tuple[Topic, Opinion]:
    topic = studied(world)
    ask_opinions(topic, by=world.union_clerk, departments=[world.other_department])
    return topic, topic.opinions.get()


def with_study(topic: Topic, world: World) -> Topic:
    return record_study(topic, by=world.union_clerk, joint_research="联合走访。", proposal_report="建议安排50万元。")


def actions(person: Person, topic: Topic) -> set[str]:
    return offered(person, Topic.objects.get(pk=topic.pk))


def test_the_way_under_the_county_notice() -> None:
    world = yuanqu()
    topic = save_topic(new(world), by=world.liaison)
    assert (topic.adoption, topic.created_by, topic.state) == (world.adoption, world.liaison, S.DRAFT)
    submit_topic(topic, by=world.liaison)
    assert topic.submitted_on == DAY
    confer_topic(topic, by=world.gov_clerk, opinion="同意列入")
    assert topic.state == S.SUBMITTED
    confer_topic(topic, by=world.union_clerk)
    assert topic.state == S.CONFERRED
    approve_topic(topic, by=world.liaison_leader, opinion="同意")
    ask_opinions(topic, by=world.gov_clerk, departments=[world.other_department])
    give_opinion(topic.opinions.get(), by=world.other_liaison, verdict=Verdict.AGREE)
    with_study(topic, world)
    agree_topic(topic, by=world.union_clerk)
    assert topic.state == S.AGREED
    log = RecordLogEntry.objects.for_instance(topic).order_by("timestamp", "id").values_list("action", flat=True)
    assert [action.rpartition(".")[2] for action in log] == [
        "create",
        "submit",
        "confer",
        "confer",
        "approve",
        "ask_opinions",
        "opinion",
        "record_study",
        "agree",
    ]
    signed = topic.approvals.values_list("step", "person", "hash")
    assert {step for step, _person, _hash in signed} == {ApprovalStep.CONFER, ApprovalStep.APPROVE_TOPIC}
    assert len({digest for _step, _person, digest in signed}) == 1


def test_the_way_under_the_town_measures_needs_no_conferral_approval_or_report() -> None:
    world = chengqiao()
    topic = save_topic(new(world), by=world.union_clerk)
    submit_topic(topic, by=world.union_clerk)
    for step, person in ((confer_topic, world.gov_clerk), (approve_topic, world.liaison_leader)):
        with refusal("step_not_required"):
            step(topic, by=person)
    ask_opinions(topic, by=world.gov_clerk, departments=[world.other_department])
    give_opinion(topic.opinions.get(), by=world.other_liaison, verdict=Verdict.AGREE)
    agree_topic(topic, by=world.union_clerk)
    assert topic.state == S.AGREED
    skipped = {stage.state for stage in TOPIC.path(topic) if stage.status == "skipped"}
    assert skipped == {S.CONFERRED, S.APPROVED}


def test_who_states_the_consensus() -> None:
    world = chengqiao()
    topic, opinion = asked(world)
    give_opinion(opinion, by=world.other_liaison, verdict=Verdict.AGREE)
    Topic.objects.update(side=Side.GOVERNMENT)
    with refusal("not_your_post"):
        agree_topic(topic, by=world.union_clerk)
    agree_topic(topic, by=world.gov_clerk)


@pytest.mark.parametrize("make", [yuanqu, chengqiao])
def test_a_proposal_rests_on_research_written_or_attached(make: Callable[[], World]) -> None:
    world = make()
    topic = world.topic(research=" ")
    with refusal("research_missing"):
        submit_topic(topic, by=world.liaison)
    attach(topic, by=world.liaison, files=[upload("调研报告.pdf")])
    assert submit_topic(topic, by=world.liaison).state == S.SUBMITTED


def test_who_writes_a_topic() -> None:
    world, other = yuanqu(), chengqiao()
    for person in (
        world.other_liaison,
        world.gov_clerk,  # a clerk of the other side
        world.head,
        world.administrator,
        world.auditor,
        other.union_clerk,
    ):
        with refusal("not_a_proposer"):
            save_topic(new(world), by=person)
    with refusal("not_a_proposer"):  # the post of the liaison is of another conference
        save_topic(new(world, proposer=other.department), by=other.liaison)
    everywhere = seat("联络员", role="liaison", department=other.department).person
    with refusal("proposer_not_a_member"):  # a department that is not a member cannot propose
        save_topic(new(world, proposer=other.department), by=everywhere)
    assert not Topic.objects.exists()


def test_nobody_makes_a_topic_his_own_by_the_form() -> None:
    world = yuanqu()
    topic = save_topic(new(world), by=world.liaison)
    taken = Topic.objects.get(pk=topic.pk)
    taken.proposer, taken.side = world.other_department, Side.GOVERNMENT
    for person in (world.other_liaison, world.gov_clerk):
        with refusal("not_a_proposer"):
            save_topic(taken, by=person)
    assert Topic.objects.get().proposer == world.department


def test_an_old_form_does_not_bring_an_old_state_back() -> None:
    world = yuanqu()
    topic = save_topic(new(world), by=world.liaison)
    shown = Topic.objects.get(pk=topic.pk)
    submit_topic(topic, by=world.liaison)
    return_topic(topic, by=world.gov_clerk, reason="补充调研")
    shown.title = "改过的题目"
    save_topic(shown, by=world.liaison)
    assert Topic.objects.get().state == S.RETURNED


def test_the_category_is_of_the_regulation_in_force() -> None:
    world = yuanqu()
    foreign = chengqiao().category()
    with refusal("category_of_another_regulation"):
        save_topic(new(world, category=foreign), by=world.liaison)
    draft = world.topic(category=foreign)
    with refusal("category_of_another_regulation"):
        submit_topic(draft, by=world.liaison)


def test_without_a_regulation_nothing_is_proposed() -> None:
    world = chengqiao()
    with clock.at(date(2020, 6, 1)), refusal("no_regulation_today"):
        save_topic(new(world), by=world.liaison)


def test_only_a_draft_or_a_returned_topic_changes() -> None:
    world = yuanqu()
    topic = submit_topic(world.topic(), by=world.liaison)
    topic.title = "改"
    with refusal("topic_not_editable"):
        save_topic(topic, by=world.liaison)


def test_one_person_in_two_posts_does_not_confer_for_both_sides() -> None:
    world = yuanqu()
    seat("总工会经办（兼）", role="clerk", conference=world.conference, side="union", person=world.gov_clerk)
    both = Person.objects.get(pk=world.gov_clerk.pk)
    topic = submit_topic(world.topic(), by=world.liaison)
    confer_topic(topic, by=both)
    with refusal("already_agreed"):
        confer_topic(topic, by=both)
    assert topic.state == S.SUBMITTED


def test_only_the_leader_in_charge_approves() -> None:
    world = yuanqu()
    topic = conferred(world)
    for person in (world.head, world.gov_leader, world.union_head, world.gov_clerk):
        with refusal("not_your_post"):
            approve_topic(topic, by=person)
    assert actions(world.liaison_leader, topic) == {"approve", "return"}


def test_departments_are_asked_once() -> None:
    world = yuanqu()
    topic, _opinion = asked(world)
    with refusal("departments_asked_already"):
        ask_opinions(topic, by=world.gov_clerk, departments=[world.other_department])
    ask_opinions(topic, by=world.gov_clerk, departments=[world.other_department, world.union_office])
    assert topic.opinions.count() == 2


def test_an_opinion_is_given_by_its_own_department() -> None:
    world = yuanqu()
    topic, opinion = asked(world)
    for person in (world.liaison, world.gov_clerk, world.head, world.stranger):
        with refusal("not_your_opinion"):
            give_opinion(opinion, by=person, verdict=Verdict.AGREE)
    for verdict in (Verdict.PENDING, "perhaps"):
        with refusal("opinion_missing"):
            give_opinion(opinion, by=world.other_liaison, verdict=verdict, text="分两年安排。")
    for verdict, text in ((Verdict.OBJECT, " "), (Verdict.CHANGES, "")):
        with refusal("opinion_text_missing"):
            give_opinion(opinion, by=world.other_liaison, verdict=verdict, text=text)
    given = give_opinion(opinion, by=world.other_liaison, verdict=Verdict.CHANGES, text="分两年安排。")
    assert (given.given_by, given.given_on) == (world.other_liaison, DAY)
    return_topic(topic, by=world.gov_clerk, reason="修改")
    with refusal("opinions_closed"):
        give_opinion(opinion, by=world.other_liaison, verdict=Verdict.AGREE)


def test_the_successor_of_an_asked_department_answers() -> None:
    world = yuanqu()
    _topic, opinion = asked(world)
    merge_department(world.other_department, into=world.government_office, by=world.administrator)
    heir = seat("政府办联络员", role="liaison", department=world.government_office).person
    assert give_opinion(opinion, by=heir, verdict=Verdict.AGREE).given_by == heir


def test_an_open_objection_stops_the_consensus_until_it_is_overridden_with_a_reason() -> None:
    world = yuanqu()
    topic, opinion = asked(world)
    give_opinion(opinion, by=world.other_liaison, verdict=Verdict.OBJECT, text="资金没有来源。")
    with_study(topic, world)
    with refusal("objection_open") as refused:
        agree_topic(topic, by=world.union_clerk)
    assert world.other_department.name in refused.value.reasons[0]
    for person in (world.other_liaison, world.head):
        with refusal("not_a_topic_clerk"):
            override_objection(opinion, by=person, reason="有来源")
    with refusal("override_reason_missing"):
        override_objection(opinion, by=world.gov_clerk, reason=" ")
    override_objection(opinion, by=world.gov_clerk, reason="县长办公会已明确资金来源")
    with refusal("no_open_objection"):
        override_objection(opinion, by=world.gov_clerk, reason="再次")
    agree_topic(topic, by=world.union_clerk)
    opinion.refresh_from_db()
    assert (opinion.verdict, opinion.override_reason) == (Verdict.OBJECT, "县长办公会已明确资金来源")


def test_a_new_answer_takes_the_override_back() -> None:
    world = yuanqu()
    topic, opinion = asked(world)
    give_opinion(opinion, by=world.other_liaison, verdict=Verdict.OBJECT, text="资金没有来源。")
    override_objection(opinion, by=world.gov_clerk, reason="已明确")
    give_opinion(opinion, by=world.other_liaison, verdict=Verdict.OBJECT, text="仍没有来源。")
    assert topic.opinions.get().is_open_objection


def test_an_objection_stops_the_listing_too() -> None:
    world = yuanqu()
    topic, opinion = asked(world)
    give_opinion(opinion, by=world.other_liaison, verdict=Verdict.OBJECT, text="资金没有来源。")
    with refusal("objection_open"):
        move_topic(topic, S.LISTED, by=world.gov_clerk, action="list")


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ("opinions", "nobody_asked"),
        ("answers", "opinions_outstanding"),
        ("research", "joint_research_missing"),
        ("report", "proposal_report_missing"),
    ],
)
def test_what_the_consensus_lacks_is_named_with_its_clause(missing: str, code: str) -> None:
    world = yuanqu()
    topic, opinion = asked(world) if missing != "opinions" else (studied(world), None)
    if opinion is not None and missing != "answers":
        give_opinion(opinion, by=world.other_liaison, verdict=Verdict.AGREE)
    record_study(
        topic,
        by=world.union_clerk,
        joint_research="" if missing == "research" else "联合走访。",
        proposal_report="" if missing == "report" else "建议安排。",
    )
    [gap] = TOPIC.get("agree").missing(Topic.objects.get(pk=topic.pk))
    assert gap.clause == "topic.agree"
    with refusal(code) as refused:
        agree_topic(topic, by=world.union_clerk)
    assert refused.value.reasons == [str(gap)]


def test_a_returned_topic_loses_its_approvals_visibly_and_comes_again() -> None:
    world = yuanqu()
    topic = approve_topic(conferred(world), by=world.liaison_leader)
    with refusal("return_reason_missing"):
        return_topic(topic, by=world.gov_clerk, reason=" ")
    return_topic(topic, by=world.liaison_leader, reason="缺少测算")
    assert (topic.state, topic.return_reason) == (S.RETURNED, "缺少测算")
    assert topic.approvals.filter(voided_at=None).count() == 0
    assert topic.approvals.exclude(void_reason="").count() == 3
    topic = Topic.objects.get(pk=topic.pk)
    topic.text = "已补充测算。"
    save_topic(topic, by=world.liaison)
    submit_topic(topic, by=world.liaison)
    assert topic.return_reason == ""
    for person in (world.gov_clerk, world.union_clerk):
        confer_topic(topic, by=person)
    assert topic.state == S.CONFERRED


def test_a_double_click_and_a_stale_form() -> None:
    world = yuanqu()
    topic = world.topic()
    shown = topic.version
    submit_topic(topic, by=world.liaison, version=shown)
    with refusal("stale"):
        submit_topic(topic, by=world.liaison, version=shown)
    draft = world.topic()
    first, second = Topic.objects.get(pk=draft.pk), Topic.objects.get(pk=draft.pk)
    first.title, second.title = "甲", "乙"
    save_topic(first, by=world.liaison, version=draft.version)
    with refusal("stale"):
        save_topic(second, by=world.union_clerk, version=draft.version)
    assert Topic.objects.get(pk=draft.pk).title == "甲"


def test_a_topic_before_the_notice_is_judged_by_nothing() -> None:
    world = yuanqu()
    with clock.at(date(2023, 5, 1)):
        category = world.conference.adoptions.get(judged=False).regulation.categories.first()
        topic = save_topic(new(world, category=category), by=world.liaison)
        submit_topic(topic, by=world.liaison)
    assert not topic.adoption.judged
    assert {stage.clause for stage in TOPIC.path(topic)} == {NO_CITATION}
