"""The views that are compared: the same decisions, facets, hits and highlights, as JSON, from either search."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import path
from wagtail.search.backends import get_search_backend

from benchmarks.models import IndexedDecision
from search.document import FACETS
from search.engines.embedded import EmbeddedEngine
from search.highlight import highlight, make_snippet
from search.query import PAGE_SIZE, Query
from search.reader import public_reader
from search.terms import parse_query
from search.text import Phrase


def portal_search(request: HttpRequest) -> JsonResponse:
    """Answer from the portal's embedded engine."""
    result = EmbeddedEngine().search(Query(text=request.GET.get("q", ""), reader=public_reader()))
    return JsonResponse(
        {
            "total": result.total,
            "hits": [{"title": hit.title_html, "passage": hit.snippet_html} for hit in result.hits],
            "facets": {name: {each.value: each.count for each in counts} for name, counts in result.facets.items()},
        }
    )


def wagtail_search(request: HttpRequest) -> JsonResponse:
    """Answer from Wagtail's default backend."""
    text = request.GET.get("q", "")
    phrases = parse_query(text).phrases
    results = wagtail_results(text)
    return JsonResponse(
        {
            "total": results.count(),
            "hits": [_hit(row, phrases) for row in results[:PAGE_SIZE]],
            "facets": {name: results.facet(name) for name in FACETS},
        }
    )


def wagtail_results(text: str) -> Any:
    """Return the results of Wagtail's default search."""
    return get_search_backend("default").search(text, IndexedDecision)


def _hit(row: IndexedDecision, phrases: tuple[Phrase, ...]) -> dict[str, str]:
    shown = make_snippet(row.body.split("\n"), phrases)
    return {"title": highlight(row.title, phrases), "passage": highlight(shown, phrases)}


urlpatterns = [path("ours/", portal_search), path("wagtail/", wagtail_search)]
