"""The feeds of news and of outcomes (Atom), and the sitemap: each starts from the public queries."""

from datetime import datetime, time
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from publicity.models import Article, ConferenceSection, GatedPage, PublicitySettings, Release, gated_page_types
from publicity.views.lists import uncached

FEED_SIZE = 30


class PublicFeed(Feed):  # type: ignore[type-arg]  # no generic at run time
    """A feed that no cache keeps beyond a withdrawal."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the feed, named as the site is."""
        self.site_name = PublicitySettings.for_request(request).name
        return uncached(super().__call__(request, *args, **kwargs))

    def title(self) -> str:
        """The name of the list and of the site."""
        return f"{self.subtitle()} - {self.site_name}"

    def subtitle(self) -> str:
        """The name of the list."""
        return ""


class NewsFeed(PublicFeed):
    """The latest news."""

    def link(self) -> str:
        """The list of news."""
        return reverse("publicity:news")

    def subtitle(self) -> str:
        """The name of the list."""
        return _("News")

    def items(self) -> QuerySet[Article]:
        """The latest articles that are out."""
        return Article.objects.public()[:FEED_SIZE]

    def item_title(self, item: Article) -> str:
        """The title."""
        return item.title

    def item_description(self, item: Article) -> str:
        """The summary."""
        return item.summary

    def item_link(self, item: Article) -> str:
        """The article."""
        return str(item.url)

    def item_pubdate(self, item: Article) -> datetime:
        """The date of the news."""
        return timezone.make_aware(datetime.combine(item.date, time(0)))

    def item_updateddate(self, item: Article) -> datetime | None:
        """When its text last changed."""
        return item.last_published_at


class OutcomesFeed(PublicFeed):
    """What was settled, and each change of how far it has come."""

    def link(self) -> str:
        """The list of outcomes."""
        return reverse("publicity:outcomes")

    def subtitle(self) -> str:
        """The name of the list."""
        return _("Outcomes")

    def items(self) -> QuerySet[Release]:
        """The resolutions that are public now, the last change first."""
        return Release.objects.released().order_by("-pk")[:FEED_SIZE]

    def item_title(self, item: Release) -> str:
        """The title with its stage."""
        return f"{item.title}（{item.get_stage_display()}）"

    def item_description(self, item: Release) -> str:
        """The wording, and the explanation where there is one."""
        return "\n".join(text for text in (item.wording, item.explanation) if text)

    def item_link(self, item: Release) -> str:
        """The resolution."""
        return item.get_absolute_url()

    def item_guid(self, item: Release) -> str:
        """A name for this state of the resolution: its time, for a row's key would tell how many rows are hidden."""
        return f"{item.number}/{item.at:%Y%m%dT%H%M%S%f}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: Release) -> datetime:
        """When this state was released."""
        return item.at

    def item_updateddate(self, item: Release) -> datetime:
        """When this state was released."""
        return item.at


class ListSitemap(Sitemap[Any]):
    """Home, the two lists, and the sections with theirs."""

    def items(self) -> list[str]:
        """Addresses."""
        slugs = ConferenceSection.objects.live().values_list("slug", flat=True)
        inner = [f"/{slug}/{rest}" for slug in slugs for rest in ("", "news/", "outcomes/")]
        return ["/", reverse("publicity:news"), reverse("publicity:outcomes"), *inner]

    def location(self, item: str) -> str:
        """The address itself."""
        return item


class PageSitemap(Sitemap[GatedPage]):
    """News, outcome pages and plain pages that are out."""

    def items(self) -> list[GatedPage]:
        """All public pages with words of their own."""
        return [page for page_type in gated_page_types() for page in page_type.objects.public()]

    def location(self, item: GatedPage) -> str:
        """The page."""
        return str(item.url)

    def lastmod(self, item: GatedPage) -> datetime | None:
        """When its text last changed."""
        return item.last_published_at


class ResolutionSitemap(Sitemap[Release]):
    """The public resolutions."""

    def items(self) -> QuerySet[Release]:
        """What is public now."""
        return Release.objects.released()

    def lastmod(self, item: Release) -> datetime:
        """When its state was released."""
        return item.at


SITEMAPS = {"places": ListSitemap, "pages": PageSitemap, "resolutions": ResolutionSitemap}
