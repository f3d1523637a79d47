"""Write the access log: logins, refused requests, and downloads, each with the client's address.

- `AccessMiddleware`: records the origin of a request (`meetings.request_origin`) for the log entries written during it,
  then logs what the view has not logged itself: refused pages and files sent to a signed-in person.
- `loggable_login(typed)`: the part of an unknown login that may be stored. People type passwords into that field.
- `connect_receivers()`: connects the receivers of login, failed login, lockout and logout; called once at startup.
"""

from collections.abc import Callable
from email.message import Message

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
from meetings.models.base import AppendOnlyError
from meetings.operations.access import note_access
from meetings.request_origin import Origin, origin, use_origin
from portal.client_address import client_address
from portal.login_steps import needs_code
from portal.middleware import in_admin, redirects_to_login
from portal.one_time_code import came_by_code
from portal.throttle import ACCOUNT, ADDRESS, LoginRequest

DENIED = "Sorry, you do not have permission to access this area."  # the message of wagtail.admin.auth.permission_denied


class AccessMiddleware:
    """Set the request's origin; after the response, log refused pages and files that were sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request`, then log what the view has not logged itself."""
        with use_origin(Origin(client_address(request), request.path)) as current:
            response = self.get_response(request)
            kind, what = _sent_file(request, response) or _refused(request, response) or ("", "")
            if kind and kind not in current.logged_kinds and (person := _signed_in(request)):
                note_access(AccessKind(kind), person=person, what=what, path=_logged_path(request, kind))
        return response


def _signed_in(request: HttpRequest) -> Person | None:
    user = getattr(request, "user", None)
    return user if isinstance(user, Person) else None


def _logged_path(request: HttpRequest, kind: str) -> str:
    """Return the path to log: an export's filters say what it contained; other query strings may be user input."""
    return request.get_full_path() if kind == AccessKind.EXPORT else request.path


def _sent_file(request: HttpRequest, response: HttpResponse) -> tuple[str, str] | None:
    """Return kind and name of an attachment that was sent; images displayed in a page do not count."""
    header = Message()
    header["Content-Disposition"] = response.get("Content-Disposition", "")
    if request.method == "HEAD" or response.status_code != 200 or not header["Content-Disposition"]:
        return None
    if response.get("Content-Type", "").startswith("image/") and header.get_content_disposition() == "inline":
        return None
    return AccessKind.EXPORT if "export" in request.GET else AccessKind.DOWNLOAD, header.get_filename("")


def _refused(request: HttpRequest, response: HttpResponse) -> tuple[str, str] | None:
    """Return kind and reason if a page of the admin was forbidden to this person, or not found."""
    if not in_admin(request):
        return None
    if response.status_code == 404:
        return AccessKind.REFUSED, _("Not found, or not open to this person")
    if response.status_code == 403 or was_denied(request, response):
        return AccessKind.REFUSED, _("No right to this page")
    if isinstance(response, HttpResponseRedirect) and redirects_to_login(response):
        return AccessKind.REFUSED, _("No right to enter the staff's pages")
    return None


def was_denied(request: HttpRequest, response: HttpResponse) -> bool:
    """Return True if this is Wagtail's answer to missing permissions: a redirect to the home page, with its message.

    The redirect alone is not sufficient: a finished step may redirect to the home page as well.
    """
    if not isinstance(response, HttpResponseRedirect) or response.url != reverse("wagtailadmin_home"):
        return False
    return any(message.level == ERROR and _(DENIED) in message.message for message in get_messages(request))


def loggable_login(typed: str) -> tuple[str, Person | None]:
    """Return the part of a typed login that may be stored, and the person it belongs to.

    A login that exists is stored in full. Of anything else, only the first letter is stored, because it may be a
    password typed into the wrong field. The address and the number of attempts are enough to distinguish guessing from
    a typing error.
    """
    person = Person.objects.filter(username__iexact=typed.strip()).first()
    if person is not None:
        return person.username, person
    return f"{typed[0]}…" if typed else "", None


def _logged_in(request: HttpRequest, user: Person, **kwargs: object) -> None:
    """Log the correct password or one-time code; the code of a second factor is logged when it is entered."""
    if came_by_code(request.session):
        note_access(AccessKind.LOGIN, person=user, what=_("With a one-time code, an own password is asked for"))
        return
    note_access(
        AccessKind.LOGIN, person=user, what=_("Password right, a code is asked for") if needs_code(user) else ""
    )


def _logged_out(request: HttpRequest, user: Person | None, **kwargs: object) -> None:
    if user is not None:
        note_access(AccessKind.LOGOUT, person=user, what="")


def _failed(credentials: dict[str, object], request: HttpRequest | None = None, **kwargs: object) -> None:
    """Log a wrong login or password. `_locked` alone logs attempts that a lockout rejects unchecked."""
    if request is None or not getattr(request, "axes_locked_out", False) or _credentials_checked(request):
        login, person = loggable_login(str(credentials.get("username") or ""))
        note_access(AccessKind.LOGIN_FAILED, person=person, login=login, what=_("Wrong login or password"))


def _credentials_checked(request: HttpRequest) -> bool:
    """Return True if the credentials of this attempt were checked: its failure then began the wait."""
    return getattr(request, "axes_failures_since_start", None) is not None


def _locked(request: LoginRequest, username: str, **kwargs: object) -> None:
    """Log that an attempt was refused, or that its failure began a wait; the limit tells what was under attack."""
    login, person = loggable_login(username)
    causes = {
        ADDRESS: _("Too many wrong attempts from this address"),
        ACCOUNT: _("Too many wrong attempts on this login"),
    }
    what = causes.get(request.login_wait.limit, _("Too many wrong attempts"))
    note_access(AccessKind.LOCKED, person=person, login=login, what=what)


def _stamp_entry(instance: BaseLogEntry, **kwargs: object) -> None:
    """Add address and time to an entry of Wagtail's own logs; these are append-only, so refuse updates."""
    if not instance._state.adding:
        raise AppendOnlyError("rows of a log are not updated")
    instance.timestamp = clock.now()
    if (current := origin()) is not None:
        instance.data["address"] = current.address


def _refuse_deletion(instance: BaseLogEntry, **kwargs: object) -> None:
    """Refuse to delete an entry of Wagtail's own logs."""
    raise AppendOnlyError("rows of a log are not deleted")


def connect_receivers() -> None:
    """Connect the receivers."""
    for log in (PageLogEntry, ModelLogEntry):
        pre_save.connect(_stamp_entry, sender=log, dispatch_uid="portal.access_log")
        pre_delete.connect(_refuse_deletion, sender=log, dispatch_uid="portal.access_log")
    user_logged_in.connect(_logged_in, dispatch_uid="portal.access_log")
    user_logged_out.connect(_logged_out, dispatch_uid="portal.access_log")
    user_login_failed.connect(_failed, dispatch_uid="portal.access_log")
    user_locked_out.connect(_locked, dispatch_uid="portal.access_log")
