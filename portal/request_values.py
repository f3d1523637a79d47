"""Values in requests that no page of the portal ever sends, checked in one place before any view.

- Keys in addresses and query strings that no row can have: 404. Databases refuse them with an error.
- Words where Wagtail reads a key or an address to return to: 404. Its views would fail on them.
- Forms with more rows than `MAX_ROWS`: 400. Each row costs time before anything is checked.
"""

from collections.abc import Callable, Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from portal.middleware import in_admin
from portal.request_errors import bad_request
from publicity.keys import MAX_DIGITS, typed_key

MAX_ROWS = 100  # rows of a part of a form; the longest lists of the portal have about 40
TYPED_TEXT = frozenset({"q"})  # parameters in which people search for any text
PAGE_KEYS = ("parent_page_id", "parent_page", "new_parent_page")  # Wagtail converts them without a check
RETURN_TO = "next"  # Wagtail takes a word without a slash for the name of a view
OWN_LOGINS = frozenset({"login", "wagtailadmin_login"})  # they check it themselves
ALL_ROWS = "all"  # what Wagtail's bulk actions send in place of keys


class TooManyRows(Exception):
    """A form claims to have more rows than any form of the portal."""


class RequestValuesMiddleware:
    """Answer requests with impossible keys or too many rows before a view reads them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """Raise `Http404` for impossible keys; return the 400 page for a form with too many rows."""
        if any(map(_is_too_large, (*args, *kwargs.values()))):
            raise Http404
        if not in_admin(request):
            return None
        if any(_is_too_large(value) for key in request.GET if key not in TYPED_TEXT for value in _values(request, key)):
            raise Http404
        if any(value != ALL_ROWS and not typed_key(value) for value in _values(request, "id")):
            raise Http404
        if _has_unreadable_value(request):
            raise Http404
        if request.method == "POST" and any(
            _is_too_many(value) for key, value in request.POST.items() if key.endswith("-TOTAL_FORMS")
        ):
            return bad_request(request, TooManyRows())
        return None


def _values(request: HttpRequest, key: str) -> Iterable[object]:
    return request.GET.getlist(key)


def _has_unreadable_value(request: HttpRequest) -> bool:
    """Return whether a key of a page or an address to return to is neither empty nor one."""
    sent = (request.GET, request.POST) if request.method == "POST" else (request.GET,)
    keys = [value for data in sent for name in PAGE_KEYS for value in data.getlist(name)]
    if any(value and not typed_key(value) for value in keys):
        return True
    match = request.resolver_match
    if match is not None and match.view_name in OWN_LOGINS:
        return False
    return any(value and "/" not in value for data in sent for value in data.getlist(RETURN_TO))


def _is_too_large(value: object) -> bool:
    """Return whether a value is a number, or nothing but digits, beyond the keys of all databases."""
    text = str(value).removeprefix("-")
    return isinstance(value, int | str) and text.isdigit() and len(text) > MAX_DIGITS


def _is_too_many(value: object) -> bool:
    text = str(value)
    return text.isdecimal() and (len(text) > MAX_DIGITS or int(text) > MAX_ROWS)
