"""The access log of the house: who came, who was refused, who took a file out, from where.

Key concepts
- `AccessMiddleware`: tells the records where a request comes from (`meetings.request_origin`), then notes what no page
  has noted itself: each page that was refused and each file that was sent to a signed-in person.
- `login_kept(typed)`: what is kept of a login that nobody bears: people type passwords into that field.
- `listen()`: receivers of login, failed login, lock-out and logout; called once at the start.
"""

from collections.abc import Callable
from email.message import Message
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.contrib.messages import ERROR, get_messages
from django.db.models.signals import pre_delete, pre_save
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import BaseLogEntry, ModelLogEntry, PageLogEntry

from meetings import clock
from meetings.enums import AccessKind
from meetings.models import Person
from meetings.models.base import AppendOnly
from meetings.operations.access import note_access
from meetings.request_origin import Origin, coming_from, origin
from portal.accounts import client_address
from portal.login_steps import needs_code
from portal.middleware import in_admin, leads_to_login

DENIED = "Sorry, you do not have permission to access this area."  # the message of wagtail.admin.auth.permission_denied


class AccessMiddleware:
    """Around every request: where it comes from; after it: what was refused to whom, and what was taken out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request`, then note what no page has noted."""
        with coming_from(Origin(client_address(request), request.path)) as here:
            response = self.get_response(request)
            kind, what = _taken_out(request, response) or _refused(request, response) or ("", "")
            if kind and kind not in here.noted and (person := _signed_in(request)):
                note_access(AccessKind(kind), person=person, what=what, path=_address_of(request, kind))
        return response


def _signed_in(request: HttpRequest) -> Person | None:
    user = getattr(request, "user", None)
    return user if isinstance(user, Person) else None


def _address_of(request: HttpRequest, kind: str) -> str:
    """An export's address says by its filters what it held; others may hold what somebody typed."""
    return request.get_full_path() if kind == AccessKind.EXPORT else request.path


def _taken_out(request: HttpRequest, response: HttpResponse) -> tuple[str, str] | None:
    """A file that was sent under a name; pictures that a page shows are none."""
    header = Message()
    header["Content-Disposition"] = response.get("Content-Disposition", "")
    if request.method == "HEAD" or response.status_code != 200 or not header["Content-Disposition"]:
        return None
    if response.get("Content-Type", "").startswith("image/") and header.get_content_disposition() == "inline":
        return None
    return AccessKind.EXPORT if "export" in request.GET else AccessKind.DOWNLOAD, header.get_filename("")


def _refused(request: HttpRequest, response: HttpResponse) -> tuple[str, str] | None:
    """A page of the staff that was refused, or that is not there for this person."""
    if not in_admin(request):
        return None
    if response.status_code == 404:
        return AccessKind.REFUSED, _("Not found, or not open to this person")
    if response.status_code == 403 or was_denied(request, response):
        return AccessKind.REFUSED, _("No right to this page")
    if isinstance(response, HttpResponseRedirect) and leads_to_login(response):
        return AccessKind.REFUSED, _("No right to enter the staff's pages")
    return None


def was_denied(request: HttpRequest, response: HttpResponse) -> bool:
    """Return True if this is Wagtail's answer to missing permissions: a redirect to the home page, with its message.

    The redirect alone does not tell: a finished step may lead to the home page as well.
    """
    if not isinstance(response, HttpResponseRedirect) or response.url != reverse("wagtailadmin_home"):
        return False
    return any(message.level == ERROR and _(DENIED) in message.message for message in get_messages(request))


def login_kept(typed: str) -> tuple[str, Person | None]:
    """Return what is kept of a typed login, and whose it is.

    A login that exists is kept. Of anything else the first letter is: it may be a password in the wrong field, and
    address and number of the attempts tell guessing from a slip.
    """
    person = Person.objects.filter(username__iexact=typed.strip()).first()
    if person is not None:
        return person.username, person
    return f"{typed[0]}…" if typed else "", None


def _logged_in(request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Note the right password; a code that is asked for besides is noted when it comes."""
    note_access(
        AccessKind.LOGIN, person=user, what=_("Password right, a code is asked for") if needs_code(user) else ""
    )


def _logged_out(request: HttpRequest, user: Person | None, **kwargs: Any) -> None:
    if user is not None:
        note_access(AccessKind.LOGOUT, person=user, what="")


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Note a wrong name or password; an attempt while it is locked is noted as such by `_locked` alone."""
    if request is None or not getattr(request, "axes_locked_out", False) or _just_counted(request):
        login, person = login_kept(str(credentials.get("username") or ""))
        note_access(AccessKind.LOGIN_FAILED, person=person, login=login, what=_("Wrong login or password"))


def _just_counted(request: Any) -> bool:
    """True if this attempt was a try, and not stopped before: then the failures were counted."""
    return getattr(request, "axes_failures_since_start", None) is not None


def _locked(request: HttpRequest, **kwargs: Any) -> None:
    login, person = login_kept(request.POST.get("username", ""))
    note_access(AccessKind.LOCKED, person=person, login=login, what=_("Too many wrong attempts"))


def _place(instance: BaseLogEntry, **kwargs: Any) -> None:
    """Give an entry of Wagtail's own logs its address and the clock's time; they are added to, never changed."""
    if not instance._state.adding:
        raise AppendOnly("rows of a log are not updated")
    instance.timestamp = clock.now()
    if (present := origin()) is not None:
        instance.data["address"] = present.address


def _keep(instance: BaseLogEntry, **kwargs: Any) -> None:
    """Refuse to delete an entry of Wagtail's own logs."""
    raise AppendOnly("rows of a log are not deleted")


def listen() -> None:
    """Connect the receivers."""
    for log in (PageLogEntry, ModelLogEntry):
        pre_save.connect(_place, sender=log, dispatch_uid="portal.access_log")
        pre_delete.connect(_keep, sender=log, dispatch_uid="portal.access_log")
    user_logged_in.connect(_logged_in, dispatch_uid="portal.access_log")
    user_logged_out.connect(_logged_out, dispatch_uid="portal.access_log")
    user_login_failed.connect(_failed, dispatch_uid="portal.access_log")
    user_locked_out.connect(_locked, dispatch_uid="portal.access_log")
