"""Suggestions while typing: titles that the search of the same reader would find, as JSON that must not be cached."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from meetings.queries.visibility import sees_any_record
from search.engines.selection import finder
from search.reader import Reader, public_reader, staff_reader


def _titles(request: HttpRequest, reader: Reader) -> JsonResponse:
    titles = finder().suggest(request.GET.get("q", ""), reader)
    response = JsonResponse(titles, safe=False, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_safe
def public_titles(request: HttpRequest) -> JsonResponse:
    """Return titles of released content."""
    return _titles(request, public_reader())


@require_safe
def staff_titles(request: HttpRequest) -> JsonResponse:
    """Return titles of records that the person may see. Refuse people who may see no record."""
    if not sees_any_record(request.user):
        raise PermissionDenied
    return _titles(request, staff_reader(request.user))
