"""The index follows every operation within its transaction, and a record is found exactly by those who may see it."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction

from meetings import clock
from meetings.enums import Disclosure, Role, TopicState
from meetings.models import Minutes, Person, ProgressReport, RecordTag, Resolution, Topic
from meetings.operations.conference import save_conference
from meetings.operations.correction import correct_minutes
from meetings.operations.department import merge_department, save_department
from meetings.operations.meeting import explain, notify_meeting
from meetings.operations.minutes import approve_minutes, issue_minutes, send_minutes
from meetings.operations.progress import assign, report_done, report_progress, return_resolution
from meetings.operations.resolution import edit_resolution, remove_resolution, tighten_disclosure
from meetings.operations.topic import save_topic
from meetings.queries.visibility import visible
from publicity.models import Article, PublicTag
from publicity.operations.pages import take_down
from search.engines.selection import engine
from search.index_maintenance import differences, rebuild
from search.index_updates import update_index
from search.query import Query
from search.reader import Reader, public_reader, staff_reader
from tests.meetings.factories import World, chengqiao, seat, yuanqu
from tests.meetings.steps import AFTER, drafted_minutes, issued_minutes, planned_meeting, settled
from tests.publicity.factories import article, county, issued, public_outcome, publish, resolutions

pytestmark = pytest.mark.django_db


def keys_found(text: str, reader: Reader) -> set[str]:
    """Return the keys of the documents that contain all of `text`."""
    result = engine().search(Query(text=text, reader=reader))
    return set() if result.relaxed else {hit.key for hit in result.hits}


def keys_found_by(person: Person, text: str) -> set[str]:
    return keys_found(text, staff_reader(person))


def keys_found_by_public(text: str) -> set[str]:
    return keys_found(text, public_reader())


def assert_consistent() -> bool:
    """Assert that rows and full-text table equal what the sources say now. Returns True."""
    assert list(differences()) == []
    assert list(engine().faults()) == []
    return True


def visible_keys(person: Person) -> set[str]:
    """Return the keys of all records that the rules of visibility permit to this person."""
    models = {"topic": Topic, "minutes": Minutes, "resolution": Resolution, "report": ProgressReport}
    return {f"{name}:{row.pk}" for name, model in models.items() for row in visible(person, model)}


def assert_everybody_finds_what_they_may_see(*worlds: World) -> None:
    keys = ("gov_clerk", "union_clerk", "head", "union_leader", "liaison", "other_liaison", "writer", "administrator")
    people = [getattr(world, key) for world in worlds for key in (*keys, "auditor", "stranger")]
    for person in [Person.objects.get(pk=person.pk) for person in people]:
        result = engine().search(Query(reader=staff_reader(person), page_size=1000))
        assert {hit.key for hit in result.hits} == visible_keys(person), person
        assert result.total == len(visible_keys(person))
        assert sum(count.count for count in result.facets["kind"]) == len(visible_keys(person))


def test_every_step_from_the_topic_to_the_report_keeps_the_index() -> None:
    county_world, town = yuanqu(), chengqiao()
    minutes = issued_minutes(county_world, topics=2)
    assert assert_consistent()
    first = minutes.resolutions.order_by("order")[0]
    with clock.at(AFTER):
        assign(first, by=county_world.gov_clerk)
        report_progress(first, by=county_world.liaison, text="已拨付专项资金50万元。")
        report_done(first, by=county_world.liaison, text="托管班全部开班。")
        assert assert_consistent()
        return_resolution(first, by=county_world.gov_clerk, reason="请补充名单")
    assert assert_consistent()
    assert_everybody_finds_what_they_may_see(county_world, town)
    assert keys_found_by(county_world.gov_clerk, "50万") == {f"report:{ProgressReport.objects.earliest('pk').pk}"}
    assert keys_found_by(county_world.liaison, "请补充名单")
    assert not keys_found_by(town.gov_clerk, "托管班")
    assert f"minutes:{minutes.pk}" in keys_found_by(county_world.head, minutes.number)


def test_a_draft_is_found_by_the_own_side_alone_until_it_is_issued() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    resolution = minutes.resolutions.get()
    assert f"resolution:{resolution.pk}" in keys_found_by(world.gov_clerk, resolution.title)
    assert f"resolution:{resolution.pk}" not in keys_found_by(world.liaison, resolution.title)
    assert_everybody_finds_what_they_may_see(world)


def test_a_removed_resolution_is_found_no_more() -> None:
    world = yuanqu()
    resolution = drafted_minutes(world).resolutions.get()
    key = f"resolution:{resolution.pk}"
    remove_resolution(resolution, by=world.gov_clerk)
    assert key not in keys_found_by(world.gov_clerk, resolution.title)
    assert assert_consistent()


def test_an_edited_topic_is_found_by_its_new_words_alone() -> None:
    world = yuanqu()
    topic = Topic(
        conference=world.conference,
        adoption=world.adoption,
        proposer=world.department,
        category=world.category(),
        side="union",
        title="关于暑期托管的议题",
        text="建议开办托管班。",
    )
    save_topic(topic, by=world.union_clerk)
    assert keys_found_by(world.union_clerk, "托管") == {f"topic:{topic.pk}"}
    topic.title, topic.text = "关于高温津贴的议题", "建议联合检查。"
    save_topic(topic, by=world.union_clerk)
    assert not keys_found_by(world.union_clerk, "托管")
    assert keys_found_by(world.union_clerk, "高温津贴") == {f"topic:{topic.pk}"}
    assert assert_consistent()


def test_a_department_is_found_by_its_former_name_and_by_its_successors() -> None:
    world = yuanqu()
    resolution = issued_minutes(world).resolutions.get()
    key, former = f"resolution:{resolution.pk}", world.department.name
    world.department.name = "县财政金融局"
    save_department(world.department, by=world.administrator)
    assert key in keys_found_by(world.gov_clerk, former)
    assert key in keys_found_by(world.gov_clerk, "财政金融局")
    merge_department(world.department, into=world.other_department, by=world.administrator)
    assert key in keys_found_by(world.gov_clerk, world.other_department.name)
    assert assert_consistent()
    merge_department(world.other_department, into=world.government_office, by=world.administrator)
    assert key in keys_found_by(world.gov_clerk, world.government_office.name)
    assert assert_consistent()
    assert_everybody_finds_what_they_may_see(world)


def test_the_old_name_of_a_merged_department_finds_what_is_open_with_its_successor() -> None:
    world = yuanqu()
    resolution = issued_minutes(world).resolutions.get()
    key = f"resolution:{resolution.pk}"
    assert key not in keys_found_by(world.gov_clerk, world.other_department.name)
    merge_department(world.other_department, into=world.department, by=world.administrator)
    assert key in keys_found_by(world.gov_clerk, world.other_department.name)
    Resolution.objects.filter(pk=resolution.pk).update(state="verified")
    update_index(Resolution.objects.get(pk=resolution.pk))
    assert key not in keys_found_by(world.gov_clerk, world.other_department.name)
    assert assert_consistent()


def test_tags_names_and_explanations_are_renewed_where_they_are_kept() -> None:
    world = yuanqu()
    resolution = issued_minutes(world).resolutions.get()
    edit_resolution(resolution, by=world.gov_clerk, tags=["欠薪"])
    assert f"resolution:{resolution.pk}" in keys_found_by(world.gov_clerk, "欠薪")
    tag = RecordTag.objects.get()
    tag.name = "根治欠薪"
    tag.save()
    assert assert_consistent()
    world.conference.short_name = "新县"
    save_conference(world.conference, by=world.administrator)
    assert assert_consistent()
    later = planned_meeting(world, date(2026, 11, 14))
    explain(resolution, later, by=world.gov_clerk, text="资金尚未到位", opinion="建议列入下年预算")
    assert keys_found_by(world.gov_clerk, "下年预算") == {f"explanation:{later.explanations.get().pk}"}
    assert assert_consistent()


def test_what_is_told_to_a_meeting_is_found_by_whoever_may_know_of_it_and_of_the_resolution() -> None:
    world = yuanqu()
    resolution = issued_minutes(world).resolutions.get()
    with clock.at(date(2026, 10, 20)):
        later = planned_meeting(world, date(2026, 11, 14), topics=0)
        explain(resolution, later, by=world.gov_clerk, text="尚在内部研究", opinion="暂不对外")
    assert len(keys_found_by(world.gov_clerk, "内部研究")) == 1
    assert keys_found_by(world.liaison, "内部研究") == keys_found_by(world.other_liaison, "内部研究") == set()
    invited = later.attendance.create(department=world.department, name="到会人")
    with clock.at(date(2026, 10, 25)):
        notify_meeting(settled(world, later), by=world.gov_clerk)
    assert len(keys_found_by(world.liaison, "内部研究")) == 1
    assert keys_found_by(world.other_liaison, "内部研究") == set()
    later.attendance.filter(pk=invited.pk).delete()
    update_index(later)
    assert keys_found_by(world.liaison, "内部研究") == set()
    assert assert_consistent()


def test_who_acts_for_two_departments_finds_what_each_of_them_knows_one_half_of() -> None:
    world = yuanqu()
    resolution = issued_minutes(world).resolutions.get()
    heir = seat("政府办联络员", role=Role.LIAISON, department=world.government_office).person
    with clock.at(date(2026, 10, 20)):
        later = planned_meeting(world, date(2026, 11, 14), topics=0)
        explain(resolution, later, by=world.gov_clerk, text="尚在内部研究", opinion="暂不对外")
    later.attendance.create(department=world.government_office, name="到会人")
    with clock.at(date(2026, 10, 25)):
        notify_meeting(settled(world, later), by=world.gov_clerk)
    assert keys_found_by(heir, "内部研究") == set(), "the meeting alone"
    merge_department(world.department, into=world.government_office, by=None)
    assert len(keys_found_by(Person.objects.get(pk=heir.pk), "内部研究")) == 1
    assert assert_consistent()


def test_a_conference_under_another_address_takes_its_pages_along() -> None:
    world = county()
    public_outcome(world, issued(world))
    rebuild()
    world.conference.slug = "another-place"
    save_conference(world.conference, by=world.administrator)
    assert assert_consistent()
    (outcome,) = engine().search(Query(reader=public_reader(), chosen={"kind": ("outcome",)})).hits
    assert outcome.url.startswith("/another-place/outcomes/")


def test_what_is_released_is_found_by_all_and_a_withdrawal_takes_it_out() -> None:
    world = county()
    meeting = issued(world, items=2)
    rebuild()  # the factories bypass the operations
    first, second = resolutions(meeting)
    assert not keys_found_by_public(first.title)
    page = public_outcome(world, meeting)
    assert keys_found_by_public(first.title) == {f"release:{first.pk}", f"outcome:{page.pk}"}
    assert assert_consistent()
    tighten_disclosure(first, by=world.gov_clerk, disclosure=Disclosure.CLOSED, reason="涉及个人隐私")
    assert not keys_found_by_public(first.title)
    assert keys_found_by_public(second.title) == {f"release:{second.pk}", f"outcome:{page.pk}"}
    assert assert_consistent()
    take_down(page, reason="文字有误", by=world.gov_clerk)
    assert not keys_found_by_public(second.title)
    assert assert_consistent()


def test_news_is_found_once_it_is_out_by_every_block_of_it() -> None:
    world = county()
    body = [
        ("text", "<h2>暑期托管</h2><p>开班四个</p><p>免费报名</p>"),
        ("quote", {"text": "孩子有人带了", "who": "职工代表"}),
    ]
    draft = article(world, "草稿中的消息", body=body)
    assert not keys_found_by_public("托管")
    page = article(world, "托管班开班", body=body)
    page.tags.add("便民")
    page.save()
    page.save_revision(user=world.writer)
    publish(page, world)
    key = f"news:{page.pk}"
    for text in ("托管班开班", "开班四个", "孩子有人带了", "职工代表", "便民"):
        assert keys_found_by_public(text) == {key}, text
    assert not keys_found_by_public("四个免费"), "no phrase runs from one paragraph into the next"
    tag = PublicTag.objects.get()
    tag.name = "惠民"
    tag.save()
    assert keys_found_by_public("惠民") == {key}
    assert assert_consistent()
    Article.objects.get(pk=page.pk).delete()
    draft.delete()
    assert not keys_found_by_public("托管班")
    assert assert_consistent()


def test_an_operation_that_fails_leaves_the_index_as_it_was() -> None:
    world = yuanqu()
    topic = world.topic(state=TopicState.DRAFT)
    save_topic(topic, by=world.union_clerk)

    def change_and_fail() -> None:
        with transaction.atomic():
            topic.title = "半途而废的标题"
            save_topic(topic, by=world.union_clerk)
            assert keys_found_by(world.union_clerk, "半途而废")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert not keys_found_by(world.union_clerk, "半途而废")
    assert assert_consistent()


@pytest.mark.parametrize("start", [yuanqu, chengqiao])
def test_a_tenure_counts_from_its_first_day_to_its_last(start: Callable[[], World]) -> None:
    world = start()
    resolution = issued_minutes(world).resolutions.get()
    tenure = world.tenures["liaison"]
    tenure.to_date = date(2025, 12, 31)
    tenure.save()
    for day, sees in ((date(2025, 12, 31), True), (date(2026, 1, 1), False)):
        with clock.at(day):
            liaison = Person.objects.get(pk=world.liaison.pk)
            assert (f"resolution:{resolution.pk}" in keys_found_by(liaison, resolution.title)) is sees


def test_a_correction_shows_in_the_index_once_and_marks_the_old_minutes() -> None:
    world = yuanqu()
    old = issued_minutes(world)
    live = old.resolutions.get()
    with clock.at(AFTER):
        correction = correct_minutes(old, by=world.gov_clerk, reason="金额误印。")
        draft = correction.resolutions.get()
        edit_resolution(draft, by=world.gov_clerk, title="医疗互助资金改为五十万元")
        assert assert_consistent()
        assert keys_found_by(world.gov_clerk, "五十万元") == set(), "nothing of it stands yet"
        assert f"resolution:{draft.pk}" not in keys_found_by(world.gov_clerk, "")
        send_minutes(correction, by=world.gov_clerk)
        for person in (world.head, world.union_head):
            approve_minutes(correction, by=person)
        issue_minutes(correction, by=world.gov_clerk, number="垣政办纪〔2025〕21号")
    assert assert_consistent()
    assert keys_found_by(world.liaison, "五十万元") == {f"resolution:{live.pk}"}
    assert keys_found_by(world.gov_clerk, "已更正") == {f"minutes:{old.pk}"}
