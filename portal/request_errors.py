"""Responses to requests that cannot be read: too large, or a form without its hidden fields.

- `bad_request`: the view for every 400; it says what to do.
- `SizeMiddleware`: limits requests of visitors to a small size; the limit of the settings is that of the staff.
- `IncompleteFormMiddleware`: Wagtail's editor reads its hidden fields without checking that they were sent.
"""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import get_template
from django.utils.datastructures import MultiValueDictKeyError

from portal.middleware import in_admin

ANONYMOUS_BYTES = 2_621_440  # Django's own default


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 with a page that says what to do; like all error pages it needs no database."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    context = {"too_large": too_large, "incomplete": is_incomplete_form(exception)}
    return HttpResponseBadRequest(get_template("400.html").render(context))


def is_incomplete_form(exception: Exception) -> bool:
    """Return True if a field that every form of the page contains is missing, or a block's position is no number."""
    if isinstance(exception, MultiValueDictKeyError):
        return True
    return isinstance(exception, ValueError) and _raising_module(exception).startswith("wagtail.blocks.")


def _raising_module(exception: Exception) -> str:
    trace = exception.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return str(trace.tb_frame.f_globals.get("__name__", "")) if trace else ""


class SizeMiddleware:
    """Refuse large requests of visitors before anything reads them; no form of theirs is that large."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > ANONYMOUS_BYTES and not request.user.is_authenticated:
            return bad_request(request, RequestDataTooBig())
        return self.get_response(request)


class IncompleteFormMiddleware:
    """Answer 400 where Wagtail would fail on a form that was sent without its hidden fields."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the 400 page if an incomplete form caused the exception."""
        if request.method == "POST" and in_admin(request) and is_incomplete_form(exception):
            return bad_request(request, exception)
        return None
