"""The page of minutes, and the document in print (`Y 2(5)`, `C 5(4)`)."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import HeaderButton

from meetings.admin.core.downloads import Paper
from meetings.admin.core.ledger import ledger_line
from meetings.admin.core.printing import PrintView
from meetings.admin.core.record_page import Fact, RecordPageView
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import Mark
from meetings.admin.minutes.correction import corrected_mark, may_discard, told
from meetings.admin.minutes.documents import papers_of_minutes
from meetings.admin.minutes.redraft import news
from meetings.admin.resolutions.carry_over import carriable
from meetings.enums import MinutesState
from meetings.models import Minutes, Resolution
from meetings.queries.issued_copy import resolution_pks
from meetings.queries.minutes import IN_ORDER, Document, document
from meetings.queries.resolution import ledger
from meetings.rules.seal import seal_broken

REVISIONS_SHOWN = 6


class MinutesPrintView(PrintView):
    """The document on A4."""

    template_name = "meetings/print/minutes.html"
    route = "print/<int:pk>/"
    url_name = "print"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With all its parts."""
        return super().get_context_data(**kwargs) | {"document": document(self.object)}


class MinutesPageView(RecordPageView):
    """The page of minutes."""

    template_name = "meetings/minutes.html"

    @cached_property
    def document(self) -> Document:
        """What the page shows in the middle."""
        return document(self.object)

    @cached_property
    def edits(self) -> bool:
        """True if this person writes them now."""
        return self.get_edit_url() is not None

    def mark(self) -> Mark:
        """Corrected minutes say so."""
        return corrected_mark() if self.document.corrected_by else super().mark()

    def facts(self) -> list[Fact]:
        """Of which meeting, under which number, disclosed how."""
        row: Minutes = self.object
        reason = f"（{row.disclosure_reason}）" if row.disclosure_reason else ""
        return [
            Fact(_("Meeting"), str(row.meeting), reverse("meeting:inspect", args=[row.meeting_id])),
            Fact(_("Number"), row.number),
            Fact(_("Issued on"), row.issued_on),
            Fact(_("Disclosure"), f"{row.get_disclosure_display()}{reason}"),
        ]

    def get_header_buttons(self) -> list[HeaderButton]:
        """Edit, draft again, print; take back a correction."""
        row: Minutes = self.object
        offered = [
            (self.edits, "redraft", _("Draft again"), "rotate"),
            (True, "print", _("Print"), "doc-full"),
            (may_discard(self.edits, row), "discard", _("Discard"), "bin"),
        ]
        buttons = [
            HeaderButton(label, url=reverse(f"minutes:{name}", args=[row.pk]), icon_name=icon)
            for may, name, label, icon in offered
            if may
        ]
        return [*super().get_header_buttons(), *buttons]

    def nothing(self) -> str:
        """Issued minutes: the work goes on with their resolutions; of corrected ones, with the correction."""
        if self.document.corrected_by:
            return gettext("The minutes stay on record as they were approved. What holds is the correction.")
        if self.object.state != MinutesState.ISSUED:
            return ""
        meeting = self.object.meeting
        words = gettext(
            "The minutes are issued. Next, on the page of {meeting}: assign the resolutions, tell the public."
        )
        return format_html(words, meeting=format_html('<a href="{}">{}</a>', url_of(meeting), meeting))

    def downloads(self) -> list[Paper]:
        """The document itself."""
        return papers_of_minutes(self.object)

    def revisions(self) -> list[dict[str, Any]]:
        """The latest revisions, each with the ways to compare and to restore it."""
        row: Minutes = self.object
        found = list(row.revisions.select_related("user").order_by("-created_at", "-pk")[: REVISIONS_SHOWN + 1])
        return [
            {
                "revision": newer,
                "compare_url": reverse("minutes:compare", args=[row.pk, older.pk, newer.pk]) if older else "",
                "restore_url": reverse("minutes:restore", args=[row.pk, newer.pk]) if self.edits and n else "",
            }
            for n, (newer, older) in enumerate(zip(found, [*found[1:], None], strict=True))
        ][:REVISIONS_SHOWN]

    def resolutions(self) -> QuerySet[Resolution]:
        """What they settled, as it is now: of corrected minutes, where the correction has taken it."""
        row: Minutes = self.object
        if self.document.corrected_by:
            return Resolution.objects.filter(pk__in=resolution_pks(row)).order_by(*IN_ORDER)
        return row.resolutions.order_by(*IN_ORDER)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The document, its resolutions, seal and revisions."""
        row: Minutes = self.object
        return super().get_context_data(**kwargs) | {
            "document": self.document,
            "told": told(row),
            "news_url": reverse("minutes:redraft", args=[row.pk]) if self.edits and news(row) else "",
            "lines": [ledger_line(resolution) for resolution in ledger(self.resolutions())],
            "add_url": reverse("minutes:add_resolution", args=[row.pk]) if self.edits else "",
            "carriable": carriable(row) if self.edits else [],
            "seal_broken": bool(row.hash) and seal_broken(row),
            "revisions": self.revisions(),
        }
