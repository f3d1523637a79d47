"""By property: what a reader finds is what the record's own rule shows this reader, from every engine.

Records and readers are drawn; the rule (design, “rights”) is said here a second time, row by row and in words of the
record: its state, its conference, its departments, the reader's tenures. Tokens, with which the engines answer, do not
occur. Hits, totals, counts and suggestions are then computed by the oracle from the rows that the rule shows.
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
    Minutes,
    Opinion,
    Person,
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
from tests.search.oracle import Ask, Doc
from tests.search.test_oracle import Answering, answer, as_query

pytestmark = pytest.mark.django_db

Asked = tuple[str, dict[str, list[str]], bool]  # the text, the filters, whether by date
TODAY = date(2026, 3, 1)
KNOWN = {"known"}
TITLES = ["职工医疗互助", "职工暑期托管", "拖欠工资专项检查", "拖欠工资"]
WORDS = ["职工", "工资", "拖欠", "互助 职工", '"职工" -托管', "检查工资问题", "第", "没有"]
ROLES = [Role.CLERK, Role.HEAD_OF_GOVERNMENT, Role.AUDITOR, Role.LIAISON, Role.WRITER, Role.ADMINISTRATOR]
STAFF_ROLES = {Role.CLERK, Role.HEAD_OF_GOVERNMENT, Role.AUDITOR}  # an auditor of one conference reads all of it


@dataclass(frozen=True)
class Matter:
    """One matter in all its records: a topic, a meeting and its minutes, a resolution, reports, an explanation."""

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
class Post:
    """A tenure to be drawn: the conference is 0, 1 or none, the department one of five, the days around today."""

    role: str
    place: int | None
    department: int
    begins: int
    ends: int | None


OFFICES = st.integers(0, 4)
MATTERS = st.lists(
    st.builds(
        Matter,
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
POSTS = st.builds(
    Post,
    role=st.sampled_from(ROLES),
    place=st.sampled_from([0, 1, None]),
    department=OFFICES,
    begins=st.sampled_from([-400, -1, 0, 0, 1]),
    ends=st.sampled_from([None, None, 0, -1, 9]),
)
READERS = st.lists(
    st.tuples(st.lists(POSTS, min_size=1, max_size=2), st.sampled_from([True, True, True, False])),
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
ASKED = st.tuples(st.just("") | st.sampled_from(WORDS), st.just({}) | CHOSEN, st.booleans())


@dataclass
class Places:
    """Two conferences and five departments, of which the last was merged into the first; what is public beside them."""

    worlds: tuple[World, World]
    departments: list[Department]
    kept: set[int]


@pytest.fixture
def places(db: None) -> Iterator[Places]:
    """The places, with one outcome that is public, one of whose two items was withdrawn, and one article."""
    with clock.at(TODAY):
        worlds = (county(), chengqiao())
        departments: list[Department] = [DepartmentFactory.create(name=f"{name}局") for name in "甲乙丙丁戊"]
        departments[4].successor = departments[0]
        departments[4].save()
        meeting = issued(worlds[0], items=2)
        public_outcome(worlds[0], meeting)
        withdraw(resolutions(meeting)[0], reason="文字有误", by=worlds[0].gov_clerk)
        public_article(worlds[0], "职工医疗互助送温暖")
        yield Places(worlds, departments, {meeting.pk})


# --- the records -----------------------------------------------------------------------------------------------------
def emptied(places: Places) -> None:
    """Take away the records of the example before; those that are public stay."""
    old = Meeting.objects.exclude(pk__in=places.kept)
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


def recorded(matter: Matter, number: int, places: Places) -> None:
    """Enter one matter."""
    world, offices = places.worlds[matter.place], places.departments
    topic = world.topic(title=matter.title, state=matter.topic_state, proposer=offices[matter.proposer])
    for index in matter.asked:
        Opinion.objects.create(topic=topic, department=offices[index], verdict=Verdict.PENDING, asked_on=TODAY)
    day = TODAY - timedelta(days=30 * number)
    held = {"held_on": day} if matter.meeting_state == MeetingState.HELD else {}
    meeting = Meeting.objects.create(
        conference=world.conference,
        adoption=world.adoption,
        title="例会",
        time=datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI),
        state=matter.meeting_state,
        **held,
    )
    for index in matter.invited:
        meeting.attendance.create(department=offices[index], name="某")
    out = {"number": f"第{number}号", "hash": "x", "issued_on": day} if matter.minutes_state == "issued" else {}
    minutes = Minutes.objects.create(
        meeting=meeting, title=f"{matter.title}纪要", body="", state=matter.minutes_state, **out
    )
    resolution = Resolution.objects.create(minutes=minutes, title=matter.title, text="由牵头单位落实。")
    lead = ResolutionPart.objects.create(resolution=resolution, department=offices[matter.lead], role=PartRole.LEAD)
    for index in matter.helping - {matter.lead}:
        ResolutionPart.objects.create(resolution=resolution, department=offices[index], role=PartRole.CO)
    for _report in range(matter.reports):
        ProgressReport.objects.create(part=lead, author=world.liaison, on=TODAY, text="正在检查工资。")
    Explanation.objects.create(
        resolution=resolution, meeting=meeting, text="拖欠未了。", opinion="继续。", by=world.gov_clerk, on=TODAY
    )


def seated(posts: list[Post], places: Places, *, active: bool) -> Person:
    """Enter a person who holds these posts."""
    person: Person = PersonFactory.create(is_active=active)
    for number, post in enumerate(posts):
        options: dict[str, Any] = {
            "conference": places.worlds[post.place].conference if post.place is not None else None
        }
        if post.role == Role.LIAISON:
            options["department"] = places.departments[post.department]
        if post.role == Role.CLERK:  # a clerk has a conference and a side
            options = {"conference": places.worlds[post.place or 0].conference, "side": Side.UNION}
        begins = TODAY + timedelta(days=post.begins)
        ends = None if post.ends is None else max(TODAY + timedelta(days=post.ends), begins)
        title = f"岗位{person.pk}之{number}"
        seat(title, role=post.role, person=person, from_date=begins, to_date=ends, **options)
    return person


# --- the rule, row by row --------------------------------------------------------------------------------------------
class Rule:
    """What one person may know of, said without a query for many rows and without tokens."""

    def __init__(self, person: Person) -> None:
        now = [
            tenure
            for tenure in person.tenures.select_related("post")
            if person.is_active and tenure.from_date <= TODAY and (tenure.to_date is None or tenure.to_date >= TODAY)
        ]
        self.all = any(t.post.role == Role.AUDITOR and t.post.conference_id is None for t in now)
        self.own = {t.post.conference_id for t in now if t.post.role in STAFF_ROLES} - {None}
        offices = {t.post.department_id for t in now if t.post.role == Role.LIAISON}
        self.offices = offices | {row.pk for row in Department.objects.all() if row.successor_id in offices}

    def knows(self, conference: int, concerned: set[int]) -> bool:
        return self.all or conference in self.own or bool(concerned & self.offices)

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


def known_to(person: Person) -> set[str]:
    """The keys of what the rule shows to a person."""
    rule = Rule(person)
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


def known_to_all() -> set[str]:
    """The keys of what everyone may read: by the last word on each resolution, and the pages that are out."""
    last = {row.resolution_id: row.kind for row in Release.objects.order_by("pk")}
    pages = {"outcome": OutcomePage, "news": Article}
    return {f"release:{pk}" for pk, kind in last.items() if kind != ReleaseKind.WITHDRAWAL} | {
        f"{name}:{page.pk}" for name, model in pages.items() for page in model.objects.filter(live=True)
    }


# --- the comparison --------------------------------------------------------------------------------------------------
def documents() -> list[Doc]:
    """Everything that can be found, as the oracle takes it; what of it a reader knows is for `known_to` to say."""
    return [
        Doc(
            key=document.key,
            kind=document.kind.value,
            number=document.number,
            title=document.title,
            texts=[*document.texts, *document.words],
            day=document.day,
            tokens=KNOWN,
            facets={name: [choice.value for choice in choices] for name, choices in document.facets.items()},
        )
        for source in SOURCES.values()
        for document in source.documents()
    ]


def assert_found(engine: Engine, reader: Reader, docs: list[Doc], asked: Asked) -> None:
    """Hits, totals, counts and suggestions are those of `docs`, which the reader knows, computed in plain Python."""
    text, chosen, by_date = asked
    expected = oracle.search(docs, Ask(text, KNOWN, chosen, by_date=by_date))
    for name, values in chosen.items():
        expected.counts[name].update(dict.fromkeys(values, 0))
    found = answer(engine, as_query(Ask(text, set(reader.tokens), chosen, by_date=by_date)))
    assert found == expected
    assert {n: dict(c) for n, c in found.counts.items()} == {n: dict(c) for n, c in expected.counts.items()}
    assert engine.suggest(text, reader) == titles(docs, text)


def titles(docs: list[Doc], text: str) -> list[str]:
    """The first eight different titles that hold every term, the newest first."""
    answered = oracle.search([replace(doc, texts=[]) for doc in docs], Ask(text, KNOWN, by_date=True))
    by_key = {doc.key: doc.title for doc in docs}
    return list(dict.fromkeys(by_key[key] for key in answered.keys))[:8] if text and not answered.relaxed else []


@settings(max_examples=reduced_examples(6))
@given(MATTERS, READERS, st.lists(ASKED, min_size=4, max_size=4))
def test_readers_find_what_the_rule_shows_them(
    answering: Answering,
    places: Places,
    matters: list[Matter],
    readers: list[tuple[list[Post], bool]],
    asks: list[Asked],
) -> None:
    emptied(places)
    for number, matter in enumerate(matters, 1):
        recorded(matter, number, places)
    rebuild()
    engine, docs = answering(), documents()
    people = [Person.objects.get(pk=seated(posts, places, active=active).pk) for posts, active in readers]
    sights = [(staff_reader(person), known_to(person)) for person in people]
    for reader, known in [*sights, (public_reader(), known_to_all())]:
        for asked in asks:
            assert_found(engine, reader, [doc for doc in docs if doc.key in known], asked)


def test_the_drawn_readers_differ_in_what_they_know(places: Places) -> None:
    """The property would say little if everybody knew everything or nothing."""
    everything = Matter(
        0, TITLES[0], "submitted", 0, frozenset({1}), "held", frozenset({2}), "issued", 3, frozenset(), 1
    )
    recorded(everything, 1, places)
    known = {
        role: len(known_to(seated([Post(role, 0, 0, begins=-1, ends=None)], places, active=True))) for role in ROLES
    }
    assert known[Role.WRITER] == known[Role.ADMINISTRATOR] == 0
    assert 0 < known[Role.LIAISON] < known[Role.CLERK] == known[Role.HEAD_OF_GOVERNMENT] == known[Role.AUDITOR]
