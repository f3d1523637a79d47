"""Titles for what is being typed: what the search of the same door would find, as a JSON list, kept by nobody."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from meetings.queries.visibility import has_sight
from search.engines.selection import finder
from search.reader import Reader, public_reader, staff_reader


def _titles(request: HttpRequest, reader: Reader) -> JsonResponse:
    titles = finder().suggest(request.GET.get("q", ""), reader)
    response = JsonResponse(titles, safe=False, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_safe
def public_titles(request: HttpRequest) -> JsonResponse:
    """Answer with titles of what was released."""
    return _titles(request, public_reader())


@require_safe
def staff_titles(request: HttpRequest) -> JsonResponse:
    """Answer with titles of what the person may know of. Refuses whoever sees no record at all."""
    if not has_sight(request.user):
        raise PermissionDenied
    return _titles(request, staff_reader(request.user))
