"""Nobody gains the sight or hand of another by own power: which acts wait for whom."""

from datetime import date, timedelta
from typing import Any

import pytest

from meetings import clock
from meetings.enums import GroupKind, Role, SeatKind, Side
from meetings.models import (
    Approval,
    GroupSeat,
    LeadingGroup,
    LoginCode,
    Person,
    Post,
    Tenure,
)
from meetings.operations.changes_of_accounts import account_act
from meetings.operations.changes_of_posts import group_act, merger_act, post_act
from meetings.operations.changes_of_settings import protection_act
from meetings.operations.changes_of_tenures import tenure_act
from meetings.operations.conference import save_conference, save_group
from meetings.operations.department import merge_department
from meetings.operations.login import begin_device, issue_code, reset_device
from meetings.operations.pending_change import request_or_apply
from meetings.operations.people import deactivate_person, reactivate_person, save_person
from meetings.operations.tenures import begin_tenure, end_tenure, save_post, succeed
from tests.meetings.confirming import confirmed, fresh, give_password
from tests.meetings.factories import DepartmentFactory, World, chengqiao, seat
from tests.meetings.second_person.requests import LATER, NOON, TODAY, coded, new_tenure, second_administrator, vacant
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "role",
    [
        Role.HEAD_OF_GOVERNMENT,
        Role.LIAISON_LEADER,
        Role.GOVERNMENT_LEADER,
        Role.UNION_HEAD,
        Role.UNION_LEADER,
        Role.REVIEWER,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    ],
)
def test_nobody_gives_a_sensitive_post_alone(world: World, role: str) -> None:
    post, by = vacant(world, role), world.administrator
    with refusal("needs_second_person"):
        begin_tenure(post, world.stranger, by=by, from_date=TODAY)
    with refusal("needs_second_person"):
        succeed(post, world.stranger, by=by, from_date=TODAY)
    with refusal("needs_second_person"):
        save_person(fresh(world.stranger), by=by, tenures=[new_tenure(post, world.stranger)])
    assert not post.tenures.exists()
    codes = confirmed(tenure_act(world.stranger, new_tenure(post, world.stranger)), by=by, second=world.auditor)
    assert post.tenures.get().person == world.stranger
    assert codes == [], "the account is old, and its owner has the password"


@pytest.mark.parametrize("role", [Role.CLERK, Role.LIAISON, Role.WRITER, Role.NONE])
def test_an_office_hands_its_own_posts_over_alone(world: World, role: str) -> None:
    post = vacant(world, role, department=world.department)
    begin_tenure(post, world.stranger, by=world.administrator, from_date=TODAY)
    assert post.tenures.get().person == world.stranger


@pytest.mark.parametrize("role", list(Role))
def test_nobody_gives_any_post_to_himself(world: World, role: str) -> None:
    post, me = vacant(world, role, department=world.department), world.administrator
    with refusal("needs_second_person"):
        begin_tenure(post, me, by=me, from_date=TODAY)
    with refusal("needs_second_person"):
        save_person(fresh(me), by=me, tenures=[*fresh(me).tenures.all(), new_tenure(post, me)])
    assert not post.tenures.exists()


@pytest.mark.parametrize(
    ("start", "end", "raises"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), False),
        (date(2024, 12, 31), date(2025, 12, 31), True),
        (date(2025, 1, 1), date(2026, 1, 1), True),
        (date(2025, 1, 1), None, True),
        (date(2025, 2, 1), date(2025, 12, 31), True),
        (date(2025, 1, 1), date(2025, 11, 30), False),
    ],
)
def test_a_sensitive_tenure_is_cut_alone_and_extended_by_two(
    world: World, start: date, end: date | None, raises: bool
) -> None:
    held = seat("县政府党组成员", conference=world.conference, role=Role.GOVERNMENT_LEADER, from_date=date(2025, 1, 1))
    Tenure.objects.filter(pk=held.pk).update(to_date=date(2025, 12, 31))
    person = fresh(held.person)
    row = person.tenures.get()
    row.from_date, row.to_date = start, end
    if raises:
        with refusal("needs_second_person"):
            save_person(person, by=world.administrator, tenures=[row])
        with refusal("needs_second_person"):
            end_tenure(Tenure.objects.get(pk=held.pk), by=world.administrator, on=LATER)
        confirmed(tenure_act(person, row), by=world.administrator, second=world.auditor)
    else:
        save_person(person, by=world.administrator, tenures=[row])
    held.refresh_from_db()
    assert (held.from_date, held.to_date) == (start, end)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.UNION_LEADER, Role.AUDITOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("start", [TODAY, LATER])
def test_a_held_post_gets_no_sensitive_role_alone(world: World, role: str, start: date) -> None:
    post = seat("科员", conference=world.conference, from_date=start).post
    post.role = role
    with refusal("needs_second_person"):
        save_post(post, by=world.administrator)
    confirmed(post_act(post), by=world.administrator, second=world.auditor)
    assert Post.objects.get(pk=post.pk).role == role


@pytest.mark.parametrize(
    ("change", "raises"),
    [
        ({"conference": None}, True),
        ({"side": Side.GOVERNMENT}, True),
        ({"title": "副主席"}, False),
        ({"role": Role.NONE}, False),
        ({"role": Role.CLERK}, False),
    ],
)
def test_the_reach_of_a_held_sensitive_post_grows_by_two(world: World, change: dict[str, Any], raises: bool) -> None:
    post = seat("审计员二", conference=world.conference, role=Role.AUDITOR, side=Side.UNION).post
    for name, value in change.items():
        setattr(post, name, value)
    if raises:
        with refusal("needs_second_person"):
            save_post(post, by=world.administrator)
    else:
        save_post(post, by=world.administrator)


def test_the_own_post_gets_no_right_alone(world: World) -> None:
    post = seat("科员", conference=world.conference, person=world.administrator).post
    for role in (Role.CLERK, Role.WRITER):
        post.role, post.side = role, Side.UNION
        with refusal("needs_second_person"):
            save_post(post, by=world.administrator)
    second_administrator(world)
    own = world.tenures["administrator"].post
    own.conference = world.conference
    save_post(own, by=world.administrator)  # it reaches less now


def test_a_head_of_a_coordination_group_signs(world: World) -> None:
    town = chengqiao()
    held, empty = (
        seat("镇党委委员", conference=town.conference).post,
        vacant(world, Role.NONE, conference=town.conference),
    )
    group = LeadingGroup.objects.get(conference=town.conference, kind=GroupKind.COORDINATION)
    group.seats.add(GroupSeat(post=empty, kind=SeatKind.HEAD))
    save_group(group, by=world.administrator)
    with refusal("needs_second_person"):
        begin_tenure(empty, world.stranger, by=world.administrator, from_date=TODAY)
    group = LeadingGroup.objects.get(pk=group.pk)
    group.seats.add(GroupSeat(post=held, kind=SeatKind.HEAD))
    with refusal("needs_second_person"):
        save_group(group, by=world.administrator)
    confirmed(group_act(group), by=world.administrator, second=world.auditor)
    assert GroupSeat.objects.get(post=held).kind == SeatKind.HEAD
    assert Post.objects.get(pk=held.pk).headed_ids == {town.conference.pk}


def test_a_group_of_another_kind_becomes_no_coordination_group_alone(world: World) -> None:
    group = LeadingGroup(conference=world.conference, kind=GroupKind.LEADING, name="领导小组")
    group.seats.set([GroupSeat(post=world.tenures["gov_clerk"].post, kind=SeatKind.HEAD)])
    save_group(group, by=world.administrator)
    group = LeadingGroup.objects.get(pk=group.pk)
    group.kind = GroupKind.COORDINATION
    with refusal("needs_second_person"):
        save_group(group, by=world.administrator)


@pytest.mark.parametrize("key", ["head", "gov_clerk", "liaison", "auditor", "administrator", "union_leader"])
def test_nobody_takes_over_an_account_that_reads(world: World, key: str) -> None:
    person, by = give_password(getattr(world, key)), second_administrator(world)
    third = second_administrator(world, "第三管理员")
    begin_device(person)
    person.totpdevice_set.update(confirmed=True)
    with refusal("needs_second_person"):
        issue_code(person, by=by, shown_to=by)
    with refusal("needs_second_person"):
        reset_device(person, by=by)
    deactivate_person(person, by=by)
    with refusal("needs_second_person"):
        reactivate_person(person, by=by)
    for kind in ("reactivation", "second_factor", "login_code"):
        confirmed(account_act(kind, person), by=by, second=third)
    assert LoginCode.objects.get(person=person).shown_to == third


def test_ending_the_tenure_or_taking_the_role_away_opens_no_account(world: World) -> None:
    person, post = give_password(world.gov_clerk), world.tenures["gov_clerk"].post
    end_tenure(world.tenures["gov_clerk"], by=world.administrator, on=TODAY - timedelta(days=1))
    with refusal("needs_second_person"):
        issue_code(person, by=world.administrator, shown_to=world.administrator)
    post.role = Role.NONE
    save_post(post, by=world.administrator)
    with refusal("needs_second_person"):
        issue_code(person, by=world.administrator, shown_to=world.administrator)


@pytest.mark.parametrize("change", ["login", "name"])
def test_a_protected_account_keeps_its_name_and_login_name(world: World, change: str) -> None:
    person = fresh(give_password(world.head))
    if change == "login":
        person.username = "nobody-knows"
        with refusal("needs_second_person"):
            save_person(person, by=world.administrator)
        confirmed(
            account_act("login_name", person, username="nobody-knows"), by=world.administrator, second=world.auditor
        )
        assert fresh(person).username == "nobody-knows"
    else:
        person.name = "韩正新"
        with refusal("needs_second_person"):
            save_person(person, by=world.administrator)
        confirmed(account_act("person_name", person, name="韩正新"), by=world.administrator, second=world.auditor)
        assert fresh(person).name == "韩正新"


@pytest.mark.parametrize("role", [Role.CLERK, Role.LIAISON])
def test_nobody_invents_a_reader(world: World, role: str) -> None:
    """Otherwise an administrator, who sees no records, would read them under a name of nobody."""
    person = save_person(Person(username="zhao", name="赵明"), by=world.administrator)
    post = vacant(world, role, department=world.department)
    begin_tenure(post, person, by=world.administrator, from_date=TODAY)
    with refusal("needs_second_person"):
        issue_code(person, by=world.administrator, shown_to=world.administrator)
    [code] = confirmed(account_act("login_code", person), by=world.administrator, second=world.auditor)
    assert code.person == person


def test_who_saw_the_code_of_an_account_gives_it_no_right_to_read(world: World, time_machine: Any) -> None:
    """Neither by a tenure, nor by the rights of a post that it holds, nor by a merger into its department."""
    person, by = coded(world), world.administrator
    with refusal("needs_second_person"):
        begin_tenure(vacant(world, Role.CLERK), person, by=by, from_date=TODAY)
    post = vacant(world, Role.NONE, department=world.department)
    begin_tenure(post, person, by=by, from_date=TODAY)
    for role in (Role.CLERK, Role.LIAISON):
        post.role = role
        with refusal("needs_second_person"):
            save_post(post, by=by)
    Post.objects.filter(pk=post.pk).update(role=Role.LIAISON)
    with refusal("needs_second_person"):
        merge_department(DepartmentFactory.create(), into=world.department, by=by)
    time_machine.shift(timedelta(days=8))
    Post.objects.filter(pk=post.pk).update(role=Role.NONE)
    post.role = Role.CLERK
    with refusal("needs_second_person"):
        save_post(post, by=by)
    [code] = confirmed(post_act(post), by=by, second=world.auditor)
    assert code.person == person, "from now on the account is out of the hand that opened it"


def test_another_administrator_of_the_same_hand_gives_no_right_to_read_either(world: World) -> None:
    """The first administrator saw the code of the account and made the second administrator."""
    person, second = coded(world), second_administrator(world)
    post = vacant(world, Role.CLERK)
    begin_tenure(vacant(world, Role.NONE), person, by=second, from_date=TODAY)
    LoginCode.objects.create(
        person=second,
        digest="",
        issued_at=NOON,
        expires_at=NOON + timedelta(days=7),
        issued_by=world.administrator,
        shown_to=world.auditor,
    )
    with refusal("needs_second_person"):
        begin_tenure(post, person, by=fresh(second), from_date=TODAY)
    LoginCode.objects.filter(person=second).delete()
    begin_tenure(post, person, by=fresh(second), from_date=TODAY)
    assert post.tenures.get().person == person, "two people who do not depend on each other"


def test_a_writer_gets_the_first_code_alone(world: World) -> None:
    person = save_person(Person(username="zhao", name="赵明"), by=world.administrator)
    begin_tenure(vacant(world, Role.WRITER), person, by=world.administrator, from_date=TODAY)
    outcome = request_or_apply([account_act("login_code", person)], by=world.administrator)
    assert [code.person for code in outcome.codes] == [person]


def test_who_ever_signed_is_not_taken_over(world: World) -> None:
    person, head = coded(world), world.tenures["union_leader"]
    Approval.objects.create(
        topic=world.topic(),
        step="approve",
        seat="union_leader",
        post=head.post,
        tenure=head,
        person=person,
        hash="0" * 64,
        on=TODAY,
        at=clock.now(),
    )
    with refusal("needs_second_person"):
        issue_code(person, by=world.administrator, shown_to=world.administrator)


def test_a_superuser_is_no_prey(world: World) -> None:
    root = Person.objects.create_superuser("root", name="服务器", password="x")
    with refusal("needs_second_person"):
        issue_code(root, by=world.administrator, shown_to=world.administrator)


@pytest.mark.parametrize(
    ("values", "raises"),
    [
        ({"reviews_required": 2}, True),
        ({"writer_is_first_review": True}, True),
        ({"lead_confirms_release": False}, True),
        ({"reviews_required": 3, "union_section": "办公室"}, False),
    ],
)
def test_fewer_reviews_take_two(world: World, values: dict[str, Any], raises: bool) -> None:
    conference = world.conference
    conference.lead_confirms_release = True
    conference.save()
    for name, value in values.items():
        setattr(conference, name, value)
    if raises:
        with refusal("needs_second_person"):
            save_conference(conference, by=world.administrator)
        confirmed(protection_act(conference), by=world.administrator, second=world.auditor)
    else:
        save_conference(conference, by=world.administrator)
    conference.refresh_from_db()
    assert all(getattr(conference, name) == value for name, value in values.items())


def test_a_liaison_gains_no_department_by_an_own_merger(world: World) -> None:
    post = seat("联络员", conference=world.conference, department=world.department, role=Role.LIAISON).post

    Tenure.objects.filter(post=post).update(person=world.administrator)
    with refusal("needs_second_person"):
        merge_department(world.other_department, into=world.department, by=fresh(world.administrator))
    act = merger_act(world.other_department, world.department)
    confirmed(act, by=world.administrator, second=world.auditor)
    world.other_department.refresh_from_db()
    assert world.other_department.successor == world.department


def test_without_records_and_on_the_server_nobody_else_is_needed(world: World) -> None:
    begin_tenure(vacant(world), world.stranger, by=None, from_date=TODAY)
    issue_code(world.head, by=None, shown_to=None)
    from meetings.models import Topic

    Topic.objects.all().delete()
    begin_tenure(vacant(world, Role.AUDITOR), world.stranger, by=world.administrator, from_date=TODAY)
    outcome = request_or_apply([account_act("login_code", world.head)], by=world.administrator)
    assert len(outcome.codes) == 1


def test_nobody_types_a_password_for_somebody_else(world: World) -> None:
    with refusal("password_typed"):
        save_person(Person(username="zhao", name="赵明"), by=world.administrator, password="qingsong-banli-11")
