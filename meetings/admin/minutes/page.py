"""The admin page of minutes, and their print view (`Y 2(5)`, `C 5(4)`)."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import HeaderButton

from meetings.admin.core.downloads import DocumentLinks
from meetings.admin.core.ledger import ledger_line
from meetings.admin.core.printing import PrintView
from meetings.admin.core.record_page import Fact, RecordPageView
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import StatusBadge
from meetings.admin.minutes.correction import corrected_badge, correction_notices, may_discard
from meetings.admin.minutes.documents import MinutesFileView, minutes_downloads
from meetings.admin.minutes.redraft import draft_outdated
from meetings.admin.resolutions.carry_over import carriable
from meetings.enums import MinutesState
from meetings.models import Minutes, Resolution
from meetings.queries.issued_copy import resolution_pks
from meetings.queries.minutes import DOCUMENT_ORDER, Document, document
from meetings.queries.resolution import ledger
from meetings.rules.seal import seal_broken

REVISIONS_SHOWN = 6


class MinutesPrintView(PrintView):
    """The minutes for printing on A4."""

    template_name = "meetings/print/minutes.html"
    route = "print/<int:pk>/"
    url_name = "print"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"document": document(self.object)}


class MinutesPageView(RecordPageView[Minutes]):
    """The page of minutes."""

    template_name = "meetings/minutes.html"
    documents = (MinutesFileView,)

    @cached_property
    def document(self) -> Document:
        """Return the document that the page shows."""
        return document(self.object)

    @cached_property
    def can_edit(self) -> bool:
        """Return True if this person may edit the minutes now."""
        return self.get_edit_url() is not None

    def badge(self) -> StatusBadge:
        """Return the badge “corrected” for minutes that a correction has replaced."""
        return corrected_badge() if self.document.corrected_by else super().badge()

    def facts(self) -> list[Fact]:
        row: Minutes = self.object
        reason = f"（{row.disclosure_reason}）" if row.disclosure_reason else ""
        return [
            Fact(_("Meeting"), str(row.meeting), reverse("meeting:inspect", args=[row.meeting_id])),
            Fact.of(row, "number"),
            Fact.of(row, "issued_on"),
            Fact(_("Disclosure"), f"{row.get_disclosure_display()}{reason}"),
        ]

    def get_header_buttons(self) -> list[HeaderButton]:
        """Add the buttons to draft again, to print, and to discard a correction."""
        row: Minutes = self.object
        offered = [
            (self.can_edit, "redraft", _("Draft again"), "rotate"),
            (True, "print", _("Print"), "doc-full"),
            (may_discard(self.can_edit, row), "discard", _("Discard"), "bin"),
        ]
        buttons = [
            HeaderButton(label, url=reverse(f"minutes:{name}", args=[row.pk]), icon_name=icon)
            for may, name, label, icon in offered
            if may
        ]
        return [*super().get_header_buttons(), *buttons]

    def no_step_message(self) -> str:
        """Return where work on issued minutes continues, and of corrected ones that the correction is in force."""
        if self.document.corrected_by:
            return gettext("The minutes stay on record as they were approved. What holds is the correction.")
        if self.object.state != MinutesState.ISSUED:
            return ""
        meeting = self.object.meeting
        message = gettext(
            "The minutes are issued. Next, on the page of {meeting}: assign the resolutions, tell the public."
        )
        return format_html(message, meeting=format_html('<a href="{}">{}</a>', url_of(meeting), meeting))

    def downloads(self) -> list[DocumentLinks]:
        return minutes_downloads(self.object)

    def revisions(self) -> list[dict[str, object]]:
        """Return the latest revisions, each with the URLs to compare and to restore it."""
        row: Minutes = self.object
        found = list(row.revisions.select_related("user").order_by("-created_at", "-pk")[: REVISIONS_SHOWN + 1])
        return [
            {
                "revision": newer,
                "compare_url": reverse("minutes:compare", args=[row.pk, older.pk, newer.pk]) if older else "",
                "restore_url": reverse("minutes:restore", args=[row.pk, newer.pk]) if self.can_edit and n else "",
            }
            for n, (newer, older) in enumerate(zip(found, [*found[1:], None], strict=True))
        ][:REVISIONS_SHOWN]

    def resolutions(self) -> QuerySet[Resolution]:
        """Return the resolutions that these minutes settled, as they are now.

        A correction takes over the resolutions of the minutes that it replaces; for replaced minutes, the keys are read
        from the issued copy.
        """
        row: Minutes = self.object
        if self.document.corrected_by:
            return Resolution.objects.filter(pk__in=resolution_pks(row)).order_by(*DOCUMENT_ORDER)
        return row.resolutions.order_by(*DOCUMENT_ORDER)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        row: Minutes = self.object
        return super().get_context_data(**kwargs) | {
            "document": self.document,
            "correction_notices": correction_notices(row),
            "redraft_url": reverse("minutes:redraft", args=[row.pk]) if self.can_edit and draft_outdated(row) else "",
            "lines": [ledger_line(resolution) for resolution in ledger(self.resolutions())],
            "add_url": reverse("minutes:add_resolution", args=[row.pk]) if self.can_edit else "",
            "carriable": carriable(row) if self.can_edit else [],
            "seal_broken": bool(row.hash) and seal_broken(row),
            "revisions": self.revisions(),
        }
