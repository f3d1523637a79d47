"""The Atom feeds of news and outcomes; each starts from the public queries."""

from datetime import datetime, time

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from publicity.models import Article, PublicDecision, PublicitySettings
from publicity.revalidation import canonical

FEED_SIZE = 30


class PublicFeed(Feed):  # type: ignore[type-arg]  # no generic at run time
    """A feed that caches revalidate, so that a withdrawal takes effect at once."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Serve the feed under the name of the site."""
        self.site_name = PublicitySettings.for_request(request).name
        return canonical(request, super().__call__(request, *args, **kwargs))

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

    def items(self) -> QuerySet[PublicDecision]:
        """Return the resolutions that are public now, the last change first."""
        return PublicDecision.objects.released().order_by("-release_id")[:FEED_SIZE]

    def item_title(self, item: PublicDecision) -> str:
        return f"{item.title}（{item.get_stage_display()}）"

    def item_description(self, item: PublicDecision) -> str:
        return "\n".join(text for text in (item.wording, item.explanation) if text)

    def item_link(self, item: PublicDecision) -> str:
        return item.get_absolute_url()

    def item_guid(self, item: PublicDecision) -> str:
        """Identify this state of the resolution by its time: the key of a row would reveal how many are hidden."""
        return f"{item.number}/{item.at:%Y%m%dT%H%M%S%f}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: PublicDecision) -> datetime:
        """Return when this state was released."""
        return item.at

    def item_updateddate(self, item: PublicDecision) -> datetime:
        """Return when this state was released."""
        return item.at
