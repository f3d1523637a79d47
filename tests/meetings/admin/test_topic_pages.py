"""Topics through their pages: the form, the steps, the opinions."""

from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meetings.enums import Side, TopicState, Verdict
from meetings.machines import MACHINES
from meetings.machines.base import SAME, Input, Transition
from meetings.machines.topic import TOPIC
from meetings.models import Opinion, Topic
from meetings.operations.topic import (
    ask_opinions,
    confer_topic,
    give_opinion,
    opinion_digest,
    override_objection,
    submit_topic,
)
from meetings.rules import seats
from tests.meetings.admin.pages import at_desk, landed, page, page_text, query_count, send
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
REQUIRED = "请填写"


def values(world: World, **changed: Any) -> dict[str, Any]:
    """Return the completed form of a topic."""
    return {
        "conference": world.conference.pk,
        "proposer": world.union_office.pk,
        "side": "union",
        "category": world.category().pk,
        "title": "关于设立职工书屋的议题",
        "text": "建议在开发区设立职工书屋，由财政安排开办经费。",
        "research": "走访企业十二家。",
        **changed,
    }


# --- the form ---------------------------------------------------------------------------------------------------------
def test_a_clerk_proposes_a_topic_and_lands_on_its_page() -> None:
    world = yuanqu()
    client = at_desk(world.union_clerk)
    text = landed(send(client, "topic:add", **values(world)), client)
    topic = Topic.objects.get()
    assert (topic.state, topic.created_by) == (TopicState.DRAFT, world.union_clerk)
    assert "关于设立职工书屋的议题" in text
    assert "走访企业十二家。" in text


def test_the_own_conference_is_chosen_and_only_its_categories_offered() -> None:
    county, town = yuanqu(), chengqiao()
    text = page(at_desk(county.union_clerk), "topic:add")
    assert f'value="{county.conference.pk}" selected' in text
    assert town.conference.short_name not in text
    assert "新就业形态劳动者权益" in text
    assert "劳资关系矛盾和劳资纠纷" not in text


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("关于职工\u202e书屋的议题", "“关于职工”后面有一个看不见的控制字符（U+202E）"),
        ("\u200b关于职工书屋", "开头有一个看不见的控制字符（U+200B）"),
        ("关于\ufeff职工书屋", "U+FEFF"),
    ],
)
def test_signs_that_nobody_sees_are_refused_where_they_stand(title: str, message: str) -> None:
    world = yuanqu()
    assert message in page_text(send(at_desk(world.union_clerk), "topic:add", **values(world, title=title)))
    assert not Topic.objects.exists()


def test_an_empty_form_says_at_each_field_what_is_missing() -> None:
    world = yuanqu()
    text = page_text(
        send(at_desk(world.union_clerk), "topic:add", **values(world, title="", text="", research="已调研"))
    )
    assert text.count(REQUIRED) == 2
    assert "没有保存" in text
    assert "已调研" in text
    assert not Topic.objects.exists()


@pytest.mark.parametrize("field", ["conference", "proposer", "category"])
def test_a_forged_choice_is_refused(field: str) -> None:
    county, town = yuanqu(), chengqiao()
    foreign = {
        "conference": town.conference.pk,
        "proposer": town.union_office.pk,
        "category": town.category("pay").pk,
    }
    text = page_text(send(at_desk(county.union_clerk), "topic:add", **values(county, **{field: foreign[field]})))
    assert "没有保存" in text
    assert "关于设立职工书屋的议题" in text
    assert not Topic.objects.exists()


def test_the_side_is_that_of_the_proposing_department() -> None:
    world = yuanqu()
    text = page_text(send(at_desk(world.union_clerk), "topic:add", **values(world, side="government")))
    assert "该单位属于工会方" in text


def test_a_department_of_the_other_side_is_not_taken_and_everything_typed_is_kept() -> None:
    world = yuanqu()
    answer = send(at_desk(world.gov_clerk), "topic:add", **values(world, proposer=world.union_office.pk, side="union"))
    text = page_text(answer)
    assert "没有保存" in text
    assert "建议在开发区设立职工书屋" in text
    assert not Topic.objects.exists()


def test_a_clerk_is_offered_the_departments_of_the_own_side_and_of_neither() -> None:
    world = yuanqu()
    form = at_desk(world.gov_clerk).get(reverse("topic:add")).context["form"]
    offered = set(form.fields["proposer"].queryset)
    assert world.union_office not in offered
    assert {member.department for member in world.conference.memberships.filter(side=Side.GOVERNMENT)} <= offered


def test_an_overlong_title_is_refused_in_words_and_nothing_of_it_is_cut_off() -> None:
    world = yuanqu()
    client, title = at_desk(world.union_clerk), "很长的标题" * 60
    assert "maxlength" not in client.get(reverse("topic:add")).content.decode()
    text = page_text(send(client, "topic:add", **values(world, title=title)))
    assert "现有300个字，请缩短" in text
    assert title in text


def test_no_file_chosen_is_not_called_uploaded() -> None:
    world = yuanqu()
    topic = world.topic()
    text = page_text(send(at_desk(world.union_clerk), "topic:attach", topic.pk, version=topic.version))
    assert "请选择文件" in text
    assert not topic.attachments.exists()


def test_a_signature_that_moves_nothing_says_for_whom_it_still_waits() -> None:
    world = yuanqu()
    topic, client = world.topic(state=TopicState.SUBMITTED), at_desk(world.union_clerk)
    response = send(client, "topic:step", topic.pk, "confer", version=topic.version)
    assert "还需政府方经办人员办理" in landed(response, client)


def test_a_stale_form_is_told_who_changed_what_and_keeps_its_text() -> None:
    world = yuanqu()
    client, other = at_desk(world.union_clerk), at_desk(world.union_clerk)
    send(client, "topic:add", **values(world))
    topic = Topic.objects.get()
    opened = {**values(world), "version": topic.version}
    assert send(other, "topic:edit", topic.pk, **{**opened, "title": "关于职工书屋布点的议题"}).status_code == 302
    text = page_text(send(client, "topic:edit", topic.pk, **{**opened, "text": "我刚写好的一大段。"}))
    assert world.union_clerk.name in text
    assert "我刚写好的一大段。" in text
    assert "现在的内容是：关于职工书屋布点的议题" in text
    topic.refresh_from_db()
    assert topic.title == "关于职工书屋布点的议题"
    assert f'name="version" value="{topic.version}"' in text, "the next attempt counts from what was shown"


def test_a_submitted_topic_has_no_form() -> None:
    world = yuanqu()
    topic = submit_topic(world.topic(), by=world.liaison)
    client = at_desk(world.liaison)
    assert client.get(f"/admin/records/topic/edit/{topic.pk}/").status_code == 302
    assert f"/topic/edit/{topic.pk}/" not in page(client, "topic:inspect", topic.pk)


# --- the steps -------------------------------------------------------------------------------------------------------
def test_the_page_shows_the_way_with_clauses_and_what_is_not_required() -> None:
    county, town = yuanqu(), chengqiao()
    text = page(at_desk(county.union_clerk), "topic:inspect", county.topic().pk)
    assert "依据二（二）" in text
    assert "本制度不要求" not in text
    text = page(at_desk(town.union_clerk), "topic:inspect", town.topic().pk)
    assert text.count("本制度不要求") == 2


def test_what_is_missing_stands_beside_its_clause_and_there_is_no_button() -> None:
    world = yuanqu()
    topic = world.topic(research="")
    text = page(at_desk(world.liaison), "topic:inspect", topic.pk)
    assert "依据二（一）" in text
    assert f"/step/{topic.pk}/submit/" not in text
    answer = send(at_desk(world.liaison), "topic:step", topic.pk, "submit", version=topic.version)
    assert answer.status_code == 302
    topic.refresh_from_db()
    assert topic.state == TopicState.DRAFT


def test_one_click_submits_and_the_second_is_told() -> None:
    world = yuanqu()
    topic, client = world.topic(), at_desk(world.liaison)
    version = topic.version
    text = landed(send(client, "topic:step", topic.pk, "submit", version=version), client)
    assert "已提出" in text
    text = landed(send(client, "topic:step", topic.pk, "submit", version=version), client)
    assert "没有重复办理" in text
    topic.refresh_from_db()
    assert topic.version == version + 1


def test_two_people_at_once_one_wins_and_the_other_is_told_by_whom() -> None:
    world = yuanqu()
    topic = submit_topic(world.topic(), by=world.liaison)
    client = at_desk(world.union_clerk)
    opened = topic.version
    send(at_desk(world.gov_clerk), "topic:step", topic.pk, "return", version=opened, reason="请补充预算。")
    text = page_text(send(client, "topic:step", topic.pk, "return", version=opened, reason="我写的退回理由"))
    assert world.gov_clerk.name in text
    assert "我写的退回理由" in text


def test_whoever_may_not_is_told_whom_it_waits_for() -> None:
    world = yuanqu()
    topic = submit_topic(world.topic(), by=world.liaison)
    text = page(at_desk(world.liaison), "topic:inspect", topic.pk)
    assert "等待" in text
    client = at_desk(world.liaison)
    landed(client.get(f"/admin/records/topic/step/{topic.pk}/confer/"), client)
    topic.refresh_from_db()
    assert topic.state == TopicState.SUBMITTED


def test_an_unknown_step_is_no_page() -> None:
    world = yuanqu()
    assert at_desk(world.liaison).get(f"/admin/records/topic/step/{world.topic().pk}/fly/").status_code == 404


def test_a_signature_shows_what_it_covers() -> None:
    world = yuanqu()
    topic = submit_topic(world.topic(text="建议由财政每年安排十万元。"), by=world.liaison)
    text = page(at_desk(world.gov_clerk), "topic:step", topic.pk, "confer")
    assert "建议由财政每年安排十万元。" in text
    assert "内容校验码" in text


def test_given_approvals_stay_struck_through_after_a_return() -> None:
    world = yuanqu()
    topic = submit_topic(world.topic(), by=world.liaison)
    confer_topic(topic, by=world.gov_clerk, opinion="同意上会")
    client = at_desk(world.gov_clerk)
    text = landed(send(client, "topic:step", topic.pk, "return", version=topic.version, reason="预算需要重算"), client)
    assert "<del>" in text
    assert "同意上会" in text
    assert "作废" in text
    assert "预算需要重算" in text


def test_a_new_row_of_the_table_is_a_button_without_touching_a_template(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs: tuple[Input[Topic], ...] = (
        Input("note", "text", _("Note")),
        Input("story", "longtext", _("Story"), required=False),
        Input("day", "date", _("Day"), required=False),
        Input("sure", "checkbox", _("Sure"), required=False),
        Input("papers", "files", _("Papers"), required=False),
        Input("kind", "choice", _("Kind"), options=lambda topic: [("a", "甲"), ("b", "乙")]),
    )
    row = Transition(
        (TopicState.DRAFT,), "ponder", SAME, "再想一想", seats.proposers, inputs=inputs, clause="topic.research"
    )
    monkeypatch.setitem(MACHINES, Topic, replace(TOPIC, transitions=(*TOPIC.transitions, row)))
    world = yuanqu()
    topic, client = world.topic(), at_desk(world.liaison)
    assert "再想一想" in page(client, "topic:inspect", topic.pk)
    text = page(client, "topic:step", topic.pk, "ponder")
    for asked in inputs:
        assert f'name="{asked.name}"' in text
    assert "multipart/form-data" in text
    text = page_text(send(client, "topic:step", topic.pk, "ponder", version=topic.version, story="写了半页"))
    assert "写了半页" in text
    assert REQUIRED in text


# --- opinions ---------------------------------------------------------------------------------------------------------
def asked(world: World) -> Opinion:
    """Return the opinion that was requested from the other department."""
    topic = world.topic(state=TopicState.APPROVED)
    ask_opinions(topic, by=world.union_clerk, departments=[world.other_department])
    return topic.opinions.get()


def test_departments_are_asked_from_the_members() -> None:
    world = yuanqu()
    topic = world.topic(state=TopicState.APPROVED)
    client = at_desk(world.union_clerk)
    data = {"version": topic.version, "departments": [world.other_department.pk, world.government_office.pk]}
    text = landed(send(client, "topic:step", topic.pk, "ask_opinions", **data), client)
    assert world.other_department.name in text
    assert topic.opinions.count() == 2


def test_the_asked_liaison_answers_and_everybody_else_does_not() -> None:
    world = yuanqu()
    opinion = asked(world)
    url = ("topic:opinion", opinion.topic_id, opinion.pk)
    way = reverse("topic:opinion", args=url[1:])
    assert way in page(at_desk(world.other_liaison), "topic:inspect", opinion.topic_id)
    assert way not in page(at_desk(world.liaison), "topic:inspect", opinion.topic_id)
    text = page_text(send(at_desk(world.other_liaison), *url, verdict="object", text=""))
    assert 'role="alert"' in text
    client = at_desk(world.other_liaison)
    text = landed(send(client, *url, verdict="object", text="规划用途不符。"), client)
    assert "规划用途不符。" in text
    assert send(at_desk(world.liaison), *url, verdict="agree", text="我替他同意").status_code == 302
    opinion.refresh_from_db()
    assert opinion.verdict == Verdict.OBJECT


def test_a_clerk_overrides_an_objection_with_a_reason_that_stays() -> None:
    world = yuanqu()
    opinion = asked(world)
    Opinion.objects.filter(pk=opinion.pk).update(verdict=Verdict.OBJECT, text="不同意")
    client = at_desk(world.union_clerk)
    assert "不采纳" in page(client, "topic:inspect", opinion.topic_id)
    text = page_text(send(client, "topic:override", opinion.topic_id, opinion.pk, reason=""))
    assert REQUIRED in text
    text = landed(send(client, "topic:override", opinion.topic_id, opinion.pk, reason="县政府已协调用地"), client)
    assert "县政府已协调用地" in text
    assert "不同意" in text


def test_an_objection_is_overridden_as_it_was_shown() -> None:
    world = yuanqu()
    opinion = asked(world)
    give_opinion(opinion, by=world.other_liaison, verdict=Verdict.OBJECT, text="缺资金")
    seen = opinion_digest(Opinion.objects.get(pk=opinion.pk))
    give_opinion(opinion, by=world.other_liaison, verdict=Verdict.OBJECT, text="违反规定")
    client = at_desk(world.union_clerk)
    response: Any = send(client, "topic:override", opinion.topic_id, opinion.pk, reason="资金已到位", seen=seen)
    text = page_text(response)
    assert "资金已到位" in text
    assert not Opinion.objects.get(pk=opinion.pk).override_reason
    with refusal("stale"):
        override_objection(opinion, by=world.union_clerk, reason="资金已到位", seen=seen)
    now = response.context["form"]["seen"].value()
    landed(send(client, "topic:override", opinion.topic_id, opinion.pk, reason="资金已到位", seen=now), client)
    assert Opinion.objects.get(pk=opinion.pk).override_reason == "资金已到位"


@pytest.mark.postgresql
def test_the_page_asks_the_same_number_of_questions_at_any_size() -> None:
    world, counts = yuanqu(), []
    everybody = [world.other_department, world.department, world.government_office]
    for size in (1, 3):
        topic = world.topic(state=TopicState.APPROVED)
        ask_opinions(topic, by=world.union_clerk, departments=everybody[:size])
        counts.append(query_count(at_desk(world.union_clerk), "topic:inspect", topic.pk))
    assert counts[0] == counts[1] <= 40  # the search for similar records makes one query per pair of tokens
