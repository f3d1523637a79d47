"""Property test: on every engine, a reader finds exactly what the rules of visibility permit.

Records and readers are random. The rule (design, “rights”) is restated here, row by row, in terms of the record: its
state, conference and departments, and the reader's tenures. It does not use tokens, with which the engines answer. The
oracle then computes hits, totals, counts and suggestions from the permitted rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings import clock
from meetings.enums import MeetingState, MinutesState, PartRole, Role, Side, TopicState, Verdict
from meetings.models import (
    Attendance,
    Department,
    Explanation,
    Meeting,
    Membership,
    Minutes,
    Opinion,
    Person,
    Post,
    ProgressReport,
    Resolution,
    ResolutionPart,
    Topic,
)
from publicity.enums import ReleaseKind
from publicity.models import Article, OutcomePage, Release
from publicity.operations.releases import withdraw
from search.engines.base import Engine
from search.index_maintenance import rebuild
from search.reader import Reader, public_reader, staff_reader
from search.sources import SOURCES
from tests.examples import reduced_examples
from tests.meetings.factories import DepartmentFactory, PersonFactory, World, chengqiao, seat
from tests.publicity.factories import SHANGHAI, county, issued, public_article, public_outcome, resolutions
from tests.search import oracle
from tests.search.oracle import Doc, Question
from tests.search.test_oracle import EngineFactory, answer, as_query

pytestmark = pytest.mark.django_db

SearchCase = tuple[str, dict[str, list[str]], bool]  # text, filters, sorted by date
TODAY = date(2026, 3, 1)
VISIBLE = {"known"}
TITLES = ["职工医疗互助", "职工暑期托管", "拖欠工资专项检查", "拖欠工资"]
WORDS = ["职工", "工资", "拖欠", "互助 职工", '"职工" -托管', "检查工资问题", "第", "没有"]
ROLES = [
    Role.CLERK,
    Role.HEAD_OF_GOVERNMENT,
    Role.AUDITOR,
    Role.LIAISON,
    Role.WRITER,
    Role.ADMINISTRATOR,
    Role.NONE,
]
STAFF_ROLES = {Role.CLERK, Role.HEAD_OF_GOVERNMENT, Role.AUDITOR}  # an auditor of one conference may see all of it


@dataclass(frozen=True)
class RecordSet:
    """Records about one subject: a topic, a meeting with minutes, a resolution, reports, an explanation."""

    place: int
    title: str
    topic_state: str
    proposer: int
    asked: frozenset[int]
    meeting_state: str
    invited: frozenset[int]
    minutes_state: str
    lead: int
    helping: frozenset[int]
    reports: int


@dataclass(frozen=True)
class TenureCase:
    """A random tenure.

    `place`: conference 0, 1 or none; `department`: one of five, each a member of one conference alone, so that the two
    often do not match; `named`: the post has the department although its role is not a liaison's; `begins`, `ends`: in
    days.
    """

    role: str
    place: int | None
    department: int
    named: bool
    begins: int
    ends: int | None


OFFICES = st.integers(0, 4)
RECORD_SETS = st.lists(
    st.builds(
        RecordSet,
        place=st.integers(0, 1),
        title=st.sampled_from(TITLES),
        topic_state=st.sampled_from([TopicState.DRAFT, TopicState.SUBMITTED, TopicState.RETURNED]),
        proposer=OFFICES,
        asked=st.frozensets(OFFICES, max_size=2),
        meeting_state=st.sampled_from([MeetingState.PLANNED, MeetingState.NOTIFIED, MeetingState.HELD]),
        invited=st.frozensets(OFFICES, max_size=2),
        minutes_state=st.sampled_from([MinutesState.DRAFT, MinutesState.APPROVED, MinutesState.ISSUED]),
        lead=OFFICES,
        helping=st.frozensets(OFFICES, max_size=2),
        reports=st.integers(0, 2),
    ),
    min_size=1,
    max_size=3,
)
TENURES = st.builds(
    TenureCase,
    role=st.sampled_from(ROLES),
    place=st.sampled_from([0, 1, None]),
    department=OFFICES,
    named=st.booleans(),
    begins=st.sampled_from([-400, -1, 0, 0, 1]),
    ends=st.sampled_from([None, None, 0, -1, 9]),
)
READERS = st.lists(
    st.tuples(st.lists(TENURES, min_size=1, max_size=2), st.sampled_from([True, True, True, False])),
    min_size=3,
    max_size=3,
)
CHOSEN = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from([["topic"], ["resolution", "report"]]),
        "department": st.lists(st.sampled_from(["甲局", "乙局", "丁局"]), min_size=1, max_size=2, unique=True),
    },
)
SEARCH_CASES = st.tuples(st.just("") | st.sampled_from(WORDS), st.just({}) | CHOSEN, st.booleans())


@dataclass
class Environment:
    """Two conferences, and five departments of which the last was merged into the first. Some content is public."""

    worlds: tuple[World, World]
    departments: list[Department]
    public_meetings: set[int]


@pytest.fixture
def environment(db: None) -> Iterator[Environment]:
    """The environment with a public outcome page, one of whose two items was withdrawn, and an article."""
    with clock.at(TODAY):
        worlds = (county(), chengqiao())
        departments: list[Department] = [DepartmentFactory.create(name=f"{name}局") for name in "甲乙丙丁戊"]
        for number, department in enumerate(departments):
            Membership.objects.create(conference=worlds[number % 2].conference, department=department)
        departments[4].successor = departments[0]
        departments[4].save()
        meeting = issued(worlds[0], items=2)
        public_outcome(worlds[0], meeting)
        withdraw(resolutions(meeting)[0], reason="文字有误", by=worlds[0].gov_clerk)
        public_article(worlds[0], "职工医疗互助送温暖")
        yield Environment(worlds, departments, {meeting.pk})


# --- the records -----------------------------------------------------------------------------------------------------
def delete_records(environment: Environment) -> None:
    """Delete the records of the previous example, except the public ones."""
    old = Meeting.objects.exclude(pk__in=environment.public_meetings)
    for rows in (
        Explanation.objects.all(),
        ProgressReport.objects.all(),
        ResolutionPart.objects.filter(resolution__minutes__meeting__in=old),
        Resolution.objects.filter(minutes__meeting__in=old),
        Minutes.objects.filter(meeting__in=old),
        Attendance.objects.filter(meeting__in=old),
        old,
        Opinion.objects.all(),
        Topic.objects.all(),
    ):
        for row in rows.order_by("-pk"):
            rows.filter(pk=row.pk)._raw_delete(rows.db)


def create_records(record_set: RecordSet, number: int, environment: Environment) -> None:
    """Create the records of one set."""
    world, offices = environment.worlds[record_set.place], environment.departments
    topic = world.topic(title=record_set.title, state=record_set.topic_state, proposer=offices[record_set.proposer])
    for index in record_set.asked:
        Opinion.objects.create(topic=topic, department=offices[index], verdict=Verdict.PENDING, asked_on=TODAY)
    day = TODAY - timedelta(days=30 * number)
    held = {"held_on": day} if record_set.meeting_state == MeetingState.HELD else {}
    meeting = Meeting.objects.create(
        conference=world.conference,
        adoption=world.adoption,
        title="例会",
        time=datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI),
        state=record_set.meeting_state,
        **held,
    )
    for index in record_set.invited:
        meeting.attendance.create(department=offices[index], name="某")
    out = {"number": f"第{number}号", "hash": "x", "issued_on": day} if record_set.minutes_state == "issued" else {}
    minutes = Minutes.objects.create(
        meeting=meeting, title=f"{record_set.title}纪要", body="", state=record_set.minutes_state, **out
    )
    resolution = Resolution.objects.create(minutes=minutes, title=record_set.title, text="由牵头单位落实。")
    lead = ResolutionPart.objects.create(resolution=resolution, department=offices[record_set.lead], role=PartRole.LEAD)
    for index in record_set.helping - {record_set.lead}:
        ResolutionPart.objects.create(resolution=resolution, department=offices[index], role=PartRole.CO)
    for _report in range(record_set.reports):
        ProgressReport.objects.create(part=lead, author=world.liaison, on=TODAY, text="正在检查工资。")
    Explanation.objects.create(
        resolution=resolution, meeting=meeting, text="拖欠未了。", opinion="继续。", by=world.gov_clerk, on=TODAY
    )


def create_person(tenures: list[TenureCase], environment: Environment, *, active: bool) -> Person:
    """Create a person with these tenures."""
    person: Person = PersonFactory.create(is_active=active)
    for number, tenure in enumerate(tenures):
        options: dict[str, Any] = {
            "conference": environment.worlds[tenure.place].conference if tenure.place is not None else None
        }
        if tenure.role == Role.LIAISON or tenure.named:
            options["department"] = environment.departments[tenure.department]
        if tenure.role == Role.CLERK:  # a clerk has a conference and a side
            options |= {"conference": environment.worlds[tenure.place or 0].conference, "side": Side.UNION}
        begins = TODAY + timedelta(days=tenure.begins)
        ends = None if tenure.ends is None else max(TODAY + timedelta(days=tenure.ends), begins)
        title = f"岗位{person.pk}之{number}"
        seat(title, role=tenure.role, person=person, from_date=begins, to_date=ends, **options)
    return person


# --- the rule, row by row --------------------------------------------------------------------------------------------
class VisibilityRule:
    """What one person may see, stated row by row, without set queries and without tokens."""

    def __init__(self, person: Person) -> None:
        now = [
            tenure
            for tenure in person.tenures.select_related("post")
            if person.is_active and tenure.from_date <= TODAY and (tenure.to_date is None or tenure.to_date >= TODAY)
        ]
        self.all = any(t.post.role == Role.AUDITOR and t.post.conference_id is None for t in now)
        self.own = {t.post.conference_id for t in now if t.post.role in STAFF_ROLES} - {None}
        self.liaisons = [t.post for t in now if t.post.role == Role.LIAISON]
        self.successors = dict(Department.objects.values_list("pk", "successor_id"))

    def knows(self, conference: int, concerned: set[int]) -> bool:
        return (
            self.all or conference in self.own or any(self.acts(post, conference, concerned) for post in self.liaisons)
        )

    def acts(self, post: Post, conference: int, concerned: set[int]) -> bool:
        """Return whether a liaison's post is of this conference, or of all, and of one of these departments."""
        if post.conference_id not in {conference, None}:
            return False
        return any(post.department_id in {pk, self.successors[pk]} for pk in concerned)

    def topic(self, row: Topic) -> bool:
        asked = {opinion.department_id for opinion in row.opinions.all()} if row.state != "draft" else set()
        return self.knows(row.conference_id, {row.proposer_id} | asked)

    def meeting(self, row: Meeting) -> bool:
        invited = {guest.department_id for guest in row.attendance.all() if guest.department_id}
        return self.knows(row.conference_id, invited if row.state in {"notified", "held"} else set())

    def minutes(self, row: Minutes) -> bool:
        return self.knows(row.meeting.conference_id, set())

    def resolution(self, row: Resolution) -> bool:
        parts = {part.department_id for part in row.parts.all()} if row.minutes.state == "issued" else set()
        return self.knows(row.minutes.meeting.conference_id, parts)

    def report(self, row: ProgressReport) -> bool:
        return self.resolution(row.part.resolution)

    def explanation(self, row: Explanation) -> bool:
        return self.meeting(row.meeting) and self.resolution(row.resolution)


def visible_keys(person: Person) -> set[str]:
    """Return the keys of what the rule permits to a person."""
    rule = VisibilityRule(person)
    known: dict[str, Callable[[Any], bool]] = {
        "topic": rule.topic,
        "minutes": rule.minutes,
        "resolution": rule.resolution,
        "report": rule.report,
        "explanation": rule.explanation,
    }
    return {
        f"{name}:{row.pk}"
        for name, knows in known.items()
        for row in SOURCES[name].model._default_manager.all()
        if knows(row)
    }


def public_keys() -> set[str]:
    """Return the keys of what everyone may read: by the last release row of each resolution, and the live pages."""
    last = {row.resolution_id: row.kind for row in Release.objects.order_by("pk")}
    pages = {"outcome": OutcomePage, "news": Article}
    return {f"release:{pk}" for pk, kind in last.items() if kind != ReleaseKind.WITHDRAWAL} | {
        f"{name}:{page.pk}" for name, model in pages.items() for page in model.objects.filter(live=True)
    }


# --- the comparison --------------------------------------------------------------------------------------------------
def documents() -> list[Doc]:
    """Return all documents as the oracle takes them. `visible_keys` decides which of them a reader may see."""
    return [
        Doc(
            key=document.key,
            kind=document.kind.value,
            number=document.number,
            title=document.title,
            texts=[*document.texts, *document.keywords],
            day=document.day,
            tokens=VISIBLE,
            facets={name: [choice.value for choice in choices] for name, choices in document.facets.items()},
        )
        for source in SOURCES.values()
        for document in source.documents()
    ]


def assert_found(engine: Engine, reader: Reader, docs: list[Doc], case: SearchCase) -> None:
    """Assert that hits, totals, counts and suggestions equal those of the oracle for `docs`."""
    text, chosen, by_date = case
    expected = oracle.search(docs, Question(text, VISIBLE, chosen, by_date=by_date))
    for name, values in chosen.items():
        expected.counts[name].update(dict.fromkeys(values, 0))
    found = answer(engine, as_query(Question(text, set(reader.tokens), chosen, by_date=by_date)))
    assert found == expected
    assert {n: dict(c) for n, c in found.counts.items()} == {n: dict(c) for n, c in expected.counts.items()}
    assert engine.suggest(text, reader) == titles(docs, text)


def titles(docs: list[Doc], text: str) -> list[str]:
    """Return the first eight distinct titles that contain every term, the newest first."""
    answered = oracle.search([replace(doc, texts=[]) for doc in docs], Question(text, VISIBLE, by_date=True))
    by_key = {doc.key: doc.title for doc in docs}
    return list(dict.fromkeys(by_key[key] for key in answered.keys))[:8] if text and not answered.relaxed else []


@settings(max_examples=reduced_examples(6))
@given(RECORD_SETS, READERS, st.lists(SEARCH_CASES, min_size=4, max_size=4))
def test_readers_find_what_the_rule_shows_them(
    get_engine: EngineFactory,
    environment: Environment,
    record_sets: list[RecordSet],
    readers: list[tuple[list[TenureCase], bool]],
    cases: list[SearchCase],
) -> None:
    delete_records(environment)
    for number, record_set in enumerate(record_sets, 1):
        create_records(record_set, number, environment)
    rebuild()
    engine, docs = get_engine(), documents()
    people = [
        Person.objects.get(pk=create_person(tenures, environment, active=active).pk) for tenures, active in readers
    ]
    readers_and_keys = [(staff_reader(person), visible_keys(person)) for person in people]
    for reader, known in [*readers_and_keys, (public_reader(), public_keys())]:
        for case in cases:
            assert_found(engine, reader, [doc for doc in docs if doc.key in known], case)


def test_the_drawn_readers_differ_in_what_they_know(environment: Environment) -> None:
    """Guard of the property test: it would prove little if everyone could see everything or nothing."""
    everything = RecordSet(
        0, TITLES[0], "submitted", 0, frozenset({1}), "held", frozenset({2}), "issued", 3, frozenset(), 1
    )
    create_records(everything, 1, environment)
    known = {
        role: len(
            visible_keys(
                create_person([TenureCase(role, 0, 0, named=False, begins=-1, ends=None)], environment, active=True)
            )
        )
        for role in ROLES
    }
    assert known[Role.WRITER] == known[Role.ADMINISTRATOR] == known[Role.NONE] == 0
    assert 0 < known[Role.LIAISON] < known[Role.CLERK] == known[Role.HEAD_OF_GOVERNMENT] == known[Role.AUDITOR]
    foreign, everywhere = (
        create_person([TenureCase(Role.LIAISON, place, 0, named=True, begins=-1, ends=None)], environment, active=True)
        for place in (1, None)
    )
    assert visible_keys(foreign) == set(), "the department's records are of another conference than the post"
    assert len(visible_keys(everywhere)) == known[Role.LIAISON]
