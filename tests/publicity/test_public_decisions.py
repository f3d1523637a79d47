"""The table of public decisions and the counts say what the releases and the pages say, after any operations."""

from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from meetings import clock
from meetings.enums import Disclosure
from meetings.operations.resolution import tighten_disclosure
from publicity.enums import ReleaseKind
from publicity.models import Article, NewsCount, PublicCount, PublicDecision, Release
from publicity.models.content import PublicContent
from publicity.operations.news_counts import count_news, news_differences
from publicity.operations.pages import take_down
from publicity.operations.public_decisions import public_differences, repair_public
from publicity.operations.releases import withdraw
from publicity.queries.releases import ReleaseFilter
from tests.meetings.factories import World
from tests.publicity.factories import county, issued, public_article, public_outcome, resolutions
from tests.publicity.random_walk import PublicWalk

pytestmark = pytest.mark.django_db
LENGTH = 60
COLUMNS = [field.attname for field in PublicContent._meta.local_fields]


def content(row: PublicContent) -> dict[str, object]:
    return {name: getattr(row, name) for name in COLUMNS}


def assert_exact() -> None:
    """Recompute everything from the history and the pages, row by row in Python."""
    last = {row.resolution_id: row for row in Release.objects.order_by("pk")}
    public = {pk: row for pk, row in last.items() if row.kind == ReleaseKind.RELEASE}
    shown = {row.pk: row for row in PublicDecision.objects.all()}
    assert {pk: content(row) for pk, row in shown.items()} == {pk: content(row) for pk, row in public.items()}
    assert {pk: row.release_id for pk, row in shown.items()} == {pk: row.pk for pk, row in public.items()}
    cells = Counter((row.conference_id, row.year, row.stage) for row in public.values())
    counted = {(row.conference_id, row.year, row.stage): row.number for row in PublicCount.objects.all()}
    assert counted == cells
    news = Counter((page.conference.pk, page.date.year) for page in Article.objects.all() if page.is_public())
    assert {(row.conference_id, row.year): row.number for row in NewsCount.objects.all()} == news
    assert [*public_differences(), *news_differences()] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_public_follows_every_operation(seed: int) -> None:
    world = county()
    public_outcome(world, issued(world, items=3))
    walk = PublicWalk(world, seed)
    for _number in range(LENGTH):
        walk.act()
        with clock.at(walk.today):
            assert_exact()
    assert Release.objects.values("resolution").distinct().count() > 1


def test_a_withdrawal_and_a_tightening_take_the_row_away(world: World) -> None:
    public_outcome(world, of := issued(world, items=3))
    first, second, third = resolutions(of)
    withdraw(first, reason="核对", by=world.gov_clerk)
    tighten_disclosure(second, by=world.gov_clerk, disclosure=Disclosure.CLOSED, reason="内部事项")
    assert [row.resolution for row in PublicDecision.objects.released()] == [third]
    assert [row.number for row in PublicCount.objects.all()] == [1]
    assert_exact()


def test_news_are_counted_by_conference_and_year(world: World) -> None:
    pages = [public_article(world, title) for title in ("一", "二")]
    assert [(row.year, row.number) for row in NewsCount.objects.all()] == [(2025, 2)]
    for page in pages:
        take_down(page, reason="核对", by=world.gov_clerk)
    assert not NewsCount.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_of_decisions_takes_two_queries(
    world: World, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    public_outcome(world, issued(world, items=number))
    with django_assert_num_queries(2):
        lines = [row.ledger_line() for row in ReleaseFilter(conference=world.conference, year=2025).rows()]
    assert len(lines) == number


def test_the_check_finds_what_is_missing_left_over_outdated_or_counted_wrong(world: World) -> None:
    public_outcome(world, of := issued(world, items=3))
    public_article(world)
    first, second, third = resolutions(of)
    call_command("public_check")
    PublicDecision.objects.filter(pk=first.pk).delete()
    PublicDecision.objects.filter(pk=second.pk).update(title="另一个标题")
    PublicCount.objects.update(number=7)
    NewsCount.objects.all().delete()
    withdraw(third, reason="核对", by=world.gov_clerk)
    row = Release.objects.filter(resolution=third).first()
    assert row is not None
    PublicDecision.objects.create(resolution=third, release=row, **content(row))
    assert [line.partition("：")[0] for line in public_differences()] == ["缺少", "有变", "多余", "计数不符"]
    assert len(news_differences()) == 1
    with pytest.raises(CommandError):
        call_command("public_check")
    call_command("public_check", repair=True)
    assert_exact()
    call_command("public_check")


def test_a_repair_of_what_is_right_changes_nothing(world: World) -> None:
    public_outcome(world, issued(world, items=3))
    before = [content(row) for row in PublicDecision.objects.released()]
    repair_public()
    count_news()
    assert [content(row) for row in PublicDecision.objects.released()] == before
    assert_exact()
