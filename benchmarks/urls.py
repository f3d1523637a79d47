"""The portal's URLs, and a view that kept answers are compared with."""

from functools import cache
from secrets import token_bytes

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal import urls
from publicity.queries.public_state import public_state

handler400 = urls.handler400


@cache
def _body(size: int) -> bytes:
    return token_bytes(size)


def constant(request: HttpRequest, size: int) -> HttpResponse:
    """Read the counter of the public state, and answer with a constant body as if it were compressed already."""
    state = public_state()
    headers = {"Content-Encoding": "br", "Cache-Control": "no-cache", "ETag": f'"{state}"'}
    return HttpResponse(_body(size), headers=headers)


urlpatterns = [path("constant/<int:size>/", constant), *urls.urlpatterns]
