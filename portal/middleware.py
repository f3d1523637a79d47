"""What the portal adds to each request and answer.

- `ContentSecurityMiddleware`: django-csp, with a policy of its own for the admin and for previews.
- `IdleMiddleware`: ends a staff session that nobody used for `IDLE_MINUTES`.
"""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from csp.constants import SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from portal.accounts import ENDED

GetResponse = Callable[[HttpRequest], HttpResponse]

# What Wagtail's admin needs beyond the public policy: the style elements that its rich text editor makes, pictures
# shown before their upload, and frames of its own for the preview. Inline scripts it does without: see
# portal.inline_scripts.
ADMIN_DIRECTIVES: dict[str, Any] = {
    "style-src-elem": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}


def in_admin(request: HttpRequest) -> bool:
    """Tell whether `request` is for a page of the staff."""
    return request.path_info.startswith(reverse("wagtailadmin_home"))


def leads_to_login(response: HttpResponseRedirect) -> bool:
    """Tell whether `response` sends somebody to the login, to come back afterwards."""
    return response.url.startswith(reverse("wagtailadmin_login") + "?")


class ContentSecurityMiddleware(CSPMiddleware):
    """The strict policy on public pages, the tightest that Wagtail works with on the admin's.

    A preview runs through the middleware twice (`wagtail.models.preview`): first as the public page that it shows,
    which keeps the public policy but may stand in the admin's preview panel.
    """

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Return the directives of the settings, changed where the page needs it."""
        parts = super().get_policy_parts(request, response, report_only)
        if report_only:
            return parts
        if getattr(request, "is_preview", False):
            parts.replace = {"frame-ancestors": [SELF]}
        elif in_admin(request):
            parts.replace = ADMIN_DIRECTIVES
        return parts


class IdleMiddleware:
    """End a staff session after `IDLE_MINUTES` without a step of the person.

    Django ends a session `SESSION_COOKIE_AGE` after it was last saved. This middleware saves it at most once a minute,
    and only for requests that a person made: the editor's own pings would keep an abandoned desk open for ever.
    A session that is no longer known leads to a login page that says so.
    """

    SAVED_AT = "portal_active_at"
    EVERY_SECONDS = 60

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request`, then keep the session alive or tell that it has ended."""
        if not in_admin(request):
            return self.get_response(request)
        had_session = bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        response = self.get_response(request)
        if request.user.is_authenticated:
            self._keep(request)
        elif had_session and isinstance(response, HttpResponseRedirect) and leads_to_login(response):
            response["Location"] += "&" + urlencode({ENDED: 1})
        return response

    def _keep(self, request: HttpRequest) -> None:
        by_itself = "/editing-sessions/" in request.path_info
        now = int(time.time())
        if not by_itself and now - request.session.get(self.SAVED_AT, 0) >= self.EVERY_SECONDS:
            request.session[self.SAVED_AT] = now
