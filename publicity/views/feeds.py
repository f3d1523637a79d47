"""The Atom feeds of news and outcomes, and the sitemap; each starts from the public queries."""

from datetime import datetime, time

from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from wagtail.models import Page

from publicity.models import Article, ConferenceSection, GatedPage, PublicitySettings, Release, gated_page_types
from publicity.models.tree import ConferenceList
from publicity.views.lists import uncached

FEED_SIZE = 30


class PublicFeed(Feed):  # type: ignore[type-arg]  # no generic at run time
    """A feed that caches revalidate, so that a withdrawal takes effect at once."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Serve the feed under the name of the site."""
        self.site_name = PublicitySettings.for_request(request).name
        return uncached(super().__call__(request, *args, **kwargs))

    def title(self) -> str:
        """Return the name of the list and of the site."""
        return f"{self.subtitle()} - {self.site_name}"

    def subtitle(self) -> str:
        """Return the name of the list."""
        return ""


class NewsFeed(PublicFeed):
    """The latest news."""

    def link(self) -> str:
        """Return the URL of the list of news."""
        return reverse("publicity:news")

    def subtitle(self) -> str:
        return _("News")

    def items(self) -> QuerySet[Article]:
        """Return the latest public articles."""
        return Article.objects.public()[:FEED_SIZE]

    def item_title(self, item: Article) -> str:
        return item.title

    def item_description(self, item: Article) -> str:
        return item.summary

    def item_link(self, item: Article) -> str:
        return str(item.url)

    def item_pubdate(self, item: Article) -> datetime:
        """Return the date of the article, as midnight."""
        return timezone.make_aware(datetime.combine(item.date, time(0)))

    def item_updateddate(self, item: Article) -> datetime | None:
        """Return when the text last changed."""
        return item.last_published_at


class OutcomesFeed(PublicFeed):
    """Released resolutions, and each change of their stage."""

    def link(self) -> str:
        """Return the URL of the list of outcomes."""
        return reverse("publicity:outcomes")

    def subtitle(self) -> str:
        return _("Outcomes")

    def items(self) -> QuerySet[Release]:
        """Return the resolutions that are public now, the last change first."""
        return Release.objects.released().order_by("-pk")[:FEED_SIZE]

    def item_title(self, item: Release) -> str:
        return f"{item.title}（{item.get_stage_display()}）"

    def item_description(self, item: Release) -> str:
        return "\n".join(text for text in (item.wording, item.explanation) if text)

    def item_link(self, item: Release) -> str:
        return item.get_absolute_url()

    def item_guid(self, item: Release) -> str:
        """Identify this state of the resolution by its time: the key of a row would reveal how many are hidden."""
        return f"{item.number}/{item.at:%Y%m%dT%H%M%S%f}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: Release) -> datetime:
        """Return when this state was released."""
        return item.at

    def item_updateddate(self, item: Release) -> datetime:
        """Return when this state was released."""
        return item.at


class ListSitemap(Sitemap[str]):
    """Home, the two lists of all conferences, and the sections with their lists."""

    def items(self) -> list[str]:
        inner = (page.url for page in Page.objects.live().type(ConferenceSection, ConferenceList).order_by("path"))
        return ["/", reverse("publicity:news"), reverse("publicity:outcomes"), *filter(None, inner)]

    def location(self, item: str) -> str:
        return item


class PageSitemap(Sitemap[GatedPage]):
    """The public pages with content of their own."""

    def items(self) -> list[GatedPage]:
        return [page for page_type in gated_page_types() for page in page_type.objects.public()]

    def location(self, item: GatedPage) -> str:
        return str(item.url)

    def lastmod(self, item: GatedPage) -> datetime | None:
        """Return when the text last changed."""
        return item.last_published_at


class ResolutionSitemap(Sitemap[Release]):
    """The public resolutions."""

    def items(self) -> QuerySet[Release]:
        return Release.objects.released()

    def lastmod(self, item: Release) -> datetime:
        """Return when the current state was released."""
        return item.at


SITEMAPS = {"places": ListSitemap, "pages": PageSitemap, "resolutions": ResolutionSitemap}
