"""Forms that cannot be read: too large, or without the fields that the page puts into them. Each is told what to do.

- `bad_request`: the page of every 400.
- `SizeMiddleware`: visitors send nothing large; the limit of the settings is that of the staff.
- `IncompleteFormMiddleware`: Wagtail's editor reads its hidden fields without asking whether they came.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import get_template
from django.utils.datastructures import MultiValueDictKeyError

from portal.middleware import in_admin

VISITORS_BYTES = 2_621_440  # Django's own limit


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 with a page that says what to do; like all error pages it needs no database."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    shown = {"too_large": too_large, "incomplete": came_incomplete(exception)}
    return HttpResponseBadRequest(get_template("400.html").render(shown))


def came_incomplete(exception: Exception) -> bool:
    """True if a field that every form of its page has did not come, or if a block's place is no number."""
    if isinstance(exception, MultiValueDictKeyError):
        return True
    return isinstance(exception, ValueError) and _raised_in(exception).startswith("wagtail.blocks.")


def _raised_in(exception: Exception) -> str:
    trace = exception.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return str(trace.tb_frame.f_globals.get("__name__", "")) if trace else ""


class SizeMiddleware:
    """Refuses what visitors send before anything reads it, if it is larger than any form of theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request`."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > VISITORS_BYTES and not request.user.is_authenticated:
            return bad_request(request, RequestDataTooBig())
        return self.get_response(request)


class IncompleteFormMiddleware:
    """Answers 400 where Wagtail would fail on a form of the staff that came without its hidden fields."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> Any:
        """The page of a 400, if the form is to blame."""
        if request.method == "POST" and in_admin(request) and came_incomplete(exception):
            return bad_request(request, exception)
        return None
