"""Security headers of the responses."""

import pytest
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory

from portal.middleware import ContentSecurityMiddleware

PUBLIC = ["/robots.txt", "/healthz", "/no-such-page/"]
STAFF = ["/admin/login/", "/admin/", "/admin/account/", "/admin/no-such-page/"]


def policy(response: HttpResponseBase) -> dict[str, list[str]]:
    """Return the content security policy of `response`, directive by directive."""
    directives = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in directives}


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_public_answers_carry_the_strict_policy(client: Client, path: str) -> None:
    assert policy(client.get(path)) == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }


@pytest.mark.parametrize("path", STAFF)
def test_the_admin_allows_no_inline_script_either(admin_client: Client, path: str) -> None:
    rules = policy(admin_client.get(path))
    assert rules["script-src"] == ["'self'"]
    assert rules["style-src"] == ["'self'"]
    assert rules["frame-ancestors"] == ["'self'"]
    assert rules["object-src"] == rules["default-src"] == ["'none'"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PUBLIC, *STAFF])
def test_every_answer_carries_the_other_headers(client: Client, path: str) -> None:
    response = client.get(path)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("path", STAFF)
def test_nothing_of_the_staff_is_kept_in_a_cache(admin_client: Client, path: str) -> None:
    assert {"no-store", "private"} <= {part.strip() for part in admin_client.get(path)["Cache-Control"].split(",")}


def test_a_preview_keeps_the_public_policy_and_may_stand_in_the_admin(rf: RequestFactory) -> None:
    def show(request: HttpRequest) -> HttpResponse:
        request.is_preview = True  # type: ignore[attr-defined]  # as wagtail.models.preview does
        return HttpResponse("preview")

    response = ContentSecurityMiddleware(show)(rf.get("/some-page/"))
    assert isinstance(response, HttpResponse)
    rules = policy(response)
    assert rules["frame-ancestors"] == ["'self'"]
    assert rules["script-src"] == ["'self'"]
    assert "style-src-elem" not in rules


def test_it_is_django_csp_that_writes_the_header() -> None:
    assert issubclass(ContentSecurityMiddleware, CSPMiddleware)
