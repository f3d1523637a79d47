"""A signed cookie that tells in which browser a login has succeeded before (OWASP: "device cookies").

Failed logins are counted per address and per account, so anybody can make strangers wait: colleagues behind the same
address, and whoever owns the attacked account. Attempts from a browser in which the same login succeeded are counted
apart, for that browser alone (`portal.throttle`), and nobody else can make them wait. The cookie opens nothing: the
password is asked for as ever, and wrong ones are limited as strictly.

- `known_browser(request, login)`: the id of the browser, if this login succeeded in it.
- `remember_browser(request, response, login)`: sets the cookie after a successful login.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

COOKIE = "known_browser"
SALT = "portal.known_browser"
MAX_AGE = 180 * 24 * 60 * 60  # seconds since the last login
LOGINS = 8  # colleagues who share a computer; the cookie stays below 600 bytes


def known_browser(request: HttpRequest, login: str) -> str | None:
    """Return the id of this browser if `login` has succeeded in it within `MAX_AGE`; None otherwise."""
    browser, logins = _content(request)
    return browser if _hashed(login) in logins else None


def remember_browser(request: HttpRequest, response: HttpResponse, login: str) -> None:
    """Set the cookie: this browser, with `login` before the others that succeeded in it."""
    browser, logins = _content(request)
    hashed = _hashed(login)
    content = [browser or secrets.token_urlsafe(12), hashed, *(each for each in logins if each != hashed)]
    response.set_cookie(
        COOKIE,
        signing.dumps(content[: LOGINS + 1], salt=SALT),
        max_age=MAX_AGE,
        path=reverse("wagtailadmin_home"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )


def _content(request: HttpRequest) -> tuple[str, list[str]]:
    """Return the id of the browser and the hashes of its logins; empty ones without a valid cookie."""
    try:
        browser, *logins = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return "", []
    return browser, logins


def _hashed(login: str) -> str:
    """Return a keyed hash, so that the cookie does not show who works at a computer."""
    return salted_hmac(SALT, login).hexdigest()[:24]
