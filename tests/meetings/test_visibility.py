"""Tests of visibility, record by record: the expected readers are compared with queryset, tokens and policy.

The expectations list names of people of the worlds. People who are not listed must not see the record.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q
from wagtail.permissions import policy_registry

from meetings import clock
from meetings.enums import MeetingState, MinutesState, Role, TopicState, Verdict
from meetings.models import (
    Attachment,
    Delegation,
    Department,
    JointConference,
    LeadingGroup,
    Meeting,
    Minutes,
    Opinion,
    Person,
    ProgressReport,
    Regulation,
    RegulationClause,
    Resolution,
    ResolutionPart,
    StandardAgendaItem,
    Topic,
    TopicCategory,
)
from meetings.models.catalogue import ADMINISTERED, CATALOGUE, RECORDS
from meetings.operations.department import merge_department
from meetings.queries.visibility import (
    audience,
    overseen,
    reader_tokens,
    readers,
    sees,
    visible,
)
from meetings.rules.seats import is_liaison_of
from tests.meetings.factories import DepartmentFactory, World, chengqiao, seat, yuanqu

pytestmark = pytest.mark.django_db
DAY = date(2025, 11, 20)
STAFF_ROLES = (
    *(Role.CLERK, Role.HEAD_OF_GOVERNMENT, Role.LIAISON_LEADER),
    *(Role.GOVERNMENT_LEADER, Role.UNION_HEAD, Role.UNION_LEADER),
)
STAFF = {"gov_clerk", "union_clerk", "head", "liaison_leader", "gov_leader", "union_head", "union_leader"}
OFFICE = STAFF | {"auditor", "local_auditor"}


def people(world: World, other: World) -> dict[str, Person]:
    """Return all people by name; those of the other conference have the prefix `their_`."""
    names = [*STAFF, "liaison", "other_liaison", "writer", "administrator", "auditor", "stranger"]
    found = {name: getattr(world, name) for name in names}
    found["reviewer"] = world.reviewers[0]
    found["local_auditor"] = seat("监督员", role=Role.AUDITOR, conference=world.conference).person
    found["third_liaison"] = seat("第三局联络员", role=Role.LIAISON, department=DepartmentFactory.create()).person
    found |= mismatched(world, other)
    former = seat("原经办", role=Role.CLERK, conference=world.conference, side="union", to_date=DAY - timedelta(days=1))
    found["former_clerk"] = former.person
    coming = seat(
        "新经办", role=Role.CLERK, conference=world.conference, side="union", from_date=DAY + timedelta(days=1)
    )
    found["coming_clerk"] = coming.person
    inactive = seat("停用", role=Role.CLERK, conference=world.conference, side="union").person
    Person.objects.filter(pk=inactive.pk).update(is_active=False)
    found["inactive_clerk"] = inactive
    found["superuser"] = Person.objects.create_superuser(username="root", name="服务器")
    found |= {f"their_{name}": getattr(other, name) for name in ("gov_clerk", "head", "liaison")}
    return {name: Person.objects.get(pk=person.pk) for name, person in found.items()}


# Roles whose posts may carry a department, although it gives them no rights.
NAMING_ROLES = (*STAFF_ROLES, Role.WRITER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR, Role.NONE)


def mismatched(world: World, other: World) -> dict[str, Person]:
    """Return people whose post names a conference and a department that is no member of it, in every role.

    Neither the other conference's posts with a department of this one see a record of this conference, nor this
    conference's liaisons of a department of the other one.
    """
    places: dict[str, Any] = {"conference": other.conference, "side": "union"}
    found = {
        f"their_{role}_of_our_{name}": seat(
            f"{role}{name}", role=role, department=getattr(world, name), **places
        ).person
        for role in (Role.LIAISON, *NAMING_ROLES)
        for name in ("department", "other_department")
    }
    ours = seat("外单位联络员", role=Role.LIAISON, conference=world.conference, department=other.department)
    return found | {"our_liaison_of_their_department": ours.person}


def meeting(world: World, state: str) -> Meeting:
    row = Meeting.objects.create(
        conference=world.conference, adoption=world.adoption, title="例会", time=clock.now(), state=state
    )
    row.attendance.create(department=world.other_department, name="某")
    return row


def minutes(world: World, state: str) -> Minutes:
    number = f"第{Minutes.objects.count()}号"
    issued = {"number": number, "hash": "x", "issued_on": DAY} if state == MinutesState.ISSUED else {}
    return Minutes.objects.create(
        meeting=meeting(world, MeetingState.HELD), title="纪要", body="", state=state, **issued
    )


def resolution(world: World, state: str) -> Resolution:
    row = Resolution.objects.create(minutes=minutes(world, state), title="事项", text="……")
    ResolutionPart.objects.create(resolution=row, department=world.department, role="lead")
    return row


def report(world: World, state: str) -> ProgressReport:
    part = resolution(world, state).parts.get()
    return ProgressReport.objects.create(part=part, author=world.liaison, on=DAY, text="……")


def topic(world: World, state: str) -> Topic:
    row = world.topic(state=state)
    Opinion.objects.create(topic=row, department=world.other_department, verdict=Verdict.PENDING, asked_on=DAY)
    return row


def attachment(of: str, target: Model, world: World) -> Attachment:
    return Attachment.objects.create(
        conference=world.conference,
        **{of: target},
        name="文件.pdf",
        sha256="",
        type="",
        size=1,
        uploaded_by=world.gov_clerk,
        uploaded_at=clock.now(),
    )


def delegation(world: World) -> Delegation:
    return Delegation.objects.create(
        tenure=world.tenures["union_head"],
        to=world.tenures["union_leader"],
        from_date=DAY,
        to_date=DAY,
        reason="出差",
        entered_by=world.union_clerk,
        at=clock.now(),
    )


DRAFT, SUBMITTED, ISSUED = TopicState.DRAFT, TopicState.SUBMITTED, MinutesState.ISSUED
ROWS: dict[str, tuple[Callable[[World], Model], set[str]]] = {
    "a draft topic": (lambda w: topic(w, DRAFT), {"liaison"}),
    "a submitted topic": (lambda w: topic(w, SUBMITTED), {"liaison", "other_liaison"}),
    "a meeting in preparation": (lambda w: meeting(w, MeetingState.PLANNED), set()),
    "a settled meeting": (lambda w: meeting(w, MeetingState.SETTLED), set()),
    "a notified meeting": (lambda w: meeting(w, MeetingState.NOTIFIED), {"other_liaison"}),
    "a held meeting": (lambda w: meeting(w, MeetingState.HELD), {"other_liaison"}),
    "draft minutes": (lambda w: minutes(w, MinutesState.DRAFT), set()),
    "issued minutes": (lambda w: minutes(w, ISSUED), set()),
    "a drafted resolution": (lambda w: resolution(w, MinutesState.APPROVED), set()),
    "a settled resolution": (lambda w: resolution(w, ISSUED), {"liaison"}),
    "a report": (lambda w: report(w, ISSUED), {"liaison"}),
    "a file of a draft topic": (lambda w: attachment("topic", topic(w, DRAFT), w), {"liaison"}),
    "a file of a topic": (lambda w: attachment("topic", topic(w, SUBMITTED), w), {"liaison", "other_liaison"}),
    "a file of a planned meeting": (lambda w: attachment("meeting", meeting(w, MeetingState.PLANNED), w), set()),
    "a file of a meeting": (
        lambda w: attachment("meeting", meeting(w, MeetingState.NOTIFIED), w),
        {"other_liaison"},
    ),
    "a file of minutes": (lambda w: attachment("minutes", minutes(w, ISSUED), w), set()),
    "a file of a draft": (lambda w: attachment("resolution", resolution(w, MinutesState.DRAFT), w), set()),
    "a file of a resolution": (lambda w: attachment("resolution", resolution(w, ISSUED), w), {"liaison"}),
    "a delegation of a signature": (delegation, set()),
    "a file of a report": (lambda w: attachment("report", report(w, ISSUED), w), {"liaison"}),
}


@pytest.mark.parametrize("case", ROWS)
@pytest.mark.parametrize("make", [yuanqu, chengqiao])
def test_row_by_row_for_everybody(case: str, make: Callable[..., World]) -> None:
    world, other = make(), make("邻")
    create, others = ROWS[case]
    with clock.at(DAY):
        record, expected = create(world), OFFICE | others
        everybody = people(world, other)
        tokens = audience(record)
        by_queryset = {name for name, person in everybody.items() if visible(person, type(record)).exists()}
        by_record = {name for name, person in everybody.items() if sees(person, record)}
        by_tokens = {name for name, person in everybody.items() if tokens & reader_tokens(person)}
        by_readers = {name for name, person in everybody.items() if person in readers(record)}
        policy = policy_registry.get_by_type(type(record))
        by_policy = {
            name
            for name, person in everybody.items()
            if policy.user_has_permission_for_instance(person, "view", record)
        }
    assert by_queryset == expected
    assert by_record == by_tokens == by_readers == by_policy == expected


def test_every_model_with_a_sight_has_its_row() -> None:
    world = yuanqu()
    with clock.at(DAY):
        assert {type(create(world)) for create, _others in ROWS.values()} == set(RECORDS)


def test_a_visitor_without_a_login_sees_nothing() -> None:
    world = yuanqu()
    with clock.at(DAY):
        record = topic(world, SUBMITTED)
        assert not sees(AnonymousUser(), record)
        assert reader_tokens(AnonymousUser()) == set()
        assert not overseen(AnonymousUser(), JointConference).exists()


def test_the_successor_of_a_department_sees_what_concerned_it() -> None:
    world = yuanqu()
    heir = seat("政府办联络员", role=Role.LIAISON, department=world.government_office).person
    with clock.at(DAY):
        record = resolution(world, ISSUED)
        assert not sees(heir, record)
        merge_department(world.department, into=world.government_office, by=None)
        heir = Person.objects.get(pk=heir.pk)
        assert sees(heir, record)
        assert audience(record) & reader_tokens(heir)
        assert heir in readers(record)


def test_the_successor_acts_in_the_conference_of_its_post_alone() -> None:
    world, other = yuanqu(), chengqiao()
    here, there, everywhere = (
        seat("政府办联络员", role=Role.LIAISON, department=world.government_office, conference=place).person
        for place in (world.conference, other.conference, None)
    )
    with clock.at(DAY):
        record = resolution(world, ISSUED)
        merge_department(world.department, into=world.government_office, by=None)
        people = [Person.objects.get(pk=person.pk) for person in (here, there, everywhere)]
        assert [sees(person, record) for person in people] == [True, False, True]
        assert [bool(audience(record) & reader_tokens(person)) for person in people] == [True, False, True]
        assert [person in readers(record) for person in people] == [True, False, True]
        assert [is_liaison_of(person, world.conference.pk, world.department.pk) for person in people] == [
            *(True, False, True),
        ]


def test_a_department_that_left_the_conference_still_reads_its_old_records() -> None:
    world = yuanqu()
    with clock.at(DAY):
        record = resolution(world, ISSUED)
        world.conference.memberships.filter(department=world.department).delete()
        assert sees(world.liaison, record)
        assert audience(record) & reader_tokens(world.liaison)


def test_what_is_kept_is_looked_at_by_whom_it_concerns() -> None:
    world, other = yuanqu(), chengqiao()
    LeadingGroup.objects.create(conference=world.conference, kind="leading", name="领导小组")
    with clock.at(DAY):
        everybody = people(world, other)
        looking = {
            model: {
                name
                for name, person in everybody.items()
                if overseen(person, model).filter(mine(model, world)).exists()
            }
            for model in ADMINISTERED
        }
    keepers = {"administrator", "auditor"}
    own = keepers | STAFF | {"local_auditor", "liaison", "other_liaison", "our_liaison_of_their_department"}
    blind = tuple(f"their_{role}_" for role in (Role.WRITER, Role.REVIEWER, Role.NONE))
    everyone = own | {name for name in everybody if name.startswith("their_") and not name.startswith(blind)}
    assert looking[Person] == keepers
    common: set[type[Model]] = {Department, Regulation, RegulationClause, StandardAgendaItem, TopicCategory}
    assert {model for model in ADMINISTERED if looking[model] == everyone} == common
    assert {model for model in ADMINISTERED if looking[model] == own} == set(ADMINISTERED) - common - {Person}


def mine(model: type[Model], world: World) -> Any:
    """Return a condition for the rows of `model` that belong to this world."""
    if model is Person:
        return Q(pk=world.stranger.pk)
    path = CATALOGUE[model].conference
    return Q(**{path: world.conference.pk}) if path else Q()


@pytest.mark.parametrize("size", [1, 3])
def test_sight_takes_a_fixed_number_of_queries(size: int, django_assert_num_queries: Callable[..., Any]) -> None:
    world = yuanqu()
    with clock.at(DAY):
        for _number in range(size):
            topic(world, SUBMITTED)
        reader = Person.objects.get(pk=world.other_liaison.pk)
        with django_assert_num_queries(3):  # tenures, the department's predecessors, the rows
            assert len(visible(reader, Topic)) == size
