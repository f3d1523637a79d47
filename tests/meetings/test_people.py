"""Tests of people, logins, posts and tenures: what an administrator may save, and what is refused."""

from datetime import date, timedelta

import pytest

from meetings import clock
from meetings.enums import Role, Side
from meetings.models import Department, Person, Post, RecordLogEntry, Tenure
from meetings.models.base import AppendOnlyError
from meetings.operations.department import merge_department, save_department
from meetings.operations.login import issue_code
from meetings.operations.people import deactivate_person, reactivate_person, save_person
from meetings.operations.tenures import begin_tenure, end_tenure, save_post, succeed
from tests.meetings.factories import (
    SINCE,
    DepartmentFactory,
    PersonFactory,
    PostFactory,
    World,
    chengqiao,
    seat,
    yuanqu,
)
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
PASSWORD = "联席会议-2025-甲"
TODAY = date(2025, 11, 20)


def spare(world: World, title: str = "新岗位", **values: object) -> Post:
    """Return a post of the conference that nobody holds."""
    post: Post = PostFactory.create(title=title, conference=world.conference, **values)
    return post


def tenure(post: Post, start: date = TODAY, end: date | None = None) -> Tenure:
    """Return a tenure as a form builds it: not saved, without its person."""
    return Tenure(post=post, full_title=post.title, from_date=start, to_date=end)


def log_of(person: Person) -> list[tuple[str, dict[str, object]]]:
    """Return the logged actions on a person with their notes."""
    rows = RecordLogEntry.objects.for_instance(person).order_by("timestamp", "id")
    return [(row.action.rpartition(".")[2], row.data) for row in rows]


def test_a_person_with_login_and_tenures_in_one_step() -> None:
    world = yuanqu()
    post = spare(world, role=Role.CLERK, side=Side.UNION)
    person = Person(username="zhao", name="赵明")
    with clock.at(TODAY):
        save_person(person, by=world.administrator, tenures=[tenure(post)])
        issue_code(person, by=world.administrator, shown_to=world.administrator)
        stored = Person.objects.get(username="zhao")
        assert [held.post for held in stored.tenures_in_force()] == [post]
    log = log_of(stored)
    assert [verb for verb, _data in log] == ["create", "tenure_begin", "login_code"]
    assert log[1][1]["rights"] == str(Role.CLERK.label)
    assert "note" not in log[1][1]


def test_a_person_is_never_deleted() -> None:
    person = PersonFactory.create()
    with pytest.raises(AppendOnlyError):
        person.delete()
    assert Person.objects.filter(pk=person.pk).exists()


def test_without_a_password_nobody_logs_in() -> None:
    world = yuanqu()
    person = save_person(Person(username="qian", name="钱代"), by=world.administrator)
    assert not person.has_usable_password()


@pytest.mark.parametrize(
    ("values", "password", "code"),
    [
        ({"name": " "}, "", "name_missing"),
        ({"username": "taken"}, "", "login_taken"),
        ({}, "Ab-1", "password_too_short"),
        ({"username": "sunlijuan-2025"}, "Sunlijuan-2025", "password_too_similar"),
        ({}, "reclamation-of-fields", "password_of_few_kinds"),
    ],
)
def test_a_person_that_is_refused_leaves_nothing(values: dict[str, str], password: str, code: str) -> None:
    world = yuanqu()
    PersonFactory.create(username="taken")
    before = Person.objects.count()
    person = Person(**{"username": "sun", "name": "孙立", **values})
    with refusal(code):
        save_person(
            person, by=None if password else world.administrator, password=password, tenures=[tenure(spare(world))]
        )
    assert Person.objects.count() == before
    assert not Tenure.objects.filter(post__title="新岗位").exists()


def test_a_weak_password_is_refused_with_every_reason() -> None:
    with refusal("password_too_common", "password_entirely_numeric", "password_of_few_kinds"):
        save_person(Person(username="sun", name="孙立"), by=None, password="12345678901")
    assert not Person.objects.filter(username="sun").exists()


@pytest.mark.parametrize(
    ("start", "end", "overlap"),
    [
        (SINCE, None, True),
        (SINCE - timedelta(days=9), SINCE - timedelta(days=1), False),
        (SINCE - timedelta(days=9), SINCE, True),
        (date(2025, 6, 30), None, True),
        (date(2025, 7, 1), None, False),
        (date(2021, 1, 1), date(2021, 1, 1), True),
    ],
)
def test_two_never_hold_a_post_at_once(start: date, end: date | None, overlap: bool) -> None:
    world = yuanqu()
    held = world.tenures["gov_leader"]
    end_tenure(held, by=world.administrator, on=date(2025, 6, 30))
    person = Person(username="li", name="李新")
    if overlap:
        with refusal("post_held_by_another"):
            save_person(person, by=world.administrator, tenures=[tenure(held.post, start, end)])
        assert not Person.objects.filter(username="li").exists()
    else:
        save_person(person, by=world.administrator, tenures=[tenure(held.post, start, end)])
        assert Tenure.objects.filter(post=held.post).count() == 2


def test_tenures_of_one_form_do_not_overlap_either() -> None:
    world = yuanqu()
    post = spare(world)
    both = [tenure(post, date(2025, 1, 1), date(2025, 6, 30)), tenure(post, date(2025, 6, 30))]
    with refusal("post_held_by_another", "post_held_by_another"):
        save_person(Person(username="wu", name="吴双"), by=world.administrator, tenures=both)
    both[1].from_date = date(2025, 7, 1)
    save_person(Person(username="wu", name="吴双"), by=world.administrator, tenures=both)


def test_a_tenure_is_changed_not_moved_and_not_removed_once_begun() -> None:
    world = yuanqu()
    person = Person.objects.get(pk=world.gov_leader.pk)
    held = person.tenures.get()
    with clock.at(TODAY):
        with refusal("tenure_has_begun"):
            save_person(person, by=world.administrator, tenures=[])
        person, held.post = Person.objects.get(pk=person.pk), spare(world)
        with refusal("tenure_changes_post"):
            save_person(person, by=world.administrator, tenures=[held])
        held = Tenure.objects.get(pk=held.pk)
        held.full_title, later = "县委常委、常务副县长", tenure(spare(world, "第二岗位"), date(2026, 1, 1))
        person = Person.objects.get(pk=person.pk)
        save_person(person, by=world.administrator, tenures=[held, later])
        assert Tenure.objects.get(pk=held.pk).full_title == "县委常委、常务副县长"
        person = Person.objects.get(pk=person.pk)
        save_person(person, by=world.administrator, tenures=[held])  # the later tenure has not begun and can be removed
    assert Tenure.objects.filter(person=person).count() == 1
    assert {verb for verb, _data in log_of(person)} == {"edit", "tenure_begin", "tenure_change", "tenure_end"}


def test_nobody_but_the_administrator_writes_people() -> None:
    world = yuanqu()
    for person in (world.gov_clerk, world.head, world.liaison, world.auditor, world.stranger):
        with refusal("not_your_administration"):
            save_person(Person(username="zhou", name="周全"), by=person)
        with refusal("not_your_administration"):
            deactivate_person(world.union_clerk, by=person)
        with refusal("not_your_administration"):
            reactivate_person(world.union_clerk, by=person)
        with refusal("not_your_administration"):
            begin_tenure(spare(world), person, by=person, from_date=TODAY)
        with refusal("not_your_administration"):
            end_tenure(world.tenures["head"], by=person)
        with refusal("not_your_administration"):
            save_post(spare(world), by=person)
        with refusal("not_your_administration"):
            save_department(Department(name="新局"), by=person)
        with refusal("not_your_administration"):
            merge_department(world.department, into=world.other_department, by=person)


def test_what_an_administrator_gives_himself_is_said() -> None:
    world = yuanqu()
    admin = Person.objects.get(pk=world.administrator.pk)
    post = spare(world, role=Role.CLERK, side=Side.GOVERNMENT)
    with clock.at(TODAY):
        begin_tenure(post, admin, by=admin, from_date=TODAY)
    verb, data = log_of(admin)[-1]
    assert verb == "tenure_begin"
    assert data["note"]
    entry = RecordLogEntry.objects.for_instance(admin).latest("timestamp")
    assert post.title in entry.formatter.format_message(entry)


def test_no_form_makes_a_superuser_or_switches_a_person_on() -> None:
    world = yuanqu()
    person = save_person(Person(username="x", name="徐", is_superuser=True, is_staff=True), by=world.administrator)
    assert not person.is_superuser
    assert not person.is_staff
    deactivate_person(person, by=world.administrator)
    person.is_active = person.is_superuser = True
    save_person(person, by=world.administrator)
    person.refresh_from_db()
    assert (person.is_active, person.is_superuser) == (False, False)


def test_an_administrator_of_one_conference_keeps_to_it() -> None:
    county, town = yuanqu(), chengqiao()
    local = seat("县管理员", role=Role.ADMINISTRATOR, conference=county.conference).person
    save_person(Person(username="feng", name="冯实"), by=local, tenures=[tenure(spare(county))])
    save_post(spare(county), by=local)
    for person in (town.gov_clerk, county.administrator, county.auditor):
        with refusal("not_your_administration"):  # a code gives access to all rights of the person
            issue_code(Person.objects.get(pk=person.pk), by=local, shown_to=local)
    with refusal("not_your_administration"):
        save_person(Person(username="chen", name="陈"), by=local, tenures=[tenure(spare(town))])
    with refusal("not_your_administration"):
        begin_tenure(PostFactory.create(title="总管理员", role=Role.ADMINISTRATOR), local, by=local, from_date=TODAY)
    moved = spare(county)
    moved.conference = None
    moved.role = Role.ADMINISTRATOR
    with refusal("not_your_administration"):
        save_post(moved, by=local)
    with refusal("not_your_administration"):
        save_department(town.department, by=local)
    save_department(county.department, by=local)


def test_the_first_administrator_is_made_by_the_superuser_of_the_server() -> None:
    founder = Person.objects.create_superuser(username="root", name="初始", password=PASSWORD)
    post = save_post(Post(title="系统管理员", role=Role.ADMINISTRATOR), by=founder)
    first = Person(username="admin", name="管理员")
    with clock.at(TODAY):
        save_person(first, by=founder, tenures=[tenure(post)])
        with refusal("not_your_administration"):
            save_person(Person(username="second", name="第二"), by=founder)


def test_deactivation_ends_tenures_and_is_not_for_oneself() -> None:
    world = yuanqu()
    person = Person.objects.get(pk=world.gov_leader.pk)
    with clock.at(TODAY):
        later = begin_tenure(spare(world), person, by=world.administrator, from_date=date(2026, 3, 1))
        with refusal("deactivates_self"):
            deactivate_person(world.administrator, by=world.administrator)
        deactivate_person(person, by=world.administrator)
        assert not person.is_active
        with refusal("already_deactivated"):
            deactivate_person(person, by=world.administrator)
        assert Tenure.objects.get(person=person).to_date == TODAY
        assert not Tenure.objects.filter(pk=later.pk).exists()
        reactivate_person(person, by=world.administrator)
        with refusal("already_active"):
            reactivate_person(person, by=world.administrator)
    with clock.at(TODAY + timedelta(days=1)):
        assert Person.objects.get(pk=person.pk).tenures_in_force() == []


def test_a_successor_takes_over_on_the_day() -> None:
    world = yuanqu()
    post, successor = world.tenures["liaison_leader"].post, PersonFactory.create(name="继任")
    start = date(2026, 1, 15)
    begun = succeed(post, successor, by=world.administrator, from_date=start, full_title="县委常委、副县长")
    old = Tenure.objects.get(pk=world.tenures["liaison_leader"].pk)
    assert (old.to_date, begun.full_title) == (date(2026, 1, 14), "县委常委、副县长")
    with refusal("post_held_by_another"):
        succeed(post, PersonFactory.create(), by=world.administrator, from_date=date(2025, 12, 1))
    assert Tenure.objects.get(pk=old.pk).to_date == date(2026, 1, 14)


def test_a_tenure_does_not_end_before_it_begins() -> None:
    world = yuanqu()
    with refusal("tenure_days_reversed"):
        save_person(
            Person(username="li", name="李新"),
            by=world.administrator,
            tenures=[tenure(spare(world), date(2025, 8, 1), date(2025, 7, 1))],
        )
    assert not Person.objects.filter(username="li").exists()
    with refusal("tenure_days_reversed"):
        end_tenure(world.tenures["head"], by=world.administrator, on=SINCE - timedelta(days=1))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"role": Role.LIAISON}, "liaison_without_department"),
        ({"role": Role.CLERK, "side": ""}, "clerk_without_side"),
        ({"role": Role.CLERK, "side": Side.NEITHER}, "clerk_without_side"),
        ({"role": Role.WRITER, "conference": None}, "role_without_conference"),
        ({"role": Role.UNION_HEAD, "conference": None}, "role_without_conference"),
    ],
)
def test_rights_need_what_belongs_to_them(values: dict[str, object], code: str) -> None:
    world = yuanqu()
    with refusal(code):
        save_post(Post(**{"title": "岗位", "conference": world.conference, **values}), by=world.administrator)


def test_a_stale_form_of_a_person_is_told() -> None:
    world = yuanqu()
    shown = Person.objects.get(pk=world.stranger.pk)
    save_person(Person.objects.get(pk=shown.pk), by=world.administrator, version=shown.version)
    with refusal("stale"):
        save_person(shown, by=world.administrator, version=shown.version)


def test_a_renamed_department_keeps_its_former_names() -> None:
    world = yuanqu()
    department = DepartmentFactory.create(name="县卫计局")
    department.name = "县卫健局"
    save_department(department, by=world.administrator)
    assert Department.objects.get(pk=department.pk).former_names == "县卫计局"
    department.name = "县卫生健康委"
    save_department(department, by=world.administrator)
    department.name = "县卫健局"
    save_department(department, by=world.administrator)
    assert set(Department.objects.get(pk=department.pk).former_names.split("、")) == {"县卫计局", "县卫生健康委"}
    with refusal("department_name_taken"):
        save_department(Department(name="县卫健局"), by=world.administrator)


def test_a_department_is_merged_once_and_not_in_a_circle() -> None:
    world = yuanqu()
    first, second, third = DepartmentFactory.create(), DepartmentFactory.create(), DepartmentFactory.create()
    merge_department(first, into=second, by=world.administrator)
    merge_department(second, into=third, by=world.administrator)
    third = Department.objects.get(pk=third.pk)
    assert third.inherited_ids == {first.pk, second.pk, third.pk}
    with refusal("already_merged"):
        merge_department(first, into=third, by=world.administrator)
    for into in (first, third):
        with refusal("successor_was_merged_into_it"):
            merge_department(third, into=into, by=world.administrator)
    with refusal("successor_was_merged"):
        merge_department(DepartmentFactory.create(), into=first, by=world.administrator)
