"""What caches may do with a public answer.

- `uncached(response)`: caches ask again each time.
- `canonical(request, response)`: the same, and `publicity.views.kept` may keep the answer of an address without query.
- `may_keep(response)`: mark the answer of a canonical address, one without free text.
- `is_marked(response)`: whether it was marked.
"""

from typing import TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

_MARK = "may_be_kept"
Response = TypeVar("Response", bound=HttpResponseBase)


def uncached(response: Response) -> Response:
    """Make caches ask again each time: a withdrawal takes effect at once. A kept answer allows a little more."""
    patch_cache_control(response, private=True, no_cache=True)
    return response


def may_keep(response: Response) -> Response:
    """Mark the answer of a canonical address, and return it."""
    setattr(response, _MARK, True)
    return response


def is_marked(response: HttpResponseBase) -> bool:
    """Return whether a view marked this answer."""
    return getattr(response, _MARK, False)


def canonical(request: HttpRequest, response: Response) -> Response:
    """Make caches ask again, and mark the answer if the address has no query: nothing else may follow the path."""
    return uncached(response) if request.META.get("QUERY_STRING") else may_keep(uncached(response))
