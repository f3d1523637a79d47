"""The counts of public news, written again when a page appears, changes, moves or disappears.

- `count_news(conferences)`: write the counts of some conferences, or of all.
- `page_changed`, `page_deleted`: receivers of Wagtail's signals; they run in the transaction of the change.
- `news_differences()`: where the counts and the pages differ.
"""

from collections import Counter
from collections.abc import Iterable

from django.db.models.functions import ExtractYear
from wagtail.models import Page

from meetings.models import JointConference
from meetings.write_lock import run_at_end, write_transaction
from publicity.models import Article, ConferenceSection, NewsCount

Cell = tuple[int, int]  # conference and year


def _counted(conference: JointConference | None = None) -> Counter[Cell]:
    """Count the public articles of one conference, or of all, by conference and year."""
    sections = dict(ConferenceSection.objects.values_list("path", "conference"))
    rows = Article.objects.public().select_related(None).prefetch_related(None).order_by()
    if conference is not None:
        rows = rows.of_conference(conference)
    found: Counter[Cell] = Counter()
    length = len(next(iter(sections), ""))
    for path, year in rows.values_list("path", ExtractYear("date")):
        found[sections[path[:length]], year] += 1
    return found


def count_news(conferences: Iterable[JointConference] | None = None) -> None:
    """Write the counts of these conferences, or of all, as the public pages are now."""
    with write_transaction():
        rows = NewsCount.objects.all()
        if conferences is None:
            rows.delete()
            found = _counted()
        else:
            found = Counter()
            for conference in conferences:
                rows.filter(conference=conference).delete()
                found.update(_counted(conference))
        NewsCount.objects.bulk_create(
            NewsCount(conference_id=conference, year=year, number=number)
            for (conference, year), number in sorted(found.items())
        )


def _count_of_pages(pages: list[Article]) -> None:
    paths = {page.section_path for page in pages}
    count_news([section.conference for section in ConferenceSection.objects.filter(path__in=paths)])


def page_changed(instance: Page, **kwargs: object) -> None:
    """Count again after an article was published or taken down."""
    page = instance.specific
    if isinstance(page, Article):
        run_at_end(_count_of_pages, page)


def page_moved(instance: Page, **kwargs: object) -> None:
    """Count everything again after a page was moved: it may hold articles, and comes from anywhere."""
    run_at_end(_count_all, instance.pk)


def page_deleted(instance: Article, **kwargs: object) -> None:
    """Count again after an article was deleted."""
    run_at_end(_count_of_pages, instance)


def _count_all(_pages: list[int]) -> None:
    count_news()


def news_differences() -> list[str]:
    """Return a line for each count that is not as the pages say."""
    stored = {(row.conference_id, row.year): row.number for row in NewsCount.objects.all()}
    wrong = sorted({cell for cell, _number in stored.items() ^ _counted().items()})
    return [f"新闻计数不符：会议 {conference}，{year} 年" for conference, year in wrong]
