"""The two lists of the public site, news and outcomes, each for all conferences and for one.

Filters are links, and the URL holds all of them. An unknown value is ignored, not an error.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings.components import Filter, FilterOption
from meetings.models import JointConference
from publicity.breadcrumbs import NEWS, OUTCOMES, breadcrumb_trail
from publicity.enums import Stage
from publicity.models import Article, OutcomePage, PublicDecision
from publicity.queries.news import news_counts, tagged_counts
from publicity.queries.releases import ReleaseFilter, counts
from publicity.revalidation import may_keep, uncached

PAGE_SIZE = 20
M = TypeVar("M", bound=Model)
Value = str | int | None  # of a filter; None is no choice


def _is_canonical(request: HttpRequest, chosen: Mapping[str, Value], page: Page[Any]) -> bool:
    """Return True for the one address that links to these rows: no unknown parameter, no other notation or order."""
    names = {**chosen, "page": page.number if page.number > 1 else None}
    canonical = urlencode({name: value for name, value in names.items() if value})
    return request.META.get("QUERY_STRING", "") == canonical and bool(page.object_list or not canonical)


def _filter(
    label: str, name: str, chosen: Value, rest: Mapping[str, Value], options: Iterable[tuple[str | int, str, int]]
) -> Filter:
    def query(value: Value) -> str:
        """Return the query string in the order of `rest`: each choice has one address."""
        return urlencode({key: each for key, each in {**rest, name: value}.items() if each not in (None, "")})

    links = [FilterOption(_("All"), query(None), None, chosen in (None, ""))]
    links += [
        FilterOption(text, query(value), count, str(value) == str(chosen))
        for value, text, count in options
        if count or str(value) == str(chosen)
    ]
    return Filter(label, links)


def _year(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) == 4 else None


def _tag(text: str) -> str:
    """Return the tag if public news has it; the page repeats no other text from the address."""
    name = text.replace("\0", "")
    return name if name and Article.objects.public().filter(tagged_items__tag__name=name).exists() else ""


def _conferences() -> dict[str, JointConference]:
    return {row.slug: row for row in JointConference.objects.filter(section__live=True).select_related("section")}


def _paginate(rows: QuerySet[M], request: HttpRequest, total: int | None = None) -> Page[M]:
    """Return the page that was asked for. With `total`, the rows are not counted."""
    paginator = Paginator(rows, PAGE_SIZE)
    if total is not None:
        paginator.count = total
    return paginator.get_page(request.GET.get("page"))


@require_safe
def outcomes(request: HttpRequest, section: JointConference | None = None) -> HttpResponse:
    """List the released resolutions by meeting, with filters for conference, year and stage."""
    known = _conferences()
    conference = section or known.get(request.GET.get("conference", ""))
    stage = request.GET.get("stage", "")
    choice = ReleaseFilter(conference, _year(request.GET.get("year")), stage if stage in Stage.values else "")
    chosen = {
        "conference": conference.slug if conference and not section else None,
        "year": choice.year,
        "stage": choice.stage,
    }
    found = counts(choice)
    filters = [
        _filter(_("Year"), "year", choice.year, chosen, ((y, str(y), n) for y, n in sorted(found.years.items())[::-1])),
        _filter(
            _("Progress"),
            "stage",
            choice.stage,
            chosen,
            ((s.value, str(s.label), found.stages.get(s, 0)) for s in Stage),
        ),
    ]
    if section is None and len(known) > 1:
        offered = ((slug, row.short_name, found.conferences.get(row.pk, 0)) for slug, row in known.items())
        filters.insert(0, _filter(_("Conference"), "conference", chosen["conference"], chosen, offered))
    page = _paginate(choice.rows(), request, choice.total())
    response = uncached(
        render(
            request,
            "publicity/outcomes.html",
            {
                "column": OUTCOMES,
                "breadcrumbs": breadcrumb_trail(section),
                "section": section,
                "page_obj": page,
                "meetings": _by_meeting(page.object_list),
                "filters": filters,
                "query": urlencode({key: value for key, value in chosen.items() if value}),
                "chosen": bool(choice.year or choice.stage or chosen["conference"]),
            },
        )
    )
    return may_keep(response) if _is_canonical(request, chosen, page) else response


def _by_meeting(rows: Iterable[PublicDecision]) -> list[dict[str, object]]:
    rows = list(rows)
    outcomes = OutcomePage.objects.public().filter(meeting__in={row.meeting_id for row in rows}) if rows else []
    pages = {page.meeting_id: page for page in outcomes}
    groups = []
    for pk, members in groupby(rows, key=lambda row: row.meeting_id):
        group = list(members)
        first = group[0]
        groups.append(
            {
                "conference": first.conference,
                "title": first.meeting_title,
                "held_on": first.held_on,
                "page": pages.get(pk),
                "lines": [row.ledger_line() for row in group],
            }
        )
    return groups


@require_safe
def news(request: HttpRequest, section: JointConference | None = None) -> HttpResponse:
    """List the news, newest first, with filters for conference, year and tag."""
    known = _conferences()
    conference = section or known.get(request.GET.get("conference", ""))
    year, tag = _year(request.GET.get("year")), _tag(request.GET.get("tag", ""))
    chosen = {"conference": conference.slug if conference and not section else None, "year": year, "tag": tag}
    articles = Article.objects.public().filter(**({"tagged_items__tag__name": tag} if tag else {}))
    rows = articles.of_conference(conference) if conference else articles
    rows = rows.filter(date__year=year) if year else rows
    found = news_counts(conference, year) if not tag else tagged_counts(articles, conference, year, known.values())
    years = sorted(found.years.items(), reverse=True)
    filters = [_filter(_("Year"), "year", year, chosen, ((each, str(each), number) for each, number in years))]
    if section is None and len(known) > 1:
        offered = ((slug, row.short_name, found.conferences.get(row.pk, 0)) for slug, row in known.items())
        filters.insert(0, _filter(_("Conference"), "conference", chosen["conference"], chosen, offered))
    if tag:
        filters.append(_filter(_("Tag"), "tag", tag, chosen, [(tag, tag, found.total)]))
    page = _paginate(rows, request, None if tag else found.total)
    response = uncached(
        render(
            request,
            "publicity/news.html",
            {
                "column": NEWS,
                "breadcrumbs": breadcrumb_trail(section),
                "section": section,
                "page_obj": page,
                "filters": filters,
                "query": urlencode({key: value for key, value in chosen.items() if value}),
                "chosen": any(chosen.values()),
            },
        )
    )
    # A tag is free text: anybody can write one into the address.
    return may_keep(response) if not tag and _is_canonical(request, chosen, page) else response
