"""Nobody gains the sight or hand of another by own power: which acts wait for whom, and from when they take effect."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from meetings import clock
from meetings.enums import ChangeState, GroupKind, Role, SeatKind, Side
from meetings.models import (
    Approval,
    GroupSeat,
    LeadingGroup,
    LoginCode,
    PendingChange,
    Person,
    Post,
    RecordLogEntry,
    Tenure,
)
from meetings.operations.change_content import content_digest, described, in_force_from, second_people
from meetings.operations.change_kinds import Act
from meetings.operations.changes_of_accounts import account_act
from meetings.operations.changes_of_posts import group_act, merger_act, post_act
from meetings.operations.changes_of_settings import protection_act
from meetings.operations.changes_of_tenures import succession_act, tenure_act
from meetings.operations.conference import save_conference, save_group
from meetings.operations.department import merge_department
from meetings.operations.login import begin_device, issue_code, reset_device
from meetings.operations.pending_change import confirm_change, decline_change, request_or_apply, withdraw_change
from meetings.operations.people import (
    begin_tenure,
    deactivate_person,
    end_tenure,
    reactivate_person,
    save_person,
    save_post,
    succeed,
)
from meetings.operations.submitting import submit_person
from meetings.rules.second_people import seen_changes
from tests.meetings.confirming import confirm, confirmed, enforce, fresh, give_password, submit, with_records
from tests.meetings.factories import DepartmentFactory, PostFactory, World, chengqiao, seat, yuanqu
from tests.refusals import refusal, refused

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 20)
NOON = datetime(2025, 11, 20, 12, tzinfo=timezone.get_default_timezone())
LATER = date(2026, 1, 1)


@pytest.fixture
def world(time_machine: Any) -> World:
    """A county with records, an administrator and an auditor of all conferences, at noon of a day."""
    time_machine.move_to(NOON, tick=False)
    return with_records(yuanqu())


def vacant(world: World, role: str = Role.UNION_LEADER, **values: Any) -> Post:
    post: Post = PostFactory.create(**{"conference": world.conference, "role": role, "side": Side.UNION, **values})
    return post


def new_tenure(post: Post, person: Person, start: date = TODAY, end: date | None = None) -> Tenure:
    return Tenure(post=post, person=person, full_title=post.title, from_date=start, to_date=end)


def second_administrator(world: World, name: str = "副管理员") -> Person:
    return give_password(seat(name, name, role=Role.ADMINISTRATOR).person)


# --- what one person may not do alone --------------------------------------------------------------------------------
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


def coded(world: World, name: str = "新人") -> Person:
    """Return a new account without rights, for which the administrator has seen a code."""
    person = save_person(Person(username=name, name=name), by=world.administrator)
    request_or_apply([account_act("login_code", person)], by=world.administrator)
    return fresh(person)


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


# --- who confirms ----------------------------------------------------------------------------------------------------
def waiting(world: World, by: Person | None = None) -> PendingChange:
    post = vacant(world)
    return submit(tenure_act(world.stranger, new_tenure(post, world.stranger)), by=by or world.administrator)


def test_another_administrator_or_an_auditor_confirms(world: World) -> None:
    other, here = second_administrator(world), world.conference
    local = give_password(seat("县审计员", role=Role.AUDITOR, conference=here).person)
    change = waiting(world)
    assert {person.pk for person in second_people(change)} == {other.pk, world.auditor.pk, local.pk}
    for person in (world.administrator, world.stranger, world.gov_clerk, world.head):
        with refusal("not_a_confirmer"):
            confirm(change, by=person)
    confirm(change, by=local)
    change.refresh_from_db()
    assert (change.state, change.decided_by) == (ChangeState.CONFIRMED, local)


def test_neither_other_conferences_nor_people_without_a_login_confirm(world: World) -> None:
    town = chengqiao("邻镇")
    elsewhere = give_password(seat("镇审计员", role=Role.AUDITOR, conference=town.conference).person)
    without = seat("无账号审计员", role=Role.AUDITOR).person
    away = give_password(seat("离任审计员", role=Role.AUDITOR, to_date=TODAY - timedelta(days=1)).person)
    stopped = give_password(seat("停用审计员", role=Role.AUDITOR).person)
    Person.objects.filter(pk=stopped.pk).update(is_active=False)
    change = waiting(world)
    for person in (elsewhere, without, away, stopped):
        with refusal("not_a_confirmer"):
            confirm(change, by=person)


def test_the_subject_does_not_confirm(world: World) -> None:
    other = second_administrator(world)
    change = submit(account_act("login_code", other), by=world.administrator, subject=other)
    with refusal("not_a_confirmer"):
        confirm(change, by=other)


@pytest.mark.parametrize("days", [6, 8])
def test_an_account_made_by_the_requester_confirms_only_after_a_week(
    world: World, time_machine: Any, days: int
) -> None:
    post = vacant(world, Role.ADMINISTRATOR, conference=None)
    puppet = save_person(Person(username="puppet", name="影子"), by=world.administrator)
    confirmed(tenure_act(puppet, new_tenure(post, puppet)), by=world.administrator, second=world.auditor)
    give_password(fresh(puppet))
    time_machine.shift(timedelta(days=days))
    change = waiting(world)
    own = waiting(world, by=puppet)
    assert (puppet in second_people(change)) is (days > 7)
    assert (world.administrator in second_people(own)) is (days > 7), "nor the other way round"


@pytest.mark.parametrize("kind", ["login_code", "second_factor", "reactivation"])
def test_an_account_reset_by_the_requester_does_not_confirm(world: World, kind: str) -> None:
    other = second_administrator(world)
    begin_device(other)
    other.totpdevice_set.update(confirmed=True)
    if kind == "reactivation":
        Person.objects.filter(pk=other.pk).update(is_active=False)
    confirmed(account_act(kind, other), by=world.administrator, second=world.auditor)
    give_password(fresh(other))
    assert other not in second_people(waiting(world))
    assert world.auditor in second_people(waiting(world))


def test_two_accounts_made_by_one_do_not_confirm_each_other(world: World) -> None:
    pair = []
    for name in ("甲", "乙"):
        post = vacant(world, Role.ADMINISTRATOR, conference=None)
        person = save_person(Person(username=name, name=name), by=world.administrator)
        confirmed(tenure_act(person, new_tenure(post, person)), by=world.administrator, second=world.auditor)
        pair.append(give_password(fresh(person)))
    assert pair[1] not in second_people(waiting(world, by=pair[0]))


def test_a_request_for_all_conferences_is_confirmed_by_whoever_supervises_all(world: World) -> None:
    local = give_password(seat("县审计员", role=Role.AUDITOR, conference=world.conference).person)
    post = vacant(world, Role.AUDITOR, conference=None)
    change = submit(tenure_act(world.stranger, new_tenure(post, world.stranger)), by=world.administrator)
    assert second_people(change) == [world.auditor]
    end_tenure(world.tenures["auditor"], by=None, on=TODAY - timedelta(days=1))
    assert second_people(change) == [], "the auditor of one conference confirms for that one"
    assert local in second_people(waiting(world))


# --- codes -----------------------------------------------------------------------------------------------------------
def test_an_account_of_the_requester_gets_a_new_code_that_the_confirmer_sees(world: World) -> None:
    person = save_person(Person(username="zhao", name="赵明"), by=world.administrator)
    [first] = request_or_apply([account_act("login_code", person)], by=world.administrator).codes
    [second] = confirmed(
        tenure_act(person, new_tenure(vacant(world), person)), by=world.administrator, second=world.auditor
    )
    assert second.person == person
    assert first.code != second.code
    codes = LoginCode.objects.filter(person=person).order_by("pk")
    assert [code.shown_to for code in codes] == [world.administrator, world.auditor]
    assert second.code.replace("-", "") not in str(list(RecordLogEntry.objects.values_list("data", flat=True)))
    assert second.code not in str(list(codes.values()))


def test_one_confirmation_covers_all_acts_of_one_request(world: World) -> None:
    person = save_person(Person(username="zhao", name="赵明"), by=world.administrator)
    acts = [
        tenure_act(person, new_tenure(vacant(world, Role.UNION_LEADER), person)),
        tenure_act(person, new_tenure(vacant(world, Role.REVIEWER), person)),
        account_act("login_code", person),
    ]
    codes = confirmed(*acts, by=world.administrator, second=world.auditor)
    assert [code.person for code in codes] == [person]
    assert fresh(person).tenures.count() == 2
    assert LoginCode.objects.filter(person=person).count() == 1


# --- without a second person -----------------------------------------------------------------------------------------
@pytest.fixture
def alone(world: World) -> World:
    """The same without an auditor who can log in: the administrator is the only one."""
    world.auditor.set_unusable_password()
    world.auditor.save()
    return world


def test_where_nobody_confirms_it_takes_effect_after_a_day(alone: World, time_machine: Any) -> None:
    change = waiting(alone)
    assert second_people(change) == []
    time_machine.shift(timedelta(hours=23, minutes=59))
    with refusal("waiting_period"):
        enforce(change, by=alone.administrator)
    time_machine.shift(timedelta(minutes=1))
    for person in (alone.auditor, alone.stranger, alone.gov_clerk):
        with refusal("puts_in_force_as_administrator"):
            enforce(change, by=person)
    enforce(change, by=alone.administrator)
    change.refresh_from_db()
    assert change.state == ChangeState.EXPIRED_IN
    assert alone.stranger.tenures.exists()
    assert {"request", "put_in_force"} == actions(change)


def actions(change: PendingChange) -> set[str]:
    return {entry.action.rpartition(".")[2] for entry in RecordLogEntry.objects.for_instance(change)}


def test_who_can_confirm_meanwhile_does(alone: World, time_machine: Any) -> None:
    change = waiting(alone)
    time_machine.shift(timedelta(days=2))
    give_password(alone.auditor)
    with refusal("confirmer_exists"):
        enforce(change, by=alone.administrator)
    confirm(change, by=alone.auditor)


@pytest.mark.parametrize("way", ["end", "deactivate", "role", "cut", "conference"])
def test_whoever_removes_the_second_person_waits_a_week(world: World, time_machine: Any, way: str) -> None:
    held, by = world.tenures["auditor"], world.administrator
    if way == "end":
        end_tenure(held, by=by, on=TODAY)
    elif way == "deactivate":
        deactivate_person(world.auditor, by=by)
    elif way == "cut":
        person = fresh(world.auditor)
        row = person.tenures.get()
        row.to_date = TODAY
        save_person(person, by=by, tenures=[row])
    else:
        post = held.post
        post.role = Role.WRITER if way == "role" else post.role
        post.conference = world.conference if way == "role" else chengqiao("邻镇").conference
        save_post(post, by=by)
    time_machine.shift(timedelta(days=1))
    change = waiting(world)
    assert second_people(change) == []
    last_day = datetime(2025, 11, 21, tzinfo=timezone.get_default_timezone())  # its end
    ended = last_day if way in {"end", "cut"} else NOON
    assert in_force_from(change) == ended + timedelta(days=7)
    time_machine.shift(timedelta(days=2))
    with refusal("waiting_period"):
        enforce(change, by=world.administrator)
    time_machine.shift(timedelta(days=5))
    enforce(change, by=world.administrator)


def test_whoever_takes_over_the_second_person_waits_a_week_too(world: World, time_machine: Any) -> None:
    change = submit(account_act("login_code", world.auditor), by=world.administrator)
    assert second_people(change) == []
    time_machine.shift(timedelta(days=1))
    with refusal("waiting_period"):
        enforce(change, by=world.administrator)
    time_machine.shift(timedelta(days=6))
    [code] = enforce(change, by=world.administrator)
    assert code.person == world.auditor
    give_password(fresh(world.auditor))
    gain = waiting(world)
    assert second_people(gain) == []
    assert in_force_from(gain) == clock.now() + timedelta(days=7)


def test_an_administrator_made_alone_is_no_second_person_for_a_week(alone: World, time_machine: Any) -> None:
    post = vacant(alone, Role.ADMINISTRATOR, conference=None)
    change = submit(tenure_act(alone.stranger, new_tenure(post, alone.stranger)), by=alone.administrator)
    time_machine.shift(timedelta(days=1))
    enforce(change, by=alone.administrator)
    give_password(fresh(alone.stranger))
    time_machine.shift(timedelta(days=6))
    assert second_people(waiting(alone, by=alone.administrator)) == []
    assert second_people(waiting(alone, by=alone.stranger)) == []
    time_machine.shift(timedelta(days=2))
    assert alone.stranger in second_people(submit(account_act("login_code", alone.head), by=alone.administrator))


# --- the life of a request -------------------------------------------------------------------------------------------
def test_the_person_concerned_declines(world: World) -> None:
    change = submit(account_act("login_code", give_password(world.head)), by=world.administrator, subject=world.head)
    assert change in seen_changes(fresh(world.head))
    with refusal("reason_missing"):
        decline_change(change, by=fresh(world.head), reason=" ")
    decline_change(change, by=fresh(world.head), reason="不是我要的")
    assert change.state == ChangeState.DECLINED
    with refusal("change_decided"):
        confirm(change, by=world.auditor)
    assert actions(change) == {"request", "decline"}


def test_only_the_requester_withdraws_and_strangers_do_nothing(world: World) -> None:
    change = waiting(world)
    with refusal("not_the_requester"):
        withdraw_change(change, by=fresh(world.auditor))
    for person in (world.gov_clerk, world.head, world.administrator):
        with refusal("may_not_decline"):
            decline_change(change, by=fresh(person), reason="不同意")
    withdraw_change(change, by=fresh(world.administrator))
    with refusal("change_decided"):
        confirm(change, by=world.auditor)
    assert not world.stranger.tenures.exists()


def test_a_request_is_put_in_force_once(world: World) -> None:
    change = waiting(world)
    other = PendingChange.objects.get(pk=change.pk)
    confirm(change, by=world.auditor)
    with refusal("change_decided"):
        confirm_change(other, by=fresh(world.auditor), version=other.version, seen=content_digest(other))
    assert world.stranger.tenures.count() == 1


def test_the_same_request_waits_once(world: World) -> None:
    post = vacant(world)
    act = tenure_act(world.stranger, new_tenure(post, world.stranger))
    submit(act, by=world.administrator)
    with refusal("change_waits_already"):
        submit(act, by=world.administrator)


def test_nobody_confirms_what_was_not_shown(world: World) -> None:
    post = vacant(world, Role.UNION_LEADER)
    change = submit(tenure_act(world.stranger, new_tenure(post, world.stranger)), by=world.administrator)
    seen = content_digest(change)
    post.role, post.conference = Role.ADMINISTRATOR, None
    save_post(post, by=world.administrator)  # nobody holds it yet
    with refusal("stale"):
        confirm_change(change, by=fresh(world.auditor), version=change.version, seen=seen)
    assert not post.tenures.exists()


def changed_post(world: World) -> tuple[Act, Callable[[], object]]:
    post = seat("科员", conference=world.conference).post
    post.role = Role.REVIEWER
    return post_act(post), lambda: Post.objects.filter(pk=post.pk).update(side=Side.UNION)


def taken_post(world: World) -> tuple[Act, Callable[[], object]]:
    post = vacant(world)
    act = tenure_act(world.stranger, new_tenure(post, world.stranger))
    return act, lambda: begin_tenure(post, world.liaison, by=None, from_date=TODAY)


def deactivated(world: World) -> tuple[Act, Callable[[], object]]:
    act = succession_act(vacant(world), world.stranger, from_date=TODAY)
    return act, lambda: deactivate_person(world.stranger, by=None)


@pytest.mark.parametrize(
    ("case", "code"),
    [(changed_post, "changed_meanwhile"), (taken_post, "post_held_by_another"), (deactivated, "is_inactive_meanwhile")],
)
def test_what_changed_meanwhile_refuses_and_the_request_stays(
    world: World, case: Callable[[World], tuple[Act, Callable[[], object]]], code: str
) -> None:
    act, meanwhile = case(world)
    change = submit(act, by=world.administrator)
    meanwhile()
    with refusal(code):
        confirm(change, by=world.auditor)
    change.refresh_from_db()
    assert change.state == ChangeState.WAITING


def test_a_requester_who_may_no_longer_do_it_gains_nothing(world: World) -> None:
    other = second_administrator(world)
    change = waiting(world, by=other)
    end_tenure(other.tenures.get(), by=None, on=TODAY - timedelta(days=1))
    with refusal("not_your_administration"):
        confirm(change, by=world.auditor)


def test_what_is_impossible_is_said_when_it_is_submitted(world: World) -> None:
    act = tenure_act(world.stranger, new_tenure(world.tenures["head"].post, world.stranger))
    reasons = refused(lambda: submit(act, by=world.administrator), "post_held_by_another")
    assert "韩正" in reasons[0]
    assert not PendingChange.objects.exists()


def test_a_request_is_never_deleted(world: World) -> None:
    with pytest.raises(TypeError):
        waiting(world).delete()


def test_the_log_names_who_confirmed(world: World) -> None:
    confirmed(
        tenure_act(world.stranger, new_tenure(vacant(world), world.stranger)),
        by=world.administrator,
        second=world.auditor,
    )
    entry = RecordLogEntry.objects.for_instance(world.stranger).latest("pk")
    assert entry.user == world.administrator
    assert world.auditor.name in entry.formatter.format_message(entry)


def test_who_reads_requests(world: World) -> None:
    town = chengqiao("邻镇")
    local = seat("县审计员", role=Role.AUDITOR, conference=world.conference).person
    elsewhere = seat("镇审计员", role=Role.AUDITOR, conference=town.conference).person
    change = waiting(world)
    everywhere = submit(
        tenure_act(world.writer, new_tenure(vacant(world, Role.AUDITOR, conference=None), world.writer)),
        by=world.administrator,
    )
    seen = {
        person.name: set(seen_changes(fresh(person)))
        for person in (world.administrator, world.auditor, local, elsewhere, world.stranger, world.gov_clerk)
    }
    assert list(seen.values()) == [
        {change, everywhere},
        {change, everywhere},
        {change},
        set(),
        {change},
        set(),
    ]


# --- ways around -----------------------------------------------------------------------------------------------------
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
