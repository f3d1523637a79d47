"""Pages of the house itself: health and robots.txt."""

from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from meetings.queries.visibility import administers
from search.health import search_state


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers, else 503; what is wrong stays inside.

    Administrators who are signed in read how the search stands besides.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "unavailable"}, status=503)
    told: dict[str, Any] = {"status": "ok"}
    if _keeps_the_portal(request):
        told["search"] = search_state()
    return JsonResponse(told)


def _keeps_the_portal(request: HttpRequest) -> bool:
    """True for an administrator of every conference; whoever brings no session costs no question and no cookie."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and None in administers(request.user)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers what is not meant for them."""
    return render(request, "portal/robots.txt", {"site_url": settings.SITE_URL}, content_type="text/plain")


def closed(request: HttpRequest, rest: str = "", pk: int = 0) -> HttpResponse:
    """Answer 404 where Wagtail would open a door that asks no policy, or that leads around an operation.

    Bulk actions for users: a person is changed by the operations of people alone. Tags: Wagtail suggests every tag of a
    model to every member of staff. The admin's API names every picture and document to every member of staff, and its
    actions on pages pass by the hooks that keep what was once public. `_util/` and its like hold a second login and
    passwords for single pages, which the portal does not have; `failwhale/` only breaks.
    """
    raise Http404
