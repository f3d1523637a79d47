"""Ways around the second person that were tried, and do not work."""

from datetime import timedelta
from typing import Any

import pytest

from meetings import clock
from meetings.enums import GroupKind, Role, SeatKind, Side
from meetings.models import (
    GroupSeat,
    LeadingGroup,
    Person,
)
from meetings.operations.change_content import described, in_force_from, second_people
from meetings.operations.changes_of_accounts import account_act
from meetings.operations.changes_of_posts import group_act
from meetings.operations.changes_of_tenures import succession_act, tenure_act
from meetings.operations.pending_change import decline_change, request_or_apply
from meetings.operations.submitting import submit_person
from meetings.operations.tenures import begin_tenure
from meetings.rules.second_people import seen_changes
from tests.meetings.confirming import confirm, confirmed, enforce, fresh, give_password, submit
from tests.meetings.factories import World, chengqiao, seat
from tests.meetings.second_person.requests import NOON, TODAY, new_tenure, vacant, waiting
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


def test_what_is_confirmed_is_shown(world: World) -> None:
    """The printed title too, and the kind and place of a group: whoever confirms reads all that is put in force."""
    tenure = new_tenure(vacant(world), world.stranger)
    tenure.full_title = "县总工会党组书记"
    group = LeadingGroup(
        conference=world.conference, name="协调小组", kind=GroupKind.COORDINATION, located_at="镇政府二楼"
    )
    group.seats.set([GroupSeat(post=world.tenures["union_head"].post, kind=SeatKind.HEAD)])
    succession = succession_act(vacant(world), world.stranger, from_date=TODAY, full_title="副书记")
    shown = "".join(
        line for act in (tenure_act(world.stranger, tenure), group_act(group), succession) for line in described(act)
    )
    for told in ("县总工会党组书记", "协调小组", "镇政府二楼", "副书记", str(GroupKind.COORDINATION.label)):
        assert told in shown


def test_a_request_that_reaches_beyond_a_conference_is_read_and_declined_by_who_supervises_all_of_it(
    world: World,
) -> None:
    town, village = chengqiao("邻镇"), chengqiao("另镇")
    person = seat("两镇联络员", conference=town.conference, role=Role.CLERK, side=Side.UNION).person
    begin_tenure(vacant(village, Role.CLERK, conference=village.conference), person, by=None, from_date=TODAY)
    change = submit(account_act("login_code", fresh(person)), by=world.administrator)
    local = {
        at: seat(f"审计员{at.pk}", role=Role.AUDITOR, conference=at).person
        for at in (town.conference, world.conference)
    }
    both = seat("两镇审计员", role=Role.AUDITOR, conference=town.conference).person
    begin_tenure(vacant(village, Role.AUDITOR, conference=village.conference), both, by=None, from_date=TODAY)
    for one in (*local.values(), seat("镇管理员", role=Role.ADMINISTRATOR, conference=town.conference).person):
        assert change not in seen_changes(fresh(one))
        with refusal("may_not_decline"):
            decline_change(change, by=fresh(one), reason="不同意")
    assert change in seen_changes(fresh(both))
    decline_change(change, by=fresh(both), reason="不同意")


def test_where_nobody_supervises_all_of_it_those_of_a_part_read_it(alone: World) -> None:
    """They confirm none of it, but they look at it before an administrator puts it in force."""
    town, village = chengqiao("邻镇"), chengqiao("另镇")
    person = seat("两镇联络员", conference=town.conference, role=Role.CLERK, side=Side.UNION).person
    begin_tenure(vacant(village, Role.CLERK, conference=village.conference), person, by=None, from_date=TODAY)
    part = give_password(seat("镇审计员", role=Role.AUDITOR, conference=town.conference).person)
    elsewhere = give_password(seat("县审计员", role=Role.AUDITOR, conference=alone.conference).person)
    change = submit(account_act("login_code", fresh(person)), by=alone.administrator)
    assert second_people(change) == []
    assert change in seen_changes(fresh(part))
    assert change not in seen_changes(fresh(elsewhere))
    with refusal("not_a_confirmer"):
        confirm(change, by=fresh(part))
    decline_change(change, by=fresh(part), reason="不知情")


def test_a_tenure_is_not_moved_to_another_post_by_a_request(world: World) -> None:
    held, other = world.tenures["writer"], vacant(world, Role.AUDITOR)
    person = fresh(held.person)
    row = person.tenures.get()
    row.post = other
    person.tenures.set([row])
    with refusal("tenure_changes_post"):
        submit_person(person, by=fresh(world.administrator))


def test_nobody_reads_under_the_name_of_somebody_whose_account_was_taken(world: World) -> None:
    """A writer reads no records, so one person opens the account; to make a clerk of it then takes two."""
    writer = world.writer
    [code] = request_or_apply([account_act("login_code", writer)], by=world.administrator).codes
    give_password(fresh(writer))
    post = vacant(world, Role.CLERK)
    with refusal("needs_second_person"):
        begin_tenure(post, fresh(writer), by=world.administrator, from_date=TODAY)
    [new] = confirmed(tenure_act(writer, new_tenure(post, writer)), by=world.administrator, second=world.auditor)
    assert new.code != code.code


def test_the_second_person_is_not_disarmed_by_an_own_code(world: World, time_machine: Any) -> None:
    """Who confirmed a code for the requester could act through that account, and confirms nothing for a week."""
    confirmed(account_act("login_code", world.administrator), by=world.administrator, second=world.auditor)
    give_password(fresh(world.administrator))
    change = waiting(world)
    assert second_people(change) == []
    assert in_force_from(change) == clock.now() + timedelta(days=7)
    time_machine.shift(timedelta(days=8))
    assert second_people(change) == [world.auditor]


def test_a_request_about_the_second_person_that_gives_no_power_disarms_nobody(world: World, time_machine: Any) -> None:
    post = vacant(world, Role.REVIEWER)
    about = submit(tenure_act(world.auditor, new_tenure(post, world.auditor)), by=world.administrator)
    assert in_force_from(about) == NOON + timedelta(days=7), "the only reason why nobody confirms is who is concerned"
    time_machine.shift(timedelta(days=7))
    enforce(about, by=world.administrator)
    assert second_people(waiting(world)) == [world.auditor]


def test_the_account_of_the_server_is_confirmed_by_whoever_supervises_all(world: World) -> None:
    local = give_password(seat("县审计员", role=Role.AUDITOR, conference=world.conference).person)
    root = Person.objects.create_superuser("root", name="服务器", password="x")
    change = submit(account_act("login_code", root), by=world.administrator)
    assert second_people(change) == [world.auditor]
    assert local not in second_people(change)
