"""How often a login may fail: per login and address, per address, and per account.

- `LoginThrottle`: the handler of django-axes (AXES_HANDLER). It counts in the table of `meetings.operations.attempts`.
- `password_was_right(request)`: forgets the attempts of a login that succeeded.
- `lockout_response(request, …)`: the page that says how long to wait (AXES_LOCKOUT_CALLABLE).

django-axes brings the backend that refuses, the middleware that answers, and the signals. Its database handler has one
limit and one period for all combinations of AXES_LOCKOUT_PARAMETERS, checks before it counts, and stores logins and
addresses; hence our own.

An attempt is counted under three limits. The pair of login and address is strict: who mistypes knows it, and colleagues
are not affected. The two others stop what the pair cannot see, many logins from one address and many addresses on one
login. They begin with a wait of seconds, because innocent people meet them as well:

- **Address**: an office of dozens behind one address mistypes every day. A success takes back the failures of its own
  login, so only failures that nobody made good add up: two people an hour who give up after five tries, or ten logins
  tried in turn. Then a new browser waits ten seconds, and only a continuing attack makes it minutes.
- **Account**: ten failures a day that were not made good, from anywhere. The wait does not hold at addresses where the
  login has succeeded before: whoever owns the account works on there, in any browser, under the two other limits.
- No wait is longer than that of the pair, so nobody is locked out for good; a right password during a wait is not
  checked, otherwise guessing would go on.
- A browser in which the login has succeeded before (`portal.known_browser`) is counted alone. So neither an attack on
  an account nor one from the own office keeps its owner from the usual computer.

A login without account is counted like any other, and all names only as keyed hashes: people type passwords into that
field. Nothing here looks up whether an account exists.
"""

from collections.abc import Mapping
from typing import cast

from axes.handlers.base import AxesHandler
from axes.signals import user_locked_out
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from meetings.models import Person
from meetings.operations.attempts import (
    Counted,
    Counter,
    Limit,
    LimitReached,
    count_attempt,
    forget_attempts,
    is_remembered,
    keyed_hash,
    network_of,
    remember,
    wait_after,
)
from portal.client_address import client_address
from portal.known_browser import known_browser

MINUTE, HOUR, DAY = 60, 3600, 86400
LONGEST_WAIT = 15 * MINUTE
FIVE_TRIES = {"attempts": 5, "window": LONGEST_WAIT, "first_wait": LONGEST_WAIT, "longest_wait": LONGEST_WAIT}
PAIR = Limit(name="pair", **FIVE_TRIES)
BROWSER = Limit(name="browser", **FIVE_TRIES)
ACCOUNT = Limit(name="account", attempts=10, window=DAY, first_wait=10, longest_wait=LONGEST_WAIT, memory=DAY)
ADDRESS = Limit(name="address", attempts=10, window=HOUR, first_wait=10, longest_wait=LONGEST_WAIT, memory=HOUR)
KNOWN_ADDRESS_DAYS = 90  # since the last success of a login at an address
MAX_SECONDS_SHOWN = 120  # longer waits are shown in minutes


class LoginRequest(HttpRequest):
    """A request with the attributes that the throttle and django-axes set."""

    login_attempt: tuple[Counted, ...]
    login_wait: LimitReached
    axes_locked_out: bool
    axes_failures_since_start: int | None
    axes_credentials: Mapping[str, object]
    axes_ip_address: str | None


class LoginThrottle(AxesHandler):
    """Counts login attempts under the limits of this module, before the password is checked."""

    def is_allowed(self, request: LoginRequest, credentials: Mapping[str, object] | None = None) -> bool:
        """Count the attempt; return False if one of its counters still waits."""
        try:
            request.login_attempt = count_attempt(*counters(request, _login(credentials)))
        except LimitReached as reached:
            request.login_wait = reached
            return False
        return True

    def user_login_failed(
        self, sender: object, credentials: Mapping[str, object], request: LoginRequest | None = None, **kwargs: object
    ) -> None:
        """Mark the request as locked if the attempt was refused, or if its failure began a wait."""
        if request is None:
            return
        if not request.axes_locked_out:
            request.axes_failures_since_start = request.login_attempt[0].count
            if (wait := wait_after(request.login_attempt)) is None:
                return
            request.login_wait = wait
        request.axes_locked_out = True
        request.axes_credentials = credentials
        user_locked_out.send("axes", request=request, username=_login(credentials), ip_address=request.axes_ip_address)

    def user_logged_in(self, sender: object, request: HttpRequest, user: Person, **kwargs: object) -> None:
        """Forget the failures of this login, and remember the address at which it succeeded."""
        password_was_right(request)
        if network := _network(request):
            remember(_success_at(user.get_username(), network), KNOWN_ADDRESS_DAYS * DAY)


def counters(request: HttpRequest, login: str) -> list[Counter]:
    """Return what an attempt counts under; the first one is of this login here, and a success deletes it."""
    if browser := known_browser(request, login):
        return [BROWSER.counter(login, browser)]
    network = _network(request)
    if not network:  # a socket without a proxy: all clients would share the counter of the address
        return [PAIR.counter(login, network), ACCOUNT.counter(login)]
    account = [] if is_remembered(_success_at(login, network)) else [ACCOUNT.counter(login)]
    return [PAIR.counter(login, network), *account, ADDRESS.counter(network)]


def password_was_right(request: HttpRequest) -> None:
    """Forget the failures of this login from this address or browser. Those of anybody else stay counted."""
    if attempt := getattr(request, "login_attempt", ()):
        cast("LoginRequest", request).login_attempt = ()
        forget_attempts(*attempt)


def _success_at(login: str, network: str) -> str:
    return keyed_hash("login succeeded at", login, network)


def _network(request: HttpRequest) -> str:
    address = client_address(request)
    return network_of(address) if address else ""


def lockout_response(
    request: LoginRequest, response: HttpResponse | None, credentials: Mapping[str, object] | None
) -> HttpResponse:
    """Answer 429 with a page that says why and how long to wait, and `Retry-After`."""
    limit, seconds = request.login_wait.limit, request.login_wait.seconds
    context = {"cause": limit.name, "limit": limit.attempts, "wait": wait_text(seconds)}
    page = render(request, "portal/locked.html", context, status=429)
    page["Retry-After"] = str(seconds)
    return page


def wait_text(seconds: int) -> str:
    """Return the wait in words: seconds, or minutes rounded up."""
    if seconds <= MAX_SECONDS_SHOWN:
        return _("%(seconds)s seconds") % {"seconds": seconds}
    return _("%(minutes)s minutes") % {"minutes": -(-seconds // MINUTE)}


def _login(credentials: Mapping[str, object] | None) -> str:
    return str((credentials or {}).get("username") or "")
