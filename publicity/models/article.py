"""News."""

import datetime
from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager

from meetings import clock
from meetings.enums import MeetingState
from meetings.models import Meeting
from meetings.refusal import Missing
from publicity.blocks import BODY, file_texts, texts
from publicity.breadcrumbs import NEWS, breadcrumb_trail
from publicity.choosers import PicturePanel
from publicity.forms import ArticleForm
from publicity.models.gate import GatedPage, GatedPageQuerySet
from publicity.models.outcome import OutcomePage


class ArticleQuerySet(GatedPageQuerySet):
    """Articles, and those that the public may read."""

    def public(self) -> "ArticleQuerySet":
        """Return the public articles, newest first, with their covers.

        The meeting is not read: the gate lets news of a held meeting out only, and a held meeting stays held.
        """
        articles = super().public().select_related("cover").prefetch_related("cover__renditions")
        newest_first: ArticleQuerySet = articles.order_by("-date", "-pk")
        return newest_first


ArticleManager = PageManager.from_queryset(ArticleQuerySet)


class Article(GatedPage):
    """An article of news. One about a meeting may be published once the meeting was held (`Y 2(7)`)."""

    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("meeting"),
        help_text=_("The meeting it reports. Only meetings that were held can be chosen."),
    )
    date = models.DateField(_("date"), default=clock.today)
    summary = models.CharField(_("summary"), max_length=200, help_text=_("One or two sentences, for lists and shares."))
    cover = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cover picture"),
    )
    cover_alt = models.CharField(
        _("what the cover shows"), max_length=200, blank=True, help_text=_("For those who do not see the picture.")
    )
    body = StreamField(BODY, verbose_name=_("text"))
    tags = ClusterTaggableManager(through="publicity.TaggedArticle", blank=True, verbose_name=_("tags"))

    objects: ClassVar[ArticleManager] = ArticleManager()

    base_form_class = ArticleForm
    parent_page_types = ["publicity.NewsIndex"]
    subpage_types: list[str] = []
    template = "publicity/article.html"

    content_panels: list[Any] = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("date"), FieldPanel("meeting")]),
        FieldPanel("summary"),
        MultiFieldPanel([PicturePanel("cover"), FieldPanel("cover_alt")], _("cover")),
        FieldPanel("body"),
        FieldPanel("tags"),
    ]
    promote_panels: list[Any] = [FieldPanel("search_description")]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [models.Index(fields=["-date", "-page_ptr"], name="article_newest")]

    def slug_day(self) -> datetime.date | None:
        return self.date

    def texts(self) -> Iterator[tuple[str, str]]:
        yield from super().texts()
        yield gettext("summary"), self.summary
        yield gettext("what the cover shows"), self.cover_alt
        for text in file_texts(self.cover):
            yield gettext("cover"), text
        yield from texts(self.body)
        for tag in self.tags.all():
            yield gettext("tags"), tag.name

    def record_refusals(self) -> Iterator[Missing]:
        """Refuse news of a meeting that was not held yet, or that belongs to another conference."""
        if self.meeting is None:
            return
        if self.meeting.state != MeetingState.HELD:
            yield Missing(
                gettext("The meeting has not been held yet. News of it can go out once it is registered as held."),
                code="news_of_a_meeting_not_held",
            )
        if self.meeting.conference_id != self.conference.pk:
            yield Missing(
                gettext("The meeting belongs to another conference. Write the news in the section of that conference."),
                code="news_of_another_conference",
            )

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        """Add the public outcome page of the meeting."""
        outcome = OutcomePage.objects.public().filter(meeting=self.meeting_id).first() if self.meeting_id else None
        context = super().get_context(request, *args, **kwargs)
        return {**context, "column": NEWS, "breadcrumbs": breadcrumb_trail(self.conference, NEWS), "outcome": outcome}
