"""Tests of conferences and their regulations: official name, period in force, rules as data."""

from datetime import date, timedelta

import pytest

from meetings import clock
from meetings.enums import GroupKind, Level, SeatKind, Side
from meetings.models import (
    GroupSeat,
    JointConference,
    LeadingGroup,
    Membership,
    RegulationAdoption,
)
from meetings.operations.conference import save_conference, save_group
from meetings.operations.regulation import adopt_regulation, save_adoption, save_regulation, start_regulation
from meetings.queries.conference import adoption_on
from meetings.regulation_presets import CHENGQIAO
from tests.meetings.factories import (
    ConferenceFactory,
    RegulationFactory,
    World,
    chengqiao,
    coordination_group,
    regulation,
    yuanqu,
)
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 20)


def place(**values: str) -> JointConference:
    """Return an unsaved conference with the values of a form."""
    row = {
        "name": "平川县人民政府与平川县总工会联席会议",
        "short_name": "平川县",
        "slug": "pingchuan",
        "level": Level.COUNTY,
        "government_side": "平川县人民政府",
        "union_side": "平川县总工会",
    }
    return JointConference(**{**row, **values})


def test_a_conference_with_its_members() -> None:
    world = yuanqu()
    members = [(world.department, Side.GOVERNMENT), (world.union_office, Side.UNION)]
    conference = save_conference(place(), by=world.administrator, members=members)
    assert set(conference.memberships.values_list("department", "side")) == {
        (world.department.pk, "government"),
        (world.union_office.pk, "union"),
    }
    save_conference(conference, by=world.administrator, members=[(world.department, Side.NEITHER)])
    assert [row.side for row in Membership.objects.filter(conference=conference)] == [Side.NEITHER]
    with refusal("member_twice"):
        save_conference(conference, by=world.administrator, members=[*members, members[0]])
    save_conference(conference, by=world.administrator)
    assert conference.memberships.count() == 1


def test_what_somebody_else_has_taken_meanwhile_is_told_of_each_field() -> None:
    world = yuanqu()
    save_conference(place(), by=world.administrator)
    with refusal("unique") as refused:
        save_conference(place(name="另一个联席会议", short_name="平川"), by=world.administrator)
    assert len(refused.value.reasons) == 1
    with refusal("unique", "unique", "unique"):
        save_conference(place(), by=world.administrator)
    assert JointConference.objects.filter(slug="pingchuan").count() == 1


def test_the_official_name_is_enforced_and_the_right_one_is_shown() -> None:
    world = yuanqu()
    conference = JointConference.objects.get(pk=world.conference.pk)
    right = conference.name
    conference.name = "县政府和工会联席会"
    with clock.at(TODAY), refusal("name_not_official") as refused:
        save_conference(conference, by=world.administrator)
    assert right in refused.value.reasons[0]
    assert JointConference.objects.get(pk=conference.pk).name == right


def test_where_no_name_is_fixed_any_name_stands() -> None:
    world = chengqiao()
    conference = JointConference.objects.get(pk=world.conference.pk)
    conference.name = "城桥镇人民政府与工会联席会议"
    with clock.at(TODAY):
        save_conference(conference, by=world.administrator)
    assert JointConference.objects.get(pk=conference.pk).name == "城桥镇人民政府与工会联席会议"


def test_a_regulation_in_force_needs_the_official_name() -> None:
    world = yuanqu()
    conference = ConferenceFactory.create(name="某乡联席会")
    with clock.at(TODAY):
        with refusal("name_not_official"):
            adopt_regulation(conference, regulation("Y", "通知"), by=world.administrator, from_date=TODAY)
        with refusal("group_of_rule_missing"):
            adopt_regulation(conference, regulation("C", "办法"), by=world.administrator, from_date=TODAY)
        coordination_group(conference)
        adopt_regulation(conference, regulation("C", "办法"), by=world.administrator, from_date=TODAY)
        adopted = RegulationAdoption.objects.get(conference=conference)
    assert (adopted.cite("minutes").number, adopted.name_pattern) == ("五（四）", "")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (None, date(2024, 9, 4)),
        (date(2024, 9, 5), None),
        (date(2030, 1, 1), None),
        (date(2020, 1, 1), date(2020, 1, 1)),
    ],
)
def test_no_day_falls_under_two_regulations(start: date | None, end: date | None) -> None:
    world = yuanqu()
    with clock.at(TODAY), refusal("regulations_overlap"):
        adopt_regulation(
            world.conference,
            RegulationFactory.create(),
            by=world.administrator,
            from_date=start,
            to_date=end,
        )
    assert world.conference.adoptions.count() == 2


def test_one_regulation_follows_another() -> None:
    world = yuanqu()
    last = date(2026, 6, 30)
    world.adoption.to_date = last
    coordination_group(world.conference)
    with clock.at(TODAY):
        save_adoption(world.adoption, by=world.administrator)
        regulation = RegulationFactory.create()
        begin = last + timedelta(days=1)
        adopt_regulation(world.conference, regulation, by=world.administrator, rules=CHENGQIAO, from_date=begin)
        world.adoption.to_date = begin
        with refusal("regulations_overlap"):
            save_adoption(world.adoption, by=world.administrator)
    before, after = adoption_on(world.conference, last), adoption_on(world.conference, begin)
    assert before == world.adoption
    assert after is not None
    assert after.regulation == regulation


def test_days_in_the_wrong_order_are_refused() -> None:
    world = chengqiao()
    world.adoption.to_date = date(2020, 1, 1)
    with refusal("days_reversed"):
        save_adoption(world.adoption, by=world.administrator)


def test_rules_are_data_and_guarded_against_stale_forms() -> None:
    world = yuanqu()
    shown = world.adoption.version
    world.adoption.publicity_days = 5
    with clock.at(TODAY):
        save_adoption(world.adoption, by=world.administrator, version=shown)
        other = RegulationAdoption.objects.get(pk=world.adoption.pk)
        other.publicity_days = 60
        with refusal("stale"):
            save_adoption(other, by=world.administrator, version=shown)
    assert RegulationAdoption.objects.get(pk=world.adoption.pk).publicity_days == 5


def test_a_group_with_its_seats() -> None:
    world = yuanqu()
    group = LeadingGroup(conference=world.conference, kind=GroupKind.LEADING, name="领导小组")
    head = world.tenures["head"].post
    group.seats.set([GroupSeat(post=head, kind=SeatKind.HEAD), GroupSeat(post=world.tenures["union_head"].post)])
    save_group(group, by=world.administrator)
    assert group.seats.count() == 2
    group.seats.set([GroupSeat(post=head, kind=SeatKind.HEAD), GroupSeat(post=head)])
    with refusal("seat_twice"):
        save_group(group, by=world.administrator)


def no_administrator(world: World) -> list[object]:
    """Return people who are not administrators."""
    return [world.gov_clerk, world.head, world.liaison, world.auditor, world.writer, world.stranger]


def test_nobody_else_keeps_conferences() -> None:
    world = yuanqu()
    group = LeadingGroup(conference=world.conference, kind=GroupKind.LEADING, name="领导小组")
    for person in no_administrator(world):
        for write in (
            lambda by: save_conference(world.conference, by=by),
            lambda by: save_regulation(regulation("Y", "新"), by=by),
            lambda by: save_adoption(world.adoption, by=by),
            lambda by: save_group(group, by=by),
            lambda by: start_regulation("Y", by=by, title="新", issuer="办"),
        ):
            with refusal("not_your_administration"):
                write(person)
