"""The outcome page of a meeting: drafted from the record, shown from the releases."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from meetings.enums import Disclosure, MinutesState
from meetings.models import Meeting, Resolution
from meetings.queries.minutes import issued_minutes_of
from meetings.refusal import Missing
from publicity.breadcrumbs import OUTCOMES, trail_to
from publicity.forms import OutcomeForm
from publicity.models.gate import GatedPage
from publicity.models.release import Release


class OutcomePage(GatedPage):
    """What a meeting settled, item by item; an item that is not released is not shown, named or counted."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="outcome_page", verbose_name=_("meeting"))
    date = models.DateField(_("date of the meeting"))
    intro = models.TextField(_("opening"), help_text=_("One plain sentence: who met, when, what about."))

    base_form_class = OutcomeForm
    is_creatable = False  # drafted from the record, by one button in the workspace of its meeting
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

    def texts(self) -> Iterator[tuple[str, str]]:
        """Title, opening, and each item."""
        yield from super().texts()
        yield _now("opening"), self.intro
        for number, item in enumerate(self.items.all(), start=1):
            place = _now("item %(number)s") % {"number": number}
            for text in (item.title, item.wording, item.discussion):
                yield place, text

    def record_refusals(self) -> Iterator[Missing]:
        """Outcomes appear once the minutes are issued; each item is disclosed proactively."""
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

    def shown(self) -> "list[tuple[OutcomeItem, Release]]":
        """The items that the public may see now, each with the release it is shown from."""
        from publicity.queries.releases import released

        rows = {row.resolution_id: row for row in released().filter(resolution__minutes__meeting=self.meeting_id)}
        return [(item, rows[item.resolution_id]) for item in self.items.all() if item.resolution_id in rows]

    def is_public(self) -> bool:
        """An outcome page without any released item is no page."""
        return super().is_public() and bool(self.shown())

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the released items and the news of the meeting; in a preview, the items as drafted."""
        from publicity.ledger import draft_lines, line_of
        from publicity.queries.pages import public_articles

        preview = getattr(request, "is_preview", False)
        entries = draft_lines(self) if preview else [(item, line_of(row)) for item, row in self.shown()]
        return {
            **super().get_context(request, *args, **kwargs),
            "column": OUTCOMES,
            "trail": trail_to(self.conference, OUTCOMES),
            "entries": entries,
            "minutes": issued_minutes_of(self.meeting),
            "news": public_articles().filter(meeting=self.meeting_id),
        }


class OutcomeItem(Orderable):
    """One resolution on an outcome page; `lifts` names the withdrawal that its publication is to end."""

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
