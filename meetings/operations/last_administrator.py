"""No operation leaves the installation without an administrator of all conferences, whom nobody could appoint then.

`keeps_an_administrator` decorates the operations that can end or narrow such a tenure. The server is not refused: there
`createsuperuser` is the way back.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.queries.people import first_day_without_administrator
from meetings.refusal import Refused
from meetings.write_lock import write_transaction

P = ParamSpec("P")
T = TypeVar("T")
_checking: ContextVar[bool] = ContextVar("checking_the_last_administrator", default=False)


def keeps_an_administrator(operation: Callable[P, T]) -> Callable[P, T]:
    """Return the operation, refused if there is no administrator of all conferences from an earlier day than before.

    Only the outermost operation is judged: a succession ends one tenure and begins the next.
    """

    @wraps(operation)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        if kwargs["by"] is None or _checking.get():
            return operation(*args, **kwargs)
        with write_transaction():
            before = first_day_without_administrator()
            token = _checking.set(True)
            try:
                result = operation(*args, **kwargs)
            finally:
                _checking.reset(token)
            after = first_day_without_administrator()
            if after is not None and (before is None or after < before):
                reason = _(
                    "From %(day)s on nobody would be administrator of all conferences, and nobody could change that. "
                    "Let a successor begin on that day first: “Hand the post over” on the page of the post."
                )
                raise Refused(reason % {"day": date_format(after)}, code="last_administrator")
            return result

    return checked
