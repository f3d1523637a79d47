"""Responses to requests that cannot be read: too large, or a form without its hidden fields.

- `bad_request`: the view for every 400; it says what to do.
- `SizeMiddleware`: limits requests of visitors to a small size; the limit of the settings is that of the staff.
- `IncompleteFormMiddleware`: Wagtail's editor reads its hidden fields without checking that they were sent.
"""

import traceback
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import get_template
from django.utils.datastructures import MultiValueDictKeyError
from draftjs_exporter.error import ExporterException

from portal.middleware import in_admin

# What a widget raises that reads a value which its script would never write.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError, ExporterException)
READS_A_FIELD = "value_from_datadict"
ANONYMOUS_BYTES = 2_621_440  # Django's own default


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 with a page that says what to do; like all error pages it needs no database."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    context = {
        "too_large": too_large,
        "too_many_rows": type(exception).__name__ == "TooManyRows",
        "incomplete": is_incomplete_form(exception),
    }
    return HttpResponseBadRequest(get_template("400.html").render(context))


def is_incomplete_form(exception: Exception) -> bool:
    """Return True if a field that every form of the page contains is missing, or if what a script wrote into a field
    cannot be read: the position of a block, the JSON of a rich text.
    """
    if isinstance(exception, MultiValueDictKeyError):
        return True
    return isinstance(exception, UNREADABLE) and any(
        frame.f_code.co_name == READS_A_FIELD for frame, _line in traceback.walk_tb(exception.__traceback__)
    )


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
