"""The outcome page of a meeting: drafted from the record, shown from the releases."""

import datetime
from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable, PageManager

from meetings.components import LedgerLine
from meetings.enums import Disclosure, MinutesState
from meetings.models import Meeting, Resolution
from meetings.queries.minutes import issued_minutes_of
from meetings.refusal import Missing
from meetings.rules.deadline import deadline_display
from publicity.breadcrumbs import OUTCOMES, breadcrumb_trail
from publicity.enums import Stage
from publicity.forms import OutcomeForm
from publicity.models.gate import GatedPage, GatedPageQuerySet
from publicity.models.release import Release


class OutcomePageQuerySet(GatedPageQuerySet):
    """Outcome pages, and those that the public may read."""

    def public(self) -> "OutcomePageQuerySet":
        """Return the approved pages that show at least one released resolution, newest meeting first."""
        released = Release.objects.released().order_by().filter(resolution=OuterRef("resolution"))
        items = OutcomeItem.objects.filter(Exists(released), page=OuterRef("pk"))
        pages = super().public().filter(Exists(items)).select_related("meeting__conference")
        newest_first: OutcomePageQuerySet = pages.order_by("-date", "-pk")
        return newest_first


OutcomePageManager = PageManager.from_queryset(OutcomePageQuerySet)


class OutcomePage(GatedPage):
    """What a meeting settled, item by item. An item that is not released is not shown, named or counted."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="outcome_page", verbose_name=_("meeting"))
    date = models.DateField(_("date of the meeting"))
    intro = models.TextField(_("opening"), help_text=_("One plain sentence: who met, when, what about."))

    objects: ClassVar[OutcomePageManager] = OutcomePageManager()

    base_form_class = OutcomeForm
    is_creatable = False  # drafted from the record, by a button of the meeting's page
    parent_page_types = ["publicity.OutcomesIndex"]
    subpage_types: list[str] = []
    template = "publicity/outcome.html"
    content_panels: list[Any] = [
        FieldPanel("title"),
        FieldPanel("intro"),
        InlinePanel("items", heading=_("Resolutions"), label=_("Resolution")),
    ]
    promote_panels: list[Any] = [FieldPanel("search_description")]

    class Meta:
        verbose_name = _("outcome page")
        verbose_name_plural = _("outcome pages")

    def slug_day(self) -> datetime.date | None:
        return self.date

    def texts(self) -> Iterator[tuple[str, str]]:
        yield from super().texts()
        yield _now("opening"), self.intro
        for number, item in enumerate(self.items.all(), start=1):
            place = _now("item %(number)s") % {"number": number}
            for text in (item.title, item.wording, item.discussion):
                yield place, text

    def record_refusals(self) -> Iterator[Missing]:
        """Refuse outcomes before the minutes are issued, and items that are not disclosed proactively."""
        for number, item in enumerate(self.items.all(), start=1):
            resolution = item.resolution
            if resolution.minutes.meeting_id != self.meeting_id:
                reason = _now("Item %(number)s belongs to another meeting. Remove it.")
                yield Missing(reason % {"number": number}, code="item_of_another_meeting")
            elif resolution.minutes.state != MinutesState.ISSUED:
                yield Missing(
                    _now("The minutes are not issued yet. Outcomes can go out once they are."),
                    code="item_of_minutes_not_issued",
                )
                return
            elif resolution.disclosure != Disclosure.PUBLIC:
                reason = _now(
                    "Item %(number)s is not disclosed proactively. Remove it, or have its disclosure changed first."
                )
                yield Missing(reason % {"number": number}, code="item_not_disclosed")

    def released_items(self) -> "list[tuple[OutcomeItem, Release]]":
        """Return the items that the public may see now, each with the release that it shows."""
        released = Release.objects.released().filter(resolution__minutes__meeting=self.meeting_id)
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
        articles: Any = self.meeting.articles
        preview = getattr(request, "is_preview", False)
        entries = self.draft_lines() if preview else [(item, row.ledger_line()) for item, row in self.released_items()]
        return {
            **super().get_context(request, *args, **kwargs),
            "column": OUTCOMES,
            "breadcrumbs": breadcrumb_trail(self.conference, OUTCOMES),
            "entries": entries,
            "minutes": issued_minutes_of(self.meeting),
            "news": articles.public(),
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
