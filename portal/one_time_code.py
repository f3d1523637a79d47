"""Login with a one-time code in place of the password (`meetings.operations.login.issue_code`).

- `OneTimeCodeBackend`: consumes the code at the first correct login. A second use is refused like a wrong password, and
  counted by django-axes like one, because it comes before this backend.
- `came_by_code(session)`: whether the session began with a code; only "choose your own password" is open to it then.
- `password_chosen(session)`: turns it into an ordinary session.

A session knows its backend, so that no other session of the person, nor a later one, can choose the password.
"""

from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.backends import BaseBackend
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from meetings.models import Person
from meetings.operations.login import redeem_code

CODE_BACKEND = "portal.one_time_code.OneTimeCodeBackend"
ORDINARY_BACKEND = "meetings.rights.TenureBackend"


class OneTimeCodeBackend(BaseBackend):
    """Authenticates an active person by the one-time code typed as the password. It gives no permissions."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: object
    ) -> Person | None:
        """Return the person whose code this was, and consume it; None otherwise."""
        if not username or not password:
            return None
        return redeem_code(username, password)

    def get_user(self, user_id: int) -> Person | None:
        """Return the active person of a session."""
        return Person.objects.filter(pk=user_id, is_active=True).first()


def came_by_code(session: SessionBase) -> bool:
    """Return whether the session began with a one-time code, and no password was chosen since."""
    return bool(session.get(BACKEND_SESSION_KEY) == CODE_BACKEND)


def password_chosen(session: SessionBase) -> None:
    """Make the session an ordinary one."""
    session[BACKEND_SESSION_KEY] = ORDINARY_BACKEND
