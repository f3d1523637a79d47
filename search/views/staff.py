"""Staff search at `/admin/search/`: a page or spreadsheet of the records that the person may see."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from meetings.admin.core.guard import seen_by
from meetings.admin.core.ledger import overdue_badge
from meetings.admin.core.status_badges import StatusBadge, status_badge
from meetings.components import LedgerLine
from meetings.models import JointConference, Minutes, ProgressReport, Resolution, Topic
from meetings.queries.deadline import overdue
from meetings.queries.visibility import sees_any_record
from search.engines.base import Row
from search.engines.selection import finder
from search.highlight import highlight
from search.query import Query
from search.reader import staff_reader
from search.result import Hit
from search.text import Phrase
from search.views.export import ExportRow, HitsExportMixin
from search.views.results import about, result_context

BADGES: dict[str, Callable[[str], StatusBadge]] = {
    "topic": lambda state: status_badge(Topic(state=state)),
    "minutes": lambda state: status_badge(Minutes(state=state)),
    "report": lambda state: status_badge(ProgressReport(verdict=state)),
    "resolution": lambda state: status_badge(Resolution(state=state)),
    "explanation": lambda state: status_badge(Resolution(state=state)),
}
LEAD_LABELS = {"topic": _("Proposed by"), "report": _("Reported by")}


def record_url(hit: Hit | Row) -> str:
    """Return the URL of a hit's record. Reports and explanations are shown on the page of their resolution."""
    places = {"report": f"#report-{hit.key.partition(':')[2]}", "explanation": "#explanations"}
    page = "resolution" if hit.kind in places else hit.kind
    return reverse(f"{page}:inspect", args=[hit.data["record"]]) + places.get(hit.kind, "")


def overdue_ids(hits: Sequence[Hit | Row]) -> set[int]:
    """Return the ids of the resolutions among the hits that are overdue today. The index cannot store this."""
    found = [hit.data["record"] for hit in hits if hit.kind == "resolution"]
    return set(overdue(Resolution.objects.filter(pk__in=found)).values_list("pk", flat=True)) if found else set()


def badge_of(hit: Hit | Row, late: Collection[int]) -> StatusBadge:
    """Return the status badge of a hit's record, as of today."""
    badge = BADGES[hit.kind](hit.data["stage"])
    return overdue_badge(badge) if hit.kind == "resolution" and hit.data["record"] in late else badge


def line_of(hit: Hit, phrases: Sequence[Phrase], late: Collection[int]) -> LedgerLine:
    """Return the line of a record: decision, departments, deadline, present state.

    Reports and explanations show the title of their resolution.
    """
    data, badge = hit.data, badge_of(hit, late)
    return LedgerLine(
        what=highlight(data["about"], phrases) if "about" in data else hit.title_html,
        url=record_url(hit),
        about=about(hit),
        number=data.get("number", ""),
        lead=data.get("who", ""),
        lead_as=str(LEAD_LABELS.get(hit.kind, "")),
        co=data.get("co", ""),
        when=data.get("when", ""),
        stage=badge.stage,
        word=badge.word,
        passage=hit.snippet_html,
    )


class StaffSearchView(HitsExportMixin, WagtailAdminTemplateMixin, TemplateView):  # type: ignore[override]  # as Wagtail's lists
    """Search for staff: topics, minutes, decisions, explanations and progress reports."""

    template_name = "search/staff.html"
    header_icon = "search"
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Refuse people who may see no record."""
        if not sees_any_record(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> Any:
        """Return the page, or all hits as a spreadsheet."""
        return (
            self.export_response(self.query_and_problems[0])
            if self.is_export
            else super().get(request, *args, **kwargs)
        )

    @cached_property
    def query_and_problems(self) -> tuple[Query, list[str]]:
        """The query with the visibility of this person, and messages about invalid parameters."""
        return Query.from_params(self.request.GET, staff_reader(self.request.user))

    def get_page_title(self) -> str:
        return gettext("Find")

    def get_breadcrumbs_items(self) -> list[Mapping[str, object]]:
        return [*self.breadcrumbs_items, {"url": "", "label": gettext("Find")}]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, problems = self.query_and_problems
        result = finder().search(query)
        late = overdue_ids(result.hits)
        shown = result_context(query, result, problems, [line_of(hit, result.phrases, late) for hit in result.hits])
        context: dict[str, object] = super().get_context_data(**kwargs)
        return context | shown | {"standby": result.standby}

    def export_rows(self, rows: Sequence[Row]) -> Iterator[ExportRow]:
        """Yield the spreadsheet rows of some hits, with their state today."""
        late = overdue_ids(rows)
        for row in rows:
            url = self.request.build_absolute_uri(record_url(row))
            yield ExportRow.of(row, title=row.data.get("about", row.title), stage=badge_of(row, late).word, url=url)

    def exported_conference(self) -> JointConference | None:
        """Return the selected conference, or the only visible one. The access log records it with the export."""
        places = seen_by(self.request.user, JointConference)
        if chosen := self.query_and_problems[0].chosen.get("conference"):
            places = places.filter(slug__in=chosen)
        found = list(places[:2])
        return found[0] if len(found) == 1 else None
