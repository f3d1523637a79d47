"""Middleware for content security and for idle sessions.

- `ContentSecurityMiddleware`: django-csp, with a policy of its own for the admin and for previews.
- `IdleMiddleware`: ends a staff session that nobody used for `IDLE_MINUTES`.
"""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from csp.constants import SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from portal.accounts import SESSION_ENDED

GetResponse = Callable[[HttpRequest], HttpResponse]

# What Wagtail's admin needs beyond the public policy: style elements that its rich text editor creates, images shown
# before their upload, and its own frames for the preview. It needs no inline scripts: see portal.inline_scripts.
ADMIN_DIRECTIVES: dict[str, object] = {
    "style-src-elem": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}


def in_admin(request: HttpRequest) -> bool:
    """Return True if `request` is for a page of the admin."""
    return request.path_info.startswith(reverse("wagtailadmin_home"))


def redirects_to_login(response: HttpResponseRedirect) -> bool:
    """Return True if `response` redirects to the login with a `next` address."""
    return response.url.startswith(reverse("wagtailadmin_login") + "?")


class ContentSecurityMiddleware(CSPMiddleware):
    """The strict policy on public pages; on admin pages the strictest one that Wagtail works with.

    A preview runs through the middleware twice (`wagtail.models.preview`), first as the public page that it shows. That
    page keeps the public policy, but may be framed by the admin's preview panel.
    """

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if report_only:
            return parts
        if getattr(request, "is_preview", False):
            parts.replace = {"frame-ancestors": [SELF]}
        elif in_admin(request):
            parts.replace = ADMIN_DIRECTIVES
        return parts


class IdleMiddleware:
    """End a staff session after `IDLE_MINUTES` without a request made by the person.

    Django ends a session `SESSION_COOKIE_AGE` after it was last saved. This middleware saves it at most once a minute,
    and only for requests that a person made: the editor's own pings would keep an unattended session open for ever.
    If the session has expired, the redirect to the login says so.
    """

    SAVED_AT = "portal_active_at"
    SAVE_INTERVAL = 60

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request`, then extend the session, or mark the redirect to the login if it has ended."""
        if not in_admin(request):
            return self.get_response(request)
        had_session = bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        response = self.get_response(request)
        if request.user.is_authenticated:
            self._extend_session(request)
        elif had_session and isinstance(response, HttpResponseRedirect) and redirects_to_login(response):
            response["Location"] += "&" + urlencode({SESSION_ENDED: 1})
        return response

    def _extend_session(self, request: HttpRequest) -> None:
        automatic = "/editing-sessions/" in request.path_info
        now = int(time.time())
        if not automatic and now - request.session.get(self.SAVED_AT, 0) >= self.SAVE_INTERVAL:
            request.session[self.SAVED_AT] = now
