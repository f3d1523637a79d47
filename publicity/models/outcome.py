"""The outcome page of a meeting: drafted from the record, shown from the releases.

- `OutcomePage`: opening, items, how the meeting is called in public, and the minutes that are named as the source.
- `OutcomeItem`: one resolution on it.
- `HiddenSource`: the mark that hides the approved source line at once, without a review.
"""

import datetime
from collections.abc import Iterator
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, PageManager

from meetings.components import LedgerLine
from meetings.enums import Disclosure, MinutesState
from meetings.models import Meeting, Minutes, Person, Resolution
from meetings.queries.minutes import issued_minutes_of
from meetings.refusal import Missing
from meetings.rules.deadline import deadline_display
from publicity.breadcrumbs import OUTCOMES, breadcrumb_trail
from publicity.enums import Stage
from publicity.forms import OutcomeForm
from publicity.models.decision import PublicDecision
from publicity.models.gate import GatedPage, GatedPageQuerySet
from publicity.models.release import Release


class OutcomePageQuerySet(GatedPageQuerySet):
    """Outcome pages, and those that the public may read."""

    def public(self) -> "OutcomePageQuerySet":
        """Return the approved pages that show at least one released resolution, newest meeting first."""
        released = PublicDecision.objects.filter(resolution=OuterRef("resolution"))
        items = OutcomeItem.objects.filter(Exists(released), page=OuterRef("pk"))
        pages = super().public().filter(Exists(items))
        newest_first: OutcomePageQuerySet = pages.order_by("-date", "-pk")  # type: ignore[assignment]  # its own class
        return newest_first


def discloses_minutes(minutes: Minutes | None) -> bool:
    """Return True if the public may read which minutes these are: issued and disclosed proactively."""
    return minutes is not None and minutes.state == MinutesState.ISSUED and minutes.disclosure == Disclosure.PUBLIC


OutcomePageManager = PageManager.from_queryset(OutcomePageQuerySet)


class OutcomePage(GatedPage):
    """What a meeting settled, item by item. An item that is not released is not shown, named or counted.

    - `meeting_title` is how lists and the pages of the resolutions call the meeting; the releases store it.
    - `source_…` name the minutes, where these are disclosed proactively. A correction changes nothing in public until
      the page was reviewed again.
    """

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="outcome_page", verbose_name=_("meeting"))
    date = models.DateField(_("date of the meeting"))
    intro = models.TextField(_("opening"), help_text=_("One plain sentence: who met, when, what about."))
    meeting_title = models.CharField(
        _("title of the meeting"),
        max_length=120,
        blank=True,
        help_text=_("As the list of outcomes and the pages of the resolutions call it. Empty: as in the record."),
    )
    source_title = models.CharField(_("title of the minutes"), max_length=160, blank=True)
    source_number = models.CharField(_("number of the minutes"), max_length=60, blank=True)
    source_issued_on = models.DateField(_("minutes issued on"), null=True, blank=True)

    objects: ClassVar[OutcomePageManager] = OutcomePageManager()

    base_form_class = OutcomeForm
    is_creatable = False  # drafted from the record, by a button of the meeting's page
    parent_page_types = ["publicity.OutcomesIndex"]
    subpage_types: list[str] = []
    template = "publicity/outcome.html"
    content_panels: list[Any] = [
        FieldPanel("title"),
        FieldPanel("intro"),
        FieldPanel("meeting_title"),
        MultiFieldPanel(
            [FieldPanel("source_title"), FieldRowPanel([FieldPanel("source_number"), FieldPanel("source_issued_on")])],
            heading=_("Source"),
            help_text=_("The minutes, if they are disclosed proactively. Empty: the page names no source."),
        ),
        InlinePanel("items", heading=_("Resolutions"), label=_("Resolution")),
    ]
    promote_panels: list[Any] = [FieldPanel("search_description")]

    class Meta:
        verbose_name = _("outcome page")
        verbose_name_plural = _("outcome pages")
        indexes = [models.Index(fields=["-date", "-page_ptr"], name="outcome_newest")]

    def slug_day(self) -> datetime.date | None:
        return self.date

    def texts(self) -> Iterator[tuple[str, str]]:
        yield from super().texts()
        yield gettext("opening"), self.intro
        yield gettext("title of the meeting"), self.meeting_title
        yield gettext("title of the minutes"), self.source_title
        yield gettext("number of the minutes"), self.source_number
        for number, item in enumerate(self.items.all(), start=1):
            place = gettext("item %(number)s") % {"number": number}
            for text in (item.title, item.wording, item.discussion):
                yield place, text

    def record_refusals(self) -> Iterator[Missing]:
        """Refuse outcomes before the minutes are issued, and what is not disclosed proactively: items, the source."""
        for number, item in enumerate(self.items.all(), start=1):
            resolution = item.resolution
            if resolution.minutes.meeting_id != self.meeting_id:
                reason = gettext("Item %(number)s belongs to another meeting. Remove it.")
                yield Missing(reason % {"number": number}, code="item_of_another_meeting")
            elif resolution.minutes.state != MinutesState.ISSUED:
                yield Missing(
                    gettext("The minutes are not issued yet. Outcomes can go out once they are."),
                    code="item_of_minutes_not_issued",
                )
                return
            elif resolution.disclosure != Disclosure.PUBLIC:
                reason = gettext(
                    "Item %(number)s is not disclosed proactively. Remove it, or have its disclosure changed first."
                )
                yield Missing(reason % {"number": number}, code="item_not_disclosed")
        yield from self._source_refusals()

    def _source_refusals(self) -> Iterator[Missing]:
        """Refuse a source that is not disclosed proactively, or named in part only."""
        parts = (self.source_title, self.source_number, self.source_issued_on)
        if any(parts) and not all(parts):
            yield Missing(
                gettext("Under “Source”, fill in title, number and day of the minutes, or empty all three."),
                code="source_incomplete",
            )
        if self.names_source and not discloses_minutes(issued_minutes_of(self.meeting)):
            yield Missing(
                gettext("The minutes are not disclosed proactively. Empty the three fields under “Source”."),
                code="source_not_disclosed",
            )

    @property
    def names_source(self) -> bool:
        """True if the text names the minutes as its source."""
        return bool(self.source_title or self.source_number or self.source_issued_on)

    @property
    def shows_source(self) -> bool:
        """True if the page names its source and that was not hidden since its approval."""
        return self.names_source and not HiddenSource.objects.filter(page=self.pk).exists()

    def propose_source(self) -> bool:
        """Take source and title of the meeting from the record into this draft; return True if that changed it.

        The minutes are named only where they are disclosed proactively. A title that somebody wrote stays.
        """
        before = (self.meeting_title, self.source_title, self.source_number, self.source_issued_on)
        minutes = issued_minutes_of(self.meeting)
        self.meeting_title = self.named_meeting()
        if minutes is not None and discloses_minutes(minutes):
            self.source_title, self.source_number = minutes.title, minutes.number
            self.source_issued_on = minutes.issued_on
        else:
            self.source_title, self.source_number, self.source_issued_on = "", "", None
        return before != (self.meeting_title, self.source_title, self.source_number, self.source_issued_on)

    def named_meeting(self) -> str:
        """Return how lists and the pages of the resolutions will call the meeting once this text is published."""
        return self.meeting_title or self.meeting.title

    def released_items(self) -> "list[tuple[OutcomeItem, PublicDecision]]":
        """Return the items that the public may see now, each with what it shows."""
        released = PublicDecision.objects.released().filter(meeting=self.meeting_id)
        rows = {row.resolution_id: row for row in released}
        return [(item, rows[item.resolution_id]) for item in self.items.all() if item.resolution_id in rows]

    def draft_lines(self) -> "list[tuple[OutcomeItem, LedgerLine]]":
        """Return the items of this draft with their lines as if it were published now, for previews and reviews."""
        entries = []
        for item in self.items.all():
            resolution, last = item.resolution, Release.objects.latest_of(item.resolution)
            parts = list(resolution.parts.select_related("department"))
            stage = Stage(last.stage) if last and last.stage else Stage.ADOPTED
            line = LedgerLine(
                what=item.title,
                url="",
                number=resolution.public_number or "",
                lead="、".join(part.department.name for part in parts if part.role == "lead"),
                co="、".join(part.department.name for part in parts if part.role != "lead"),
                when=deadline_display(resolution.deadline_text, resolution.deadline),
                stage=stage,
                word=str(stage.label),
                wording=item.wording,
            )
            entries.append((item, line))
        return entries

    def is_public(self) -> bool:
        """Return True if at least one item is released too."""
        return super().is_public() and bool(self.released_items())

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        """Add the released items and the news of the meeting; in a preview, the items as drafted."""
        article: Any = apps.get_model("publicity", "Article")  # its module imports this one
        preview = getattr(request, "is_preview", False)
        entries = self.draft_lines() if preview else [(item, row.ledger_line()) for item, row in self.released_items()]
        return {
            **super().get_context(request, *args, **kwargs),
            "column": OUTCOMES,
            "breadcrumbs": breadcrumb_trail(self.conference, OUTCOMES),
            "entries": entries,
            "shows_source": self.names_source if preview else self.shows_source,
            "news": article.objects.public().filter(meeting=self.meeting_id),
        }


class OutcomeItem(Orderable):
    """One resolution on an outcome page; `lifts` is the withdrawal that its publication is to end."""

    page = ParentalKey(OutcomePage, on_delete=models.CASCADE, related_name="items")
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="+", verbose_name=_("resolution"))
    title = models.CharField(_("title"), max_length=120)
    wording = models.TextField(_("wording"))
    discussion = models.TextField(_("what was discussed"), blank=True)
    lifts = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, editable=False, related_name="+")

    panels = [FieldPanel("title"), FieldPanel("wording"), FieldPanel("discussion")]

    class Meta(Orderable.Meta):
        verbose_name = _("resolution on an outcome page")
        verbose_name_plural = _("resolutions on an outcome page")
        constraints = [models.UniqueConstraint(fields=["page", "resolution"], name="resolution_once_per_page")]

    def __str__(self) -> str:
        return self.title


class HiddenSource(models.Model):
    """The mark that hides the source line of a page: the disclosure of the minutes was tightened.

    It is no field of the page: the page keeps its approved hash, and no save of it can bring the line back. The next
    publication removes the mark; it is refused while a source is named that is not disclosed.
    """

    page = models.OneToOneField(OutcomePage, models.CASCADE, related_name="+", verbose_name=_("page"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("hidden source of an outcome page")
        verbose_name_plural = _("hidden sources of outcome pages")

    def __str__(self) -> str:
        return str(self.page)
