"""How much news is public, by conference and year.

- `news_counts(conference, year)`: of all news, from the counts that are kept.
- `tagged_counts(articles, …)`: of the articles with one tag, counted anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractYear

from meetings.models import JointConference
from publicity.models import NewsCount
from publicity.models.article import ArticleQuerySet


@dataclass(frozen=True)
class NewsCounts:
    """How many articles each choice of conference or year would leave, and how many the present choice leaves."""

    conferences: dict[int, int]
    years: dict[int, int]
    total: int


def news_counts(conference: JointConference | None, year: int | None) -> NewsCounts:
    """Count the public articles; each count ignores its own part of the choice."""
    rows = NewsCount.objects.order_by()
    of_conference = rows.filter(conference=conference) if conference else rows
    of_year = rows.filter(year=year) if year else rows
    years = dict(of_conference.values_list("year").annotate(Sum("number")))
    conferences = dict(of_year.values_list("conference").annotate(Sum("number")))
    total = years.get(year, 0) if year else sum(years.values())
    return NewsCounts(conferences, years, total)


def tagged_counts(
    articles: ArticleQuerySet,
    conference: JointConference | None,
    year: int | None,
    conferences: Iterable[JointConference],
) -> NewsCounts:
    """Count these articles in the same way."""
    rows = articles.order_by()
    parts = {str(row.pk): Count("pk", filter=Q(path__startswith=row.section.path)) for row in conferences}
    found = (rows.filter(date__year=year) if year else rows).aggregate(**parts)
    of_conference = rows.of_conference(conference) if conference else rows
    years = dict(of_conference.values_list(ExtractYear("date")).annotate(Count("pk")))
    total = years.get(year, 0) if year else sum(years.values())
    return NewsCounts({int(key): number for key, number in found.items()}, years, total)
