"""Views of the portal itself: health check, robots.txt, and blocked URLs."""

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
    """Answer 200 if the database answers, else 503 without details.

    For signed-in administrators of all conferences the answer also contains the state of the search.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "unavailable"}, status=503)
    payload: dict[str, object] = {"status": "ok"}
    if _is_administrator_of_all(request):
        payload["search"] = search_state()
    return JsonResponse(payload)


def _is_administrator_of_all(request: HttpRequest) -> bool:
    """Return True for an administrator of all conferences; without a session cookie this costs no query."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and None in administers(request.user)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Return robots.txt."""
    return render(request, "portal/robots.txt", {"site_url": settings.SITE_URL}, content_type="text/plain")


def blocked(request: HttpRequest, rest: str = "", pk: int = 0) -> HttpResponse:
    """Answer 404 for URLs of Wagtail that check no permission policy or bypass an operation.

    - Bulk actions for users: only the operations for people may change a person.
    - Tags: Wagtail suggests every tag of a model to every member of staff.
    - The admin's API lists every image and document for every member of staff, and its page actions bypass the hooks
      that protect what was once public.
    - `_util/` and similar URLs contain a second login and passwords for single pages, which the portal does not use.
    - The report of page types names the last edited page of each type, drafts of all conferences among them.
    - `failwhale/` only raises an error.
    """
    raise Http404
