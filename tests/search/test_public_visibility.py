"""By property: what everyone finds is what the rule of publication shows, from every engine.

Releases, withdrawals, disclosure, minutes and pages are drawn; the rule (design, “the gate”) is said here a second
time, row by row: the last word on a resolution decides, and a page counts as long as it says what was approved.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings import clock
from meetings.enums import Disclosure, MeetingState, MinutesState
from meetings.models import Meeting, Minutes, Resolution
from publicity.enums import ReleaseKind, Stage
from publicity.models import Article, OutcomePage, Release
from search.index_maintenance import rebuild
from search.reader import public_reader
from tests.examples import reduced_examples
from tests.meetings.factories import World, chengqiao
from tests.publicity.factories import county, issued, meeting, place, public_article, public_outcome
from tests.search.test_oracle import Answering
from tests.search.test_visibility import ASKED, TITLES, TODAY, Asked, assert_found, documents

pytestmark = pytest.mark.django_db

PAGES = (OutcomePage, Article)


@dataclass(frozen=True)
class Later:
    """What came after a resolution's first release: a title that was released anew, or None for a withdrawal."""

    words: tuple[str | None, ...]
    disclosure: str


@dataclass(frozen=True)
class Turn:
    """What became of everything that was public once; numbers tell which meeting or page of the place it is."""

    resolutions: list[Later]
    unissued: frozenset[int]
    not_held: frozenset[int]
    taken_down: frozenset[int]
    altered: frozenset[int]


SOME = st.frozensets(st.integers(0, 4), max_size=2)
TURNS = st.builds(
    Turn,
    resolutions=st.lists(
        st.builds(
            Later,
            words=st.lists(st.none() | st.sampled_from(TITLES), max_size=3).map(tuple),
            disclosure=st.sampled_from([Disclosure.PUBLIC, Disclosure.PUBLIC, *Disclosure]),
        ),
        min_size=5,
        max_size=5,
    ),
    unissued=SOME,
    not_held=SOME,
    taken_down=SOME,
    altered=SOME,
)


@dataclass
class Once:
    """What was public once: two meetings with their outcome pages and five resolutions, and three articles."""

    resolutions: list[Resolution]
    releases: list[Release]
    meetings: list[Meeting]
    pages: list[tuple[type[Any], int, str]]  # with what was approved of them


@pytest.fixture
def once(db: None) -> Iterator[Once]:
    """Everything is public; the third article is about a meeting of which nothing else is told."""
    with clock.at(TODAY):
        worlds = (county(), chengqiao())
        place(worlds[1])
        meetings = [told(worlds[0], date(2025, 9, 5), 3), told(worlds[1], date(2025, 6, 3), 2)]
        meetings.append(meeting(worlds[0], date(2025, 11, 3)))
        for title, about in (("职工医疗互助送温暖", None), ("检查工资专项行动", meetings[1]), ("职工", meetings[2])):
            world = worlds[1] if about == meetings[1] else worlds[0]
            public_article(world, title, meeting=about)
        yield Once(
            list(Resolution.objects.order_by("pk")),
            list(Release.objects.order_by("pk")),
            meetings,
            [(model, page.pk, page.approved_hash) for model in PAGES for page in model.objects.order_by("pk")],
        )


def told(world: World, day: date, items: int) -> Meeting:
    """A meeting all of whose resolutions are public."""
    found = issued(world, day, items=items)
    public_outcome(world, found)
    return found


# --- what became of it -----------------------------------------------------------------------------------------------
def turned(turn: Turn, once: Once) -> None:
    """Write what became of everything, from the same beginning for each example."""
    for row in Release.objects.filter(pk__gt=once.releases[-1].pk):
        Release.objects.filter(pk=row.pk)._raw_delete(Release.objects.db)
    for later, resolution, first in zip(turn.resolutions, once.resolutions, once.releases, strict=True):
        Resolution.objects.filter(pk=resolution.pk).update(disclosure=later.disclosure, disclosure_reason="涉密")
        for title in later.words:
            Release.objects.create(**word(first, title))
    for number, row in enumerate(once.meetings):
        state = MinutesState.APPROVED if number in turn.unissued else MinutesState.ISSUED
        Minutes.objects.filter(meeting=row).update(state=state)
        held = MeetingState.NOTIFIED if number in turn.not_held else MeetingState.HELD
        Meeting.objects.filter(pk=row.pk).update(state=held, held_on=row.held_on if held == MeetingState.HELD else None)
    for number, (model, pk, approved) in enumerate(once.pages):
        words = "0" * 64 if number in turn.altered else approved
        model.objects.filter(pk=pk).update(live=number not in turn.taken_down, approved_hash=words)


def word(first: Release, title: str | None) -> dict[str, Any]:
    """A later word on the resolution of `first`: a release with another title, or a withdrawal."""
    of: dict[str, Any] = {
        "resolution_id": first.resolution_id,
        "conference_id": first.conference_id,
        "year": first.year,
        "at": first.at,
        "by": first.by,
    }
    if title is None:
        return {**of, "kind": ReleaseKind.WITHDRAWAL, "reason": "文字有误"}
    told = {"title": title, "wording": f"落实{title}。", "stage": Stage.ADOPTED, "lead": first.lead}
    return {**of, "kind": ReleaseKind.RELEASE, **told}


# --- the rule, row by row --------------------------------------------------------------------------------------------
def public(resolution: Resolution) -> bool:
    """Whether the last word on it is a release, of what may be disclosed, from issued minutes."""
    said = {row.pk: row.kind for row in Release.objects.all() if row.resolution_id == resolution.pk}
    return (
        said[max(said)] == ReleaseKind.RELEASE
        and resolution.disclosure == "public"
        and resolution.minutes.state == "issued"
    )


def known_to_all() -> set[str]:
    """The keys of what everyone may read."""
    shown = {row.pk for row in Resolution.objects.select_related("minutes") if public(row)}
    pages = {
        "outcome": lambda page: shown & {item.resolution_id for item in page.items.all()},
        "news": lambda page: page.meeting is None or page.meeting.state == "held",
    }
    found = {f"release:{pk}" for pk in shown}
    for (name, rule), model in zip(pages.items(), PAGES, strict=True):
        out = [page for page in model.objects.all() if page.live and page.approved_hash == page.wording_hash()]
        found |= {f"{name}:{page.pk}" for page in out if rule(page)}
    return found


@settings(max_examples=reduced_examples(6))
@given(TURNS, st.lists(ASKED, min_size=4, max_size=4))
def test_everyone_finds_what_the_rule_shows(answering: Answering, once: Once, turn: Turn, asks: list[Asked]) -> None:
    turned(turn, once)
    rebuild()
    engine, docs, known = answering(), documents(), known_to_all()
    assert known <= {doc.key for doc in docs}, "all of it can be found"
    for asked in asks:
        assert_found(engine, public_reader(), [doc for doc in docs if doc.key in known], asked)


def test_everything_is_public_where_nothing_became_of_it(once: Once) -> None:
    """The property would say little if most of it were hidden anyway."""
    untouched = Turn([Later((), Disclosure.PUBLIC)] * 5, *[frozenset[int]()] * 4)
    assert len(known_to_all()) == 5 + 2 + 3
    turned(Turn([Later((None,), Disclosure.PUBLIC)] * 5, *[frozenset(range(5))] * 4), once)
    assert known_to_all() == set()
    turned(untouched, once)
    assert len(known_to_all()) == 5 + 2 + 3
