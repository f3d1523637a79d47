"""The public door: `/search/`, as a page, as JSON and as a spreadsheet, over what was released and nothing else."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.generic.base import View

from meetings.models import JointConference
from meetings.request_origin import address
from search.engines.base import Row
from search.engines.selection import finder
from search.query import Query
from search.reader import public_reader
from search.result import Hit, Result
from search.views.export import HitsSheet, Told, too_often
from search.views.results import Line, about, listing

HTML, JSON = "text/html", "application/json"
TOO_MANY = 429


class PublicSearchView(HitsSheet, View):
    """What everyone finds. Copies ask again each time: a withdrawal takes effect at once."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the form that is asked for."""
        query, problems = Query.from_params(request.GET, public_reader())
        if not self.is_export:
            return self.page(query, problems)
        if too_often(address()):
            told = _("Too many spreadsheets were asked for from here. Please try again in a minute.")
            return self.page(query, [*problems, told], status=TOO_MANY)
        return self.sheet(query)

    def page(self, query: Query, problems: Sequence[str], status: int = 200) -> HttpResponse:
        """The page, or its data for a program."""
        result = finder().search(query)
        response: HttpResponse
        if self.request.get_preferred_type([HTML, JSON]) == JSON:
            told = as_json(query, result)
            response = JsonResponse(told, json_dumps_params={"ensure_ascii": False}, status=status)
        else:
            shown = listing(query, result, problems, [line_of(hit) for hit in result.hits])
            response = render(self.request, "search/public.html", shown, status=status)
        patch_vary_headers(response, ["Accept"])
        patch_cache_control(response, private=True, no_cache=True)
        return response

    def told(self, rows: Sequence[Row]) -> Iterator[Told]:
        """Yield what the public reads of some hits."""
        for row in rows:
            yield Told(
                kind=row.kind_label,
                title=row.title,
                number=row.data.get("number", ""),
                place=row.data["place"],
                lead=row.data.get("who", ""),
                co=row.data.get("co", ""),
                when=row.data.get("when", ""),
                stage=row.data.get("word", ""),
                day=row.day,
                url=self.request.build_absolute_uri(row.url),
            )

    def exported_conference(self) -> JointConference | None:
        """None: what is public is no conference's own."""
        return None


def line_of(hit: Hit) -> Line:
    """Return the line of a public hit; a page has no stage and no lead department."""
    data = hit.data
    return Line(
        what=hit.title_html,
        url=hit.url,
        about=about(hit),
        number=data.get("number", ""),
        lead=data.get("who", ""),
        lead_as="",
        co=data.get("co", ""),
        when=data.get("when", ""),
        stage=data.get("stage", ""),
        word=data.get("word", ""),
        passage=hit.snippet_html,
    )


def as_json(query: Query, result: Result) -> dict[str, Any]:
    """Return the result for programs. Texts are plain, not HTML; facets bear the names of the address's parameters."""
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
