"""The staff's door: `/admin/search/`, a page or a spreadsheet of the records that the person may know of."""

from collections.abc import Callable, Collection, Iterator, Sequence
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
from meetings.admin.core.ledger import overdue_mark
from meetings.admin.core.status_badges import Mark, mark_of
from meetings.models import JointConference, Minutes, ProgressReport, Resolution, Topic
from meetings.queries.deadline import overdue
from meetings.queries.visibility import has_sight
from search.engines.base import Row
from search.engines.selection import finder
from search.highlight import marked
from search.query import Query
from search.reader import staff_reader
from search.result import Hit
from search.text import Phrase
from search.views.export import HitsSheet, Told
from search.views.results import Line, about, listing

MARKS: dict[str, Callable[[str], Mark]] = {
    "topic": lambda state: mark_of(Topic(state=state)),
    "minutes": lambda state: mark_of(Minutes(state=state)),
    "report": lambda state: mark_of(ProgressReport(verdict=state)),
    "resolution": lambda state: mark_of(Resolution(state=state)),
    "explanation": lambda state: mark_of(Resolution(state=state)),
}
LEAD_AS = {"topic": _("Proposed by"), "report": _("Reported by")}


def address(hit: Hit | Row) -> str:
    """Return the page of a hit's record; reports and explanations stand on the page of their resolution."""
    places = {"report": f"#report-{hit.key.partition(':')[2]}", "explanation": "#explanations"}
    page = "resolution" if hit.kind in places else hit.kind
    return reverse(f"{page}:inspect", args=[hit.data["record"]]) + places.get(hit.kind, "")


def late_among(hits: Sequence[Hit | Row]) -> set[int]:
    """Return the keys of the resolutions among the hits that are late today, which no index can know."""
    found = [hit.data["record"] for hit in hits if hit.kind == "resolution"]
    return set(overdue(Resolution.objects.filter(pk__in=found)).values_list("pk", flat=True)) if found else set()


def mark_on(hit: Hit | Row, late: Collection[int]) -> Mark:
    """Return how the record of a hit stands today."""
    mark = MARKS[hit.kind](hit.data["stage"])
    return overdue_mark(mark) if hit.kind == "resolution" and hit.data["record"] in late else mark


def line_of(hit: Hit, phrases: Sequence[Phrase], late: Collection[int]) -> Line:
    """Return the line of a record: what was decided, by whom, when, and how it stands today.

    A report stands under what it is about.
    """
    data, mark = hit.data, mark_on(hit, late)
    return Line(
        what=marked(data["about"], phrases) if "about" in data else hit.title_html,
        url=address(hit),
        about=about(hit),
        number=data.get("number", ""),
        lead=data.get("who", ""),
        lead_as=str(LEAD_AS.get(hit.kind, "")),
        co=data.get("co", ""),
        when=data.get("when", ""),
        stage=mark.stage,
        word=mark.word,
        passage=hit.snippet_html,
    )


class StaffSearchView(HitsSheet, WagtailAdminTemplateMixin, TemplateView):  # type: ignore[override]  # as Wagtail's lists
    """Past decisions, and what led to them and came of them."""

    template_name = "search/staff.html"
    header_icon = "search"
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever sees no record at all."""
        if not has_sight(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The page, or all of it as a spreadsheet."""
        return self.sheet(self.asked[0]) if self.is_export else super().get(request, *args, **kwargs)

    @cached_property
    def asked(self) -> tuple[Query, list[str]]:
        """The query with the rights of this request, and what of its address could not be understood."""
        return Query.from_params(self.request.GET, staff_reader(self.request.user))

    def get_page_title(self) -> str:
        """What the page is called."""
        return gettext("Find")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, and here."""
        return [*self.breadcrumbs_items, {"url": "", "label": gettext("Find")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Search, with the rights of this request."""
        query, problems = self.asked
        result = finder().search(query)
        late = late_among(result.hits)
        shown = listing(query, result, problems, [line_of(hit, result.phrases, late) for hit in result.hits])
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | shown | {"standby": result.standby}

    def told(self, rows: Sequence[Row]) -> Iterator[Told]:
        """Yield what the lines of some hits tell, as of today."""
        late = late_among(rows)
        for row in rows:
            yield Told(
                kind=row.kind_label,
                title=row.data.get("about", row.title),
                number=row.data.get("number", ""),
                place=row.data["place"],
                lead=row.data.get("who", ""),
                co=row.data.get("co", ""),
                when=row.data.get("when", ""),
                stage=mark_on(row, late).word,
                day=row.day,
                url=self.request.build_absolute_uri(address(row)),
            )

    def exported_conference(self) -> JointConference | None:
        """The one that was chosen, or the only one that the reader sees: it hears of the export."""
        places = seen_by(self.request.user, JointConference)
        if chosen := self.asked[0].chosen.get("conference"):
            places = places.filter(slug__in=chosen)
        found = list(places[:2])
        return found[0] if len(found) == 1 else None
