"""An administrator of one conference gets at no record of another one, whatever they create, change or combine.

The administrator is the town's, the records are the county's. What they may do within the town is tested here too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from meetings import clock
from meetings.enums import GroupKind, MinutesState, Role, SeatKind, Side
from meetings.models import (
    Attendance,
    Department,
    GroupSeat,
    JointConference,
    LeadingGroup,
    Membership,
    Person,
    Post,
    RecordLogEntry,
    RegulationAdoption,
    ResolutionPart,
    Tenure,
    WorkItem,
)
from meetings.models.catalogue import RECORDS
from meetings.operations.conference import save_conference, save_group
from meetings.operations.department import merge_department, save_department
from meetings.operations.login import issue_code
from meetings.operations.people import deactivate_person, save_person
from meetings.operations.progress import report_progress
from meetings.operations.regulation import save_adoption
from meetings.operations.tenures import begin_tenure, save_post, succeed
from meetings.operations.topic import give_opinion
from meetings.queries.log import unread_entries
from meetings.queries.people import DEPARTMENT_TIES, departments_of, group_heads
from meetings.queries.supervision import department_tasks, letter_departments
from meetings.queries.visibility import reader_tokens, visible
from meetings.rules.addressees import Holders, work_of
from meetings.rules.people import managed_departments, manages
from meetings.rules.seats import LEAD_LIAISON, UNION_HEAD, is_liaison_of, seat_of
from publicity.models import PublicDecision, Release
from tests.meetings.factories import (
    ConferenceFactory,
    DepartmentFactory,
    PersonFactory,
    PostFactory,
    World,
    chengqiao,
    seat,
    yuanqu,
)
from tests.meetings.follow_up import assigned
from tests.meetings.test_visibility import DAY, ROWS
from tests.meetings.work import refresh_work
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


@dataclass
class Case:
    """The county with its records, the town, and the town's administrator."""

    county: World
    town: World
    local: Person


@pytest.fixture
def case(db: None) -> Case:
    county, town = yuanqu(), chengqiao()
    return Case(county, town, seat("镇管理员", role=Role.ADMINISTRATOR, conference=town.conference).person)


def again(person: Person) -> Person:
    """Load the person anew, as the next request does."""
    return Person.objects.get(pk=person.pk)


def members(conference: JointConference) -> list[tuple[Department, str]]:
    """Return the present members as `save_conference` takes them."""
    return [(row.department, row.side) for row in conference.memberships.select_related("department")]


def liaison_post(case: Case, **values: Any) -> Post:
    """Return an unsaved liaison's post of the town."""
    return Post(**{"title": "联络员", "conference": case.town.conference, "role": Role.LIAISON, **values})


# --- a post that does not match its conference -----------------------------------------------------------------------
@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.LIAISON, Role.NONE}])
def test_a_post_with_rights_names_a_department_of_its_conference(case: Case, role: Role) -> None:
    post = liaison_post(case, role=role, side=Side.UNION, department=case.county.department)
    for by in (case.local, case.county.administrator, None):
        with refusal("post_department_not_a_member"):
            save_post(post, by=by)
    post.department = None
    assert save_post(post, by=case.local).pk


def test_a_liaison_is_of_a_member_of_the_conference(case: Case) -> None:
    post = liaison_post(case, department=case.county.department)
    for by in (case.local, case.county.administrator, None):
        with refusal("liaison_department_not_a_member") as refused:
            save_post(post, by=by)
        assert refused.value.fields == ["department"]
    assert not Post.objects.filter(title="联络员").exists()
    post.department = case.town.department
    assert save_post(post, by=case.local).pk


def test_a_post_without_rights_may_name_any_department(case: Case) -> None:
    post = liaison_post(case, role=Role.NONE, department=case.county.department)
    assert save_post(post, by=case.local).pk


def test_only_an_administrator_of_all_makes_a_post_of_all_conferences(case: Case) -> None:
    post = liaison_post(case, conference=None, department=case.town.department)
    with refusal("not_your_administration"):
        save_post(post, by=case.local)
    saved = save_post(post, by=case.county.administrator)
    saved.department = case.county.department
    with refusal("not_your_administration"):
        save_post(saved, by=case.local)


def test_a_post_that_does_not_match_is_not_given_to_anybody(case: Case) -> None:
    post = PostFactory.create(
        title="旧岗", role=Role.LIAISON, conference=case.town.conference, department=case.county.department
    )
    with refusal("liaison_department_not_a_member"):
        begin_tenure(post, PersonFactory.create(), by=case.local, from_date=DAY)
    person = Person(username="zhao", name="赵明")
    with refusal("liaison_department_not_a_member"):
        save_person(person, by=case.local, tenures=[Tenure(post=post, full_title="旧岗", from_date=DAY)])


@pytest.mark.parametrize("row", ROWS)
def test_a_post_that_does_not_match_reads_no_record_of_the_department(case: Case, row: str) -> None:
    """Such posts may exist in older installations. They reach nothing of the conference that they do not name."""
    with clock.at(DAY):
        record = ROWS[row][0](case.county)
        for role in Role:
            for department in (case.county.department, case.county.other_department):
                place: dict[str, Any] = {"conference": case.town.conference, "side": Side.UNION}
                person = seat("旧岗", role=role, department=department, **place).person
                for model in RECORDS:
                    assert not visible(person, model).exists(), (role, model)
        assert record.pk


def test_a_post_that_does_not_match_fills_no_seat(case: Case) -> None:
    with clock.at(date(2025, 12, 1)):
        resolution = assigned(case.county)
        topic = case.county.topic(state="approved")
        asked = topic.opinions.create(department=case.county.other_department, asked_on=DAY)
        refresh_work()
        assert WorkItem.objects.filter(conference=case.county.conference, department=asked.department).exists()
        town, lead = case.town.conference, resolution.parts.get(role="lead").department
        for department in (lead, asked.department):
            for role in Role:
                person = seat("旧岗", role=role, department=department, conference=town, side=Side.UNION).person
                assert seat_of(person, resolution, [LEAD_LIAISON]) is None
                assert not is_liaison_of(person, case.county.conference.pk, department.pk)
                assert not work_of(person).filter(conference=case.county.conference).exists()
                assert not department_tasks(person)
                assert not letter_departments(person, case.county.conference, [department])
                with refusal("not_your_opinion"):
                    give_opinion(asked, by=person, verdict="agree")
                with refusal("not_your_post"):
                    report_progress(resolution, by=person, text="冒名的报告")


def test_a_liaison_of_the_conference_and_one_of_all_act(case: Case) -> None:
    with clock.at(date(2025, 12, 1)):
        resolution = assigned(case.county)
        lead = resolution.parts.get(role="lead").department
        everywhere = seat("联络员", role=Role.LIAISON, department=lead).person
        for person in (case.county.liaison, everywhere):
            assert seat_of(person, resolution, [LEAD_LIAISON]) is not None
            assert is_liaison_of(person, case.county.conference.pk, lead.pk)
            assert [task.department for task in department_tasks(person)] == [lead]
            report_progress(resolution, by=person, text="已拟定方案")


def test_a_person_of_other_conferences_alone_is_not_drawn_into_the_own_one(case: Case) -> None:
    """Administrators and auditors of a conference read the logins of everybody who held a post in it."""
    post = PostFactory.create(title="镇岗", conference=case.town.conference)
    for person in (case.county.head, case.county.auditor):
        with refusal("person_of_another_conference"):
            begin_tenure(post, person, by=case.local, from_date=DAY)
        with refusal("person_of_another_conference"):
            succeed(post, person, by=case.local, from_date=DAY)
    shared = seat("镇职务", conference=case.town.conference, person=case.county.gov_clerk).person
    succeed(post, shared, by=case.local, from_date=DAY)
    succeed(post, case.county.head, by=case.county.administrator, from_date=DAY + timedelta(days=1))


def test_a_superuser_is_not_theirs_although_the_post_is(case: Case) -> None:
    """A superuser edits the public pages of all conferences."""
    founder = Person.objects.create_superuser(username="root", name="初始")
    seat("镇职务", conference=case.town.conference, person=founder)
    with refusal("not_your_administration"):
        save_person(founder, by=case.local)
    with refusal("not_your_administration"):
        issue_code(founder, by=case.local, shown_to=case.local)
    with refusal("not_your_administration"):
        deactivate_person(founder, by=case.local)


# --- departments -----------------------------------------------------------------------------------------------------
def test_the_administrator_of_a_conference_keeps_its_departments(case: Case) -> None:
    new = save_department(Department(name="镇新办"), by=case.local, conference=case.town.conference, side=Side.NEITHER)
    assert [(row.conference, row.side) for row in new.memberships.all()] == [(case.town.conference, Side.NEITHER)]
    new.telephone = "0359-1"
    save_department(new, by=case.local)
    merge_department(new, into=case.town.department, by=case.local)
    assert case.town.department in managed_departments(case.local)


def test_a_department_is_created_for_an_administered_conference(case: Case) -> None:
    with refusal("department_without_conference"):
        save_department(Department(name="镇新办"), by=case.local)
    with refusal("not_your_administration"):
        save_department(Department(name="镇新办"), by=case.local, conference=case.county.conference)
    with refusal("not_your_administration"):
        save_department(Department(name="镇新办"), by=case.town.gov_clerk, conference=case.town.conference)
    assert not Department.objects.filter(name="镇新办").exists()
    assert save_department(Department(name="县新办"), by=case.county.administrator).memberships.count() == 0


def _member(case: Case, department: Department) -> None:
    Membership.objects.create(conference=case.county.conference, department=department)


def _post_with_rights(case: Case, department: Department) -> None:
    PostFactory.create(role=Role.LIAISON, conference=case.county.conference, department=department)


def _post_of_all(case: Case, department: Department) -> None:
    PostFactory.create(role=Role.LIAISON, department=department)


def _topic(case: Case, department: Department) -> None:
    case.county.topic(proposer=department)


def _opinion(case: Case, department: Department) -> None:
    case.county.topic().opinions.create(department=department, asked_on=DAY)


def _part(case: Case, department: Department) -> None:
    row = ROWS["a settled resolution"][0](case.county)
    ResolutionPart.objects.create(resolution_id=row.pk, department=department, role="co")


def _merged_one(case: Case, department: Department) -> None:
    merged = DepartmentFactory.create(successor=department)
    _member(case, merged)


TIES: list[Callable[[Case, Department], None]] = [
    *(_member, _post_with_rights, _post_of_all, _topic, _opinion, _part, _merged_one),
]


@pytest.mark.parametrize("tie", TIES)
def test_a_department_that_belongs_elsewhere_too_is_not_theirs(
    case: Case, tie: Callable[[Case, Department], None]
) -> None:
    shared, own = case.town.department, case.town.other_department
    assert manages(case.local, shared)
    tie(case, shared)
    assert not manages(case.local, shared)
    assert shared not in managed_departments(case.local)
    shared.name = "改名"
    with refusal("not_your_administration"):
        save_department(shared, by=case.local)
    for one, other in ((shared, own), (own, shared)):
        with refusal("not_your_administration"):
            merge_department(Department.objects.get(pk=one.pk), into=other, by=case.local)
    former = [pair for pair in members(case.town.conference) if pair[0] != shared]
    Tenure.objects.filter(post__department=shared).delete()
    save_conference(case.town.conference, by=case.local, members=former)
    with refusal("member_of_another_conference"):
        save_conference(case.town.conference, by=case.local, members=[*former, (shared, Side.UNION)])
    assert manages(case.county.administrator, shared)


def test_every_reference_to_a_department_is_a_tie_or_is_none_for_a_reason() -> None:
    """Who is invited follows from topics and posts, work items and releases from records."""
    referring = {relation.related_model for relation in Department._meta.related_objects}
    tied = {model for model, *_others in DEPARTMENT_TIES}
    assert referring - tied == {Department, Attendance, WorkItem, Release, PublicDecision}


def test_a_post_without_rights_takes_no_department_from_its_administrator(case: Case) -> None:
    PostFactory.create(title="县的职务", conference=case.county.conference, department=case.town.department)
    assert manages(case.local, case.town.department)


@pytest.mark.parametrize("size", [1, 3])
def test_the_departments_of_a_conference_are_read_in_a_fixed_number_of_queries(
    case: Case, size: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for _number in range(size):
        Membership.objects.create(conference=case.county.conference, department=DepartmentFactory.create())
    expected = set(Department.objects.filter(memberships__conference=case.town.conference))
    with django_assert_num_queries(3):  # all kinds of ties, successors, the rows
        assert set(departments_of([case.town.conference.pk])) == expected


# --- members ---------------------------------------------------------------------------------------------------------
def test_another_conferences_department_becomes_a_member_by_an_administrator_of_all(case: Case) -> None:
    wanted = [*members(case.town.conference), (case.county.department, Side.GOVERNMENT)]
    with refusal("member_of_another_conference") as refused:
        save_conference(case.town.conference, by=case.local, members=wanted)
    assert case.county.department.name in refused.value.reasons[0]
    save_conference(case.town.conference, by=case.county.administrator, members=wanted)
    changed = [*wanted[:-1], (case.county.department, Side.NEITHER)]
    save_conference(case.town.conference, by=case.local, members=changed)
    assert case.town.conference.memberships.get(department=case.county.department).side == Side.NEITHER


def test_a_member_with_a_liaison_is_not_taken_out(case: Case) -> None:
    fewer = [pair for pair in members(case.town.conference) if pair[0] != case.town.department]
    with refusal("member_has_posts") as refused:
        save_conference(case.town.conference, by=case.local, members=fewer)
    assert case.town.liaison.name in refused.value.reasons[0]
    Tenure.objects.filter(post=case.town.tenures["liaison"].post).update(to_date=date(2024, 1, 1))
    save_conference(case.town.conference, by=case.local, members=fewer)
    assert not case.town.conference.memberships.filter(department=case.town.department).exists()


def test_membership_of_the_department_gives_no_record_of_its_other_conference(case: Case) -> None:
    """Even a department that both conferences share, with a liaison of the town, opens nothing of the county."""
    Membership.objects.create(conference=case.town.conference, department=case.county.department)
    post = save_post(liaison_post(case, department=case.county.department), by=case.local)
    begin_tenure(post, case.local, by=case.local, from_date=DAY)
    with clock.at(DAY):
        record = ROWS["a settled resolution"][0](case.county)
        local = again(case.local)
        assert not visible(local, type(record)).exists()
        assert reader_tokens(local) == {f"department:{case.county.department.pk}@{case.town.conference.pk}"}


# --- groups, adoptions, conferences ----------------------------------------------------------------------------------
def test_a_group_seats_posts_of_its_own_conference(case: Case) -> None:
    group = LeadingGroup.objects.get(conference=case.town.conference)
    group.seats.add(GroupSeat(post=case.county.tenures["union_head"].post, kind=SeatKind.HEAD))
    for by in (case.local, case.county.administrator):
        with refusal("seat_of_another_conference"):
            save_group(group, by=by)


def test_a_foreign_post_that_sits_in_a_group_signs_nothing(case: Case) -> None:
    group = LeadingGroup.objects.get(conference=case.town.conference)
    GroupSeat.objects.create(group=group, post=case.county.tenures["union_leader"].post, kind=SeatKind.HEAD)
    meeting = ROWS["a held meeting"][0](case.town)
    assert seat_of(case.county.union_leader, meeting, [UNION_HEAD]) is None  # type: ignore[arg-type]
    assert seat_of(case.town.union_head, meeting, [UNION_HEAD]) is not None  # type: ignore[arg-type]
    assert case.county.tenures["union_leader"] not in group_heads(case.town.conference)
    item = WorkItem.objects.create(
        conference=case.town.conference, seat=UNION_HEAD.key, action="test", record=meeting, since=clock.now()
    )
    assert Holders([case.town.conference.pk]).of(item) == [case.town.union_head]
    assert item in work_of(case.town.union_head)
    assert not work_of(case.county.union_leader).exists()


def test_a_group_of_another_conference_is_not_taken_over(case: Case) -> None:
    group = LeadingGroup.objects.create(
        conference=case.county.conference, kind=GroupKind.COORDINATION, name="县协调小组"
    )
    group.conference = case.town.conference
    with refusal("not_your_administration"):
        save_group(group, by=case.local)


def test_a_post_that_sits_in_a_group_stays_in_its_conference(case: Case) -> None:
    post = case.town.tenures["union_head"].post
    post.conference, post.department = case.county.conference, case.county.union_office
    with refusal("not_your_administration"):
        save_post(post, by=case.local)
    with refusal("post_sits_in_group"):
        save_post(post, by=case.county.administrator)


def test_an_adoption_of_another_conference_is_not_taken_over(case: Case) -> None:
    adoption = RegulationAdoption.objects.filter(conference=case.county.conference).first()
    assert adoption is not None
    adoption.conference = case.town.conference
    with refusal("not_your_administration"):
        save_adoption(adoption, by=case.local)


def test_a_superior_conference_gives_no_rights(case: Case) -> None:
    town = case.town.conference
    county = case.county.conference
    JointConference.objects.filter(pk=county.pk).update(parent=town)
    save_conference(town, by=case.local)
    with refusal("not_your_administration"):
        save_conference(JointConference.objects.get(pk=county.pk), by=case.local)
    with refusal("not_your_administration"):
        save_conference(ConferenceFactory.build(parent=town), by=case.local)
    with clock.at(DAY):
        ROWS["issued minutes"][0](case.county)
        assert not visible(case.town.head, RECORDS[2]).filter(state=MinutesState.ISSUED).exists()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.CLERK])
def test_the_history_of_what_is_shared_tells_nothing_of_other_conferences(role: str) -> None:
    county, town = yuanqu(), chengqiao()
    here = seat("镇里的人", role=role, conference=town.conference, side=Side.GOVERNMENT).person
    person = county.stranger
    for world in (county, town):
        post = PostFactory.create(conference=world.conference, role=Role.NONE)
        begin_tenure(post, person, by=None, from_date=date(2025, 1, 1))
    begun = RecordLogEntry.objects.for_instance(person).filter(action="meetings.person.tenure_begin")
    assert begun.count() == 2
    [entry] = begun.exclude(unread_entries(here, person))
    assert entry.data["conference"] == town.conference.pk
    save_department(county.department, by=None)
    entries = RecordLogEntry.objects.for_instance(county.department)
    assert entries.exists()
    assert not entries.exclude(unread_entries(here, county.department)).exists()
    assert entries.exclude(unread_entries(county.administrator, county.department)).exists()
