"""Property test: on every engine, everyone finds exactly what the rule of publication permits.

Releases, withdrawals, records and pages are random. The rule (design, “the gate”) is restated here, row by row: the
last release or withdrawal of a resolution decides, and a page counts while its content is the approved one. The records
behind them decide nothing; `tests/publicity/test_withdrawals.py` proves that what changes them writes a withdrawal.
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
from publicity.models import Article, OutcomePage, PublicDecision, Release
from publicity.operations.public_decisions import repair_public
from search.index_maintenance import rebuild
from search.reader import public_reader
from tests.examples import reduced_examples
from tests.meetings.factories import World, chengqiao
from tests.publicity.factories import county, issued, meeting, place, public_article, public_outcome
from tests.search.test_oracle import EngineFactory
from tests.search.test_visibility import SEARCH_CASES, TITLES, TODAY, SearchCase, assert_found, documents

pytestmark = pytest.mark.django_db

PAGES = (OutcomePage, Article)


@dataclass(frozen=True)
class LaterReleases:
    """What followed a resolution's first release: the title of another release, or None for a withdrawal."""

    titles: tuple[str | None, ...]
    disclosure: str


@dataclass(frozen=True)
class Changes:
    """Changes to the published state. Numbers are indices of meetings or pages."""

    resolutions: list[LaterReleases]
    unissued: frozenset[int]
    not_held: frozenset[int]
    taken_down: frozenset[int]
    altered: frozenset[int]


SOME = st.frozensets(st.integers(0, 4), max_size=2)
CHANGES = st.builds(
    Changes,
    resolutions=st.lists(
        st.builds(
            LaterReleases,
            titles=st.lists(st.none() | st.sampled_from(TITLES), max_size=3).map(tuple),
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
class Published:
    """The initial state, all public: two meetings with outcome pages and five resolutions, and three articles."""

    resolutions: list[Resolution]
    releases: list[Release]
    meetings: list[Meeting]
    pages: list[tuple[type[Any], int, str]]  # model, id, hash of the approved content


@pytest.fixture
def published(db: None) -> Iterator[Published]:
    """Everything is public. The third article is about a meeting that has no other public content."""
    with clock.at(TODAY):
        worlds = (county(), chengqiao())
        place(worlds[1])
        meetings = [
            create_public_meeting(worlds[0], date(2025, 9, 5), 3),
            create_public_meeting(worlds[1], date(2025, 6, 3), 2),
        ]
        meetings.append(meeting(worlds[0], date(2025, 11, 3)))
        for title, about in (("职工医疗互助送温暖", None), ("检查工资专项行动", meetings[1]), ("职工", meetings[2])):
            world = worlds[1] if about == meetings[1] else worlds[0]
            public_article(world, title, meeting=about)
        yield Published(
            list(Resolution.objects.order_by("pk")),
            list(Release.objects.order_by("pk")),
            meetings,
            [(model, page.pk, page.approved_hash) for model in PAGES for page in model.objects.order_by("pk")],
        )


def create_public_meeting(world: World, day: date, items: int) -> Meeting:
    """Return a meeting whose resolutions are all public."""
    found = issued(world, day, items=items)
    public_outcome(world, found)
    return found


# --- applying changes ------------------------------------------------------------------------------------------------
def apply_changes(changes: Changes, published: Published) -> None:
    """Write the changes, starting from the initial state for each example."""
    PublicDecision.objects.all().delete()
    for row in Release.objects.filter(pk__gt=published.releases[-1].pk):
        Release.objects.filter(pk=row.pk)._raw_delete(Release.objects.db)
    for later, resolution, first in zip(changes.resolutions, published.resolutions, published.releases, strict=True):
        Resolution.objects.filter(pk=resolution.pk).update(disclosure=later.disclosure, disclosure_reason="涉密")
        for title in later.titles:
            Release.objects.create(**release_values(first, title))
    for number, row in enumerate(published.meetings):
        state = MinutesState.APPROVED if number in changes.unissued else MinutesState.ISSUED
        Minutes.objects.filter(meeting=row).update(state=state)
        held = MeetingState.NOTIFIED if number in changes.not_held else MeetingState.HELD
        Meeting.objects.filter(pk=row.pk).update(state=held, held_on=row.held_on if held == MeetingState.HELD else None)
    for number, (model, pk, approved) in enumerate(published.pages):
        page_hash = "0" * 64 if number in changes.altered else approved
        model.objects.filter(pk=pk).update(live=number not in changes.taken_down, approved_hash=page_hash)
    repair_public()


def release_values(first: Release, title: str | None) -> dict[str, Any]:
    """Return the values of a later row for the resolution of `first`: a release with another title, or a withdrawal."""
    of: dict[str, Any] = {
        "resolution_id": first.resolution_id,
        "conference_id": first.conference_id,
        "year": first.year,
        "meeting_id": first.meeting_id,
        "held_on": first.held_on,
        "number": first.number,
        "order": first.order,
        "chain_start_id": first.chain_start_id,
        "at": first.at,
        "by": first.by,
    }
    if title is None:
        return {**of, "kind": ReleaseKind.WITHDRAWAL, "reason": "文字有误"}
    words = {"title": title, "wording": f"落实{title}。", "meeting_title": first.meeting_title}
    return {**of, "kind": ReleaseKind.RELEASE, **words, "stage": Stage.ADOPTED, "lead": first.lead}


# --- the rule, row by row --------------------------------------------------------------------------------------------
def is_public(resolution: Resolution) -> bool:
    """Return whether its last row is a release."""
    kinds = {row.pk: row.kind for row in Release.objects.all() if row.resolution_id == resolution.pk}
    return bool(kinds[max(kinds)] == ReleaseKind.RELEASE)


def public_keys() -> set[str]:
    """Return the keys of what everyone may read."""
    shown = {row.pk for row in Resolution.objects.all() if is_public(row)}
    pages = {
        "outcome": lambda page: shown & {item.resolution_id for item in page.items.all()},
        "news": lambda page: True,
    }
    found = {f"release:{pk}" for pk in shown}
    for (name, rule), model in zip(pages.items(), PAGES, strict=True):
        out = [page for page in model.objects.all() if page.live and page.approved_hash == page.content_hash()]
        found |= {f"{name}:{page.pk}" for page in out if rule(page)}
    return found


@settings(max_examples=reduced_examples(6))
@given(CHANGES, st.lists(SEARCH_CASES, min_size=4, max_size=4))
def test_everyone_finds_what_the_rule_shows(
    get_engine: EngineFactory, published: Published, changes: Changes, cases: list[SearchCase]
) -> None:
    apply_changes(changes, published)
    rebuild()
    engine, docs, known = get_engine(), documents(), public_keys()
    assert known <= {doc.key for doc in docs}, "all of it can be found"
    for case in cases:
        assert_found(engine, public_reader(), [doc for doc in docs if doc.key in known], case)


def test_everything_is_public_where_nothing_became_of_it(published: Published) -> None:
    """Guard of the property test: it would prove little if most content were hidden anyway."""
    untouched = Changes([LaterReleases((), Disclosure.PUBLIC)] * 5, *[frozenset[int]()] * 4)
    assert len(public_keys()) == 5 + 2 + 3
    apply_changes(Changes([LaterReleases((None,), Disclosure.PUBLIC)] * 5, *[frozenset(range(5))] * 4), published)
    assert public_keys() == set()
    apply_changes(untouched, published)
    assert len(public_keys()) == 5 + 2 + 3
