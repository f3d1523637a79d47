"""Required steps between the password and everything else: enter a code, choose a password, bind a telephone.

- `next_step(request)`: the URL name of the step that is due, or None for a person who is fully logged in.
- `LoginStepsMiddleware`: until then every page of the admin redirects there, requests of scripts get 403, and on public
  pages the person is anonymous.
- `needs_code(person)`: whether a role that the person holds today requires a second factor.
"""

from collections.abc import Callable
from functools import cache
from typing import cast

from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from meetings.models import Person
from meetings.models.people import AnyUser
from meetings.queries.login import device_of
from portal.middleware import in_admin
from portal.models import LoginRules
from portal.one_time_code import came_by_code

CODE, PASSWORD, DEVICE = "login_code", "login_password", "login_device"
STEPS = (CODE, PASSWORD, DEVICE)
VERIFIED_KEY = "portal_second_factor"  # session key, set once a code was correct
EXEMPT_URL_NAMES = ("wagtailadmin_login", "wagtailadmin_logout", "wagtailadmin_sprite", "jsi18n", *STEPS)


@cache
def exempt_paths() -> frozenset[str]:
    """Return the paths that are open before the login is complete."""
    return frozenset(reverse(name) for name in EXEMPT_URL_NAMES)


def needs_code(person: Person) -> bool:
    """Return True if a role that the person holds today requires a second factor."""
    roles = {tenure.post.role for tenure in person.tenures_in_force()}
    return bool(roles and roles & set(LoginRules.required_roles()))


def is_verified(person: AnyUser) -> bool:
    """Return True if a code of this person was correct in this session, and the telephone is still bound."""
    return getattr(person, "otp_device", None) is not None


def next_step(request: HttpRequest, user: AnyUser | None = None) -> str | None:
    """Return the URL name of the step that is due for the user of the request, or None.

    The code of a bound telephone comes before the password; binding a new telephone comes after it. Only the session
    that began with a one-time code may choose the password.
    """
    person = request.user if user is None else user
    if not isinstance(person, Person):
        return None
    missing = needs_code(person) and not is_verified(person)
    if missing and device_of(person) is not None:
        return CODE
    if person.password_is_temporary or came_by_code(request.session):
        return PASSWORD
    return DEVICE if missing else None


class LoginStepsMiddleware:
    """Block everything until the login steps are done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request`, or redirect to the step that is due."""
        if not in_admin(request):
            user = request.user
            request.user = cast("AnyUser", SimpleLazyObject(lambda: self._public_user(request, user)))
            return self.get_response(request)
        if request.user.is_authenticated and request.session.get(VERIFIED_KEY) and not is_verified(request.user):
            logout(request)  # the telephone was unbound meanwhile: require a new login
        if request.path_info in exempt_paths() or (step := next_step(request)) is None:
            return self.get_response(request)
        if is_script_request(request):
            return JsonResponse({"error": _("Finish logging in first.")}, status=403)
        return HttpResponseRedirect(f"{reverse(step)}?{urlencode({'next': request.get_full_path()})}")

    @staticmethod
    def _public_user(request: HttpRequest, user: AnyUser) -> AnyUser:
        """Return the user of a public page: anonymous until the login is complete."""
        return AnonymousUser() if next_step(request, user) else user


def is_script_request(request: HttpRequest) -> bool:
    """Return True for a request of a script, which could not display the page of a step."""
    scripted = request.headers.get("x-requested-with") == "XMLHttpRequest"
    return scripted or not request.accepts("text/html")
