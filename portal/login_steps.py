"""What a person has to do after the password and before anything else: a code, an own password, a telephone to bind.

Key concepts
- `next_step(person)`: the name of the page that is due, or None for somebody who has fully logged in.
- `FirstStepsMiddleware`: until then every page of the staff leads there, data for scripts is refused, and on public
  pages the person is a visitor like any other.
- `needs_code(person)`: whether the roles that the person holds today ask for a second factor.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from meetings.models import Person
from meetings.queries.login import device_of
from portal.middleware import in_admin
from portal.models import LoginRules

CODE, PASSWORD, DEVICE = "login_code", "login_password", "login_device"
STEPS = (CODE, PASSWORD, DEVICE)
PROVED = "portal_second_factor"  # kept in the session once a code was right
OPEN = ("wagtailadmin_login", "wagtailadmin_logout", "wagtailadmin_sprite", "jsi18n", *STEPS)


@cache
def open_paths() -> frozenset[str]:
    """The addresses that nobody has to have finished logging in for."""
    return frozenset(reverse(name) for name in OPEN)


def needs_code(person: Person) -> bool:
    """True if a role that the person holds today asks for a second factor."""
    roles = {tenure.post.role for tenure in person.held()}
    return bool(roles and roles & set(LoginRules.roles_asked()))


def code_was_right(person: Any) -> bool:
    """True if a code of this person was right in this session, and the telephone is still bound."""
    return getattr(person, "otp_device", None) is not None


def next_step(person: Any) -> str | None:
    """The page that is due; a telephone that is known comes before the password, an unknown one after it."""
    if not isinstance(person, Person):
        return None
    missing = needs_code(person) and not code_was_right(person)
    if missing and device_of(person) is not None:
        return CODE
    if person.password_is_temporary:
        return PASSWORD
    return DEVICE if missing else None


class FirstStepsMiddleware:
    """Lets nobody do anything before the first steps are done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request`, or lead to the step that is due."""
        if not in_admin(request):
            user = request.user
            request.user = cast(Any, SimpleLazyObject(lambda: AnonymousUser() if next_step(user) else user))
            return self.get_response(request)
        if request.user.is_authenticated and request.session.get(PROVED) and not code_was_right(request.user):
            logout(request)  # the telephone was taken away meanwhile: whoever sits there logs in anew
        if request.path_info in open_paths() or (step := next_step(request.user)) is None:
            return self.get_response(request)
        if wants_data(request):
            return JsonResponse({"error": _("Finish logging in first.")}, status=403)
        return HttpResponseRedirect(f"{reverse(step)}?{urlencode({'next': request.get_full_path()})}")


def wants_data(request: HttpRequest) -> bool:
    """True for a request of a script, which could not show the page of a step."""
    scripted = request.headers.get("x-requested-with") == "XMLHttpRequest"
    return scripted or not request.accepts("text/html")
