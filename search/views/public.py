"""Public search at `/search/` as a page, JSON or spreadsheet. It finds released content only."""

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.generic.base import View

from meetings.components import LedgerLine
from meetings.models import JointConference
from meetings.request_origin import address
from search.engines.base import Row
from search.engines.selection import finder
from search.query import Query
from search.reader import public_reader
from search.result import Hit, Result
from search.views.export import ExportRow, HitsExportMixin, export_wait
from search.views.results import about, result_context

HTML, JSON = "text/html", "application/json"
TOO_MANY = 429


class PublicSearchView(HitsExportMixin, View):
    """Public search. Responses must be revalidated, so a withdrawal takes effect at once."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page, JSON or spreadsheet. Exports are rate-limited per address."""
        query, problems = Query.from_params(request.GET, public_reader())
        if not self.is_export:
            return self.page(query, problems)
        if wait := export_wait(address()):
            message = _("Too many spreadsheets were asked for from here. Please try again in a minute.")
            response = self.page(query, [*problems, message], status=TOO_MANY)
            response["Retry-After"] = str(wait)
            return response
        return self.export_response(query)

    def page(self, query: Query, problems: Sequence[str], status: int = 200) -> HttpResponse:
        """Return the result as a page or as JSON, by the Accept header."""
        result = finder().search(query)
        response: HttpResponse
        if self.request.get_preferred_type([HTML, JSON]) == JSON:
            payload = as_json(query, result)
            response = JsonResponse(payload, json_dumps_params={"ensure_ascii": False}, status=status)
        else:
            shown = result_context(query, result, problems, [line_of(hit) for hit in result.hits])
            response = render(self.request, "search/public.html", shown, status=status)
        patch_vary_headers(response, ["Accept"])
        patch_cache_control(response, private=True, no_cache=True)
        return response

    def export_rows(self, rows: Sequence[Row]) -> Iterator[ExportRow]:
        """Yield the spreadsheet rows of some hits, with what the public may read."""
        for row in rows:
            url = self.request.build_absolute_uri(row.url)
            yield ExportRow.of(row, title=row.title, stage=row.data.get("word", ""), url=url)

    def exported_conference(self) -> JointConference | None:
        """Return None: public content does not belong to one conference in the access log."""
        return None


def line_of(hit: Hit) -> LedgerLine:
    """Return the line of a public hit. Pages have no stage and no lead department."""
    data = hit.data
    return LedgerLine(
        what=hit.title_html,
        url=hit.url,
        about=about(hit),
        number=data.get("number", ""),
        lead=data.get("who", ""),
        co=data.get("co", ""),
        when=data.get("when", ""),
        stage=data.get("stage", ""),
        word=data.get("word", ""),
        passage=hit.snippet_html,
    )


def as_json(query: Query, result: Result) -> dict[str, object]:
    """Return the result as JSON data. Texts are plain, not HTML. Facet names are the names of the URL parameters."""
    return {
        "total": result.total,
        "page": query.page,
        "relaxed": result.relaxed,
        "hits": [{"title": hit.title, "url": hit.url, "kind": hit.kind, "snippet": hit.snippet} for hit in result.hits],
        "facets": {
            name: [{"value": each.value, "count": each.count} for each in counts]
            for name, counts in result.facets.items()
        },
    }
