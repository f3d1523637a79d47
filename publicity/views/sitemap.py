"""The site map: an index at `/sitemap.xml`, and a file for the pages without a year and for each conference and year.

A file stays small however long the portal runs, and the files of past years do not change.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Page

from meetings.models import JointConference
from publicity.models import (
    Article,
    ConferenceSection,
    GatedPage,
    NewsCount,
    OutcomePage,
    PublicCount,
    PublicDecision,
    gated_page_types,
)
from publicity.models.tree import ConferenceList
from publicity.revalidation import canonical

# Page types with a day of their own; the others have no year.
DATED: dict[type[GatedPage], str] = {Article: "date", OutcomePage: "date"}


class PlaceSitemap(Sitemap[str]):
    """Home, the two lists of all conferences, and the sections with their lists."""

    def items(self) -> list[str]:
        inner = (page.url for page in Page.objects.live().type(ConferenceSection, ConferenceList).order_by("path"))
        return ["/", reverse("publicity:news"), reverse("publicity:outcomes"), *filter(None, inner)]

    def location(self, item: str) -> str:
        return item


class PageSitemap(Sitemap[GatedPage]):
    """Public pages with content of their own."""

    def __init__(self, pages: Iterable[GatedPage]) -> None:
        self.pages = pages

    def items(self) -> list[GatedPage]:
        return list(self.pages)

    def location(self, item: GatedPage) -> str:
        return str(item.url)

    def lastmod(self, item: GatedPage) -> datetime | None:
        """Return when the text last changed."""
        return item.last_published_at


class DecisionSitemap(Sitemap[PublicDecision]):
    """The public decisions of a conference and year."""

    def __init__(self, conference: JointConference, year: int) -> None:
        self.conference, self.year = conference, year

    def items(self) -> list[PublicDecision]:
        rows = PublicDecision.objects.filter(conference=self.conference, year=self.year)
        return list(rows.only("number", "at").order_by("held_on", "meeting_id", "order", "pk"))

    def lastmod(self, item: PublicDecision) -> datetime:
        """Return when the current state was released."""
        return item.at


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the files of the site map."""
    slugs = dict(JointConference.objects.filter(section__live=True).values_list("pk", "slug"))
    years = set(PublicCount.objects.values_list("conference", "year"))
    years |= set(NewsCount.objects.values_list("conference", "year"))
    parts = [
        reverse("publicity:sitemap_of_year", args=(slugs[conference], year))
        for conference, year in sorted(years)
        if conference in slugs
    ]
    addresses = map(request.build_absolute_uri, [reverse("publicity:sitemap_of_places"), *parts])
    context = {"sitemaps": [{"location": address} for address in addresses]}
    return canonical(request, render(request, "sitemap_index.xml", context, content_type="application/xml"))


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """List the pages without a year."""
    pages = (page for kind in gated_page_types() if kind not in DATED for page in kind.objects.public())
    return canonical(request, sitemap(request, {"places": PlaceSitemap(), "pages": PageSitemap(pages)}))


@require_safe
def of_year(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """List the news, outcome pages and decisions of a conference and year; 404 for an unknown conference."""
    conference = JointConference.objects.filter(section__live=True, slug=slug).first()
    if conference is None or not date.min.year <= year <= date.max.year:
        raise Http404
    pages = (
        page
        for kind, name in DATED.items()
        for page in kind.objects.public().of_conference(conference).filter(**{f"{name}__year": year})
    )
    maps: dict[str, Any] = {"pages": PageSitemap(pages), "decisions": DecisionSitemap(conference, year)}
    return canonical(request, sitemap(request, maps))
