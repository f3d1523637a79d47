"""Compressed answers: brotli where its library is installed, else gzip.

Django's `GZipMiddleware` has gzip only, and compresses pages with tokens in their forms. Here an answer is compressed
only if it is the same for every visitor: its size then tells nothing about a secret (BREACH).

- `accepted_encoding(request)`: the encoding that the browser and the portal both know; empty for none.
- `compress(content, encoding)`: the content in that encoding.
- `CompressionMiddleware`: compresses what no view has compressed already.
"""

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module, util

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string

BROTLI, GZIP = "br", "gzip"
SHORTEST = 500  # bytes; a shorter answer fits into one packet anyway
TEXT_TYPES = {"text/html", "application/json", "application/xml", "application/atom+xml", "text/plain"}
_HAS_BROTLI = util.find_spec("brotli") is not None
_BROTLI_QUALITY = 5  # of 11: close to the best size in about the time of gzip


def accepted_encoding(request: HttpRequest) -> str:
    """Return `br`, `gzip` or an empty string, by the header Accept-Encoding (RFC 9110, 12.5.3)."""
    return _best_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(maxsize=200)  # browsers send a few
def _best_encoding(header: str) -> str:
    accepted = set()
    for part in header.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        if weight.replace(" ", "").rstrip(".0") != "q=":
            accepted.add(name.strip())
    known = [BROTLI, GZIP] if _HAS_BROTLI else [GZIP]
    return next((name for name in known if name in accepted), "")


def compress(content: bytes, encoding: str) -> bytes:
    """Return the content in an encoding of `accepted_encoding`; unchanged for none."""
    if encoding == BROTLI:
        packed: bytes = import_module("brotli").compress(content, quality=_BROTLI_QUALITY)
        return packed
    return compress_string(content) if encoding == GZIP else content


class CompressionMiddleware:
    """Compress text answers to visitors without a session that set no cookie: no page with a token in a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, compressed if the browser knows an encoding and the answer may be compressed."""
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not self._may_compress(request, response):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if encoding := accepted_encoding(request):
            response.content = compress(response.content, encoding)
            response["Content-Encoding"] = encoding
            response["Content-Length"] = str(len(response.content))
            if (etag := response.get("ETag", "")).startswith('"'):
                response["ETag"] = f"W/{etag}"  # the same content, other bytes (RFC 9110, 8.8.1)
        return response

    def _may_compress(self, request: HttpRequest, response: HttpResponse) -> bool:
        kind = response.get("Content-Type", "").partition(";")[0]
        return (
            kind in TEXT_TYPES
            and len(response.content) >= SHORTEST
            and not response.has_header("Content-Encoding")
            and not response.cookies
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
        )
