"""Kept answers: a public page is made once for each public state, and then answered from Django's cache.

The key is made of all that an answer depends on: the counter of the public state, which is read first, the local date,
the version of the code, the address, the display mode and the encoding. So nothing is ever deleted: when a withdrawal
is committed, the counter has moved, and no later request asks for the old keys. An answer that was made while another
transaction committed is stored under the earlier state, which nobody asks for any more.

Django's own cache middleware keeps answers for a time, which a withdrawal could not end.

`kept(view)` is the decorator of the views whose canonical addresses may be kept. The view says so of each answer
(`publicity.revalidation`).
"""

import hashlib
import logging
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from meetings import clock
from publicity.compression import accepted_encoding, compress
from publicity.display_mode import display_mode
from publicity.queries.public_state import public_state
from publicity.revalidation import is_marked

CACHE = "kept"
KEPT_FOR = 24 * 3600  # seconds; the date is part of the key
_CODE = ("portal", "meetings", "publicity", "search", "templates")
_SUFFIXES = {".py", ".html", ".txt", ".xml", ".css", ".js", ".svg", ".po"}
_logger = logging.getLogger("portal.publicity")
View = Callable[..., HttpResponseBase]


class Answer(NamedTuple):
    """A kept answer: its headers, and its content in one encoding."""

    headers: dict[str, str]
    content: bytes


@cache
def code_version() -> str:
    """Return a digest of the code, the templates, the static files and the versions of the packages."""
    root = Path(settings.BASE_DIR)
    files = [root / "requirements.txt"]
    for name in _CODE:
        files += sorted(path for path in (root / name).rglob("*") if path.suffix in _SUFFIXES)
    found = hashlib.sha256(f"{settings.SITE_URL} {settings.WAGTAIL_SITE_NAME}".encode())
    for path in files:
        found.update(str(path.relative_to(root)).encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def kept(view: View) -> View:
    """Answer from the cache if the answer was made in the present public state; else keep what the view marks."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        state = public_state() if _same_for_everybody(request) else ""
        if not state:
            return view(request, *args, **kwargs)
        key = _key(request, state)
        if (found := _stored(key)) is not None:
            return _respond(request, found)
        response = view(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
            response.add_post_render_callback(lambda rendered: _keep(request, key, rendered))
            return response
        return _keep(request, key, response)

    return answer


def _same_for_everybody(request: HttpRequest) -> bool:
    """Return True for a request whose answer depends on the key alone: nobody is signed in, no draft is shown."""
    return (
        request.method in {"GET", "HEAD"}
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not getattr(request, "is_preview", False)
        and not settings.DEBUG  # templates change under the running server
    )


def _key(request: HttpRequest, state: str) -> str:
    parts = (
        *(state, clock.today().isoformat(), code_version(), str(request.scheme), request.get_host()),
        *(request.get_full_path(), display_mode(request), accepted_encoding(request)),
    )
    return "answer:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _stored(key: str) -> Answer | None:
    try:
        found: Answer | None = caches[CACHE].get(key)
    except Exception as error:  # noqa: BLE001  # whatever a cache server raises: the page is made anew
        _logger.warning("the cache does not answer: %s", type(error).__name__)
        return None
    return found


def _keep(request: HttpRequest, key: str, response: HttpResponseBase) -> HttpResponseBase:
    """Store a marked answer, and return it in the encoding of the request; return any other as it is."""
    if not (is_marked(response) and isinstance(response, HttpResponse)):
        return response
    if response.status_code != 200 or response.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        return response
    encoding = accepted_encoding(request)
    response["Cache-Control"] = "no-cache"  # others may keep it, if they ask each time
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    # Of the content alone: an unchanged page does not show that something else has changed.
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}{encoding and "-" + encoding}"'
    if encoding:
        response["Content-Encoding"] = encoding
    found = Answer(dict(response.headers), compress(response.content, encoding))
    try:
        caches[CACHE].set(key, found, KEPT_FOR)
    except Exception as error:  # noqa: BLE001  # as above
        _logger.warning("the cache does not store: %s", type(error).__name__)
    return _respond(request, found)


def _respond(request: HttpRequest, found: Answer) -> HttpResponseBase:
    response = HttpResponse(found.content, headers=found.headers)
    not_modified = get_conditional_response(request, etag=found.headers["ETag"], response=response)
    return not_modified or response
