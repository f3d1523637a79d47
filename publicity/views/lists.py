"""The two lists of the public site, news and outcomes, each for all conferences and for one.

Filters are links, and the URL holds all of them. An unknown value is ignored, not an error.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Count, Model, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings.components import Filter, FilterOption
from meetings.models import JointConference
from publicity.breadcrumbs import NEWS, OUTCOMES, breadcrumb_trail
from publicity.enums import Stage
from publicity.models import Article, OutcomePage, Release
from publicity.queries.releases import ReleaseFilter, counts

PAGE_SIZE = 20
M = TypeVar("M", bound=Model)
Value = str | int | None  # of a filter; None is no choice


def uncached(response: HttpResponse) -> HttpResponse:
    """Make caches revalidate the response: a withdrawal takes effect at once."""
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _filter(
    label: str, name: str, chosen: Value, rest: Mapping[str, Value], options: Iterable[tuple[str | int, str, int]]
) -> Filter:
    others = {key: value for key, value in rest.items() if key != name and value is not None and value != ""}
    links = [FilterOption(_("All"), urlencode(others), None, chosen in (None, ""))]
    links += [
        FilterOption(text, urlencode({**others, name: value}), count, str(value) == str(chosen))
        for value, text, count in options
        if count or str(value) == str(chosen)
    ]
    return Filter(label, links)


def _year(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) == 4 else None


def _conferences() -> dict[str, JointConference]:
    return {row.slug: row for row in JointConference.objects.filter(section__live=True).select_related("section")}


def _paginate(rows: QuerySet[M], request: HttpRequest) -> Page[M]:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


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
            _("Progress"), "stage", choice.stage, chosen, ((s.value, str(s.label), found.stages[s]) for s in Stage)
        ),
    ]
    if section is None and len(known) > 1:
        offered = ((slug, row.short_name, found.conferences[row.pk]) for slug, row in known.items())
        filters.insert(0, _filter(_("Conference"), "conference", chosen["conference"], chosen, offered))
    page = _paginate(choice.rows(), request)
    return uncached(
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


def _by_meeting(rows: Iterable[Release]) -> list[dict[str, object]]:
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


def _by_conference(rows: QuerySet[Article], conferences: Iterable[JointConference]) -> dict[str, int]:
    """Count these articles by conference, under the conference's key."""
    parts = {str(row.pk): Count("pk", filter=Q(path__startswith=row.section.path)) for row in conferences}
    found: dict[str, int] = rows.order_by().aggregate(**parts)
    return found


@require_safe
def news(request: HttpRequest, section: JointConference | None = None) -> HttpResponse:
    """List the news, newest first, with filters for conference, year and tag."""
    known = _conferences()
    conference = section or known.get(request.GET.get("conference", ""))
    year, tag = _year(request.GET.get("year")), request.GET.get("tag", "")
    chosen = {"conference": conference.slug if conference and not section else None, "year": year, "tag": tag}
    within: dict[str, str | int] = {"tagged_items__tag__name": tag} if tag else {}
    articles = Article.objects.public().filter(**within)
    rows = articles.of_conference(conference) if conference else articles
    within |= {"date__year": year} if year else {}
    years = rows.order_by().values_list(ExtractYear("date")).annotate(Count("pk")).order_by("-date__year")
    filters = [_filter(_("Year"), "year", year, chosen, ((y, str(y), n) for y, n in years))]
    if section is None and len(known) > 1:
        found = _by_conference(Article.objects.public().filter(**within), known.values())
        offered = ((slug, row.short_name, found[str(row.pk)]) for slug, row in known.items())
        filters.insert(0, _filter(_("Conference"), "conference", chosen["conference"], chosen, offered))
    if tag:
        filters.append(_filter(_("Tag"), "tag", tag, chosen, [(tag, tag, 1)]))
    page = _paginate(rows.filter(date__year=year) if year else rows, request)
    return uncached(
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
