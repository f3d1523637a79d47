"""Error pages give help in Chinese and reveal no details."""

import pytest
from django.test import Client

from tests.portal.broken_urls import SECRET

pytestmark = pytest.mark.urls("tests.portal.broken_urls")


@pytest.fixture
def visitor() -> Client:
    """A client that returns error pages instead of raising, and that is subject to the CSRF check."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/400/", 400, "无法处理这个请求"),
        ("/403/", 403, "此页不对您开放"),
        ("/500/", 500, "系统出现故障"),
    ],
)
def test_a_failure_without_a_database_has_a_page_that_helps(
    visitor: Client, path: str, status: int, heading: str
) -> None:
    # No `db` fixture: the page would fail if it used the database.
    response = visitor.get(path)
    page = response.content.decode()
    assert response.status_code == status
    assert heading in page
    assert '<html lang="zh-Hans">' in page
    assert '<a href="/">返回首页</a>' in page
    assert SECRET not in page
    assert "Error" not in page


@pytest.mark.parametrize(
    "form", [{"text": "长" * 7_000_000}, {f"field-{number}": "x" for number in range(10_001)}], ids=["bytes", "fields"]
)
def test_a_form_that_is_too_large_says_what_to_do(admin_client: Client, form: dict[str, str]) -> None:
    response = admin_client.post("/admin/account/", form)
    page = response.content.decode()
    assert response.status_code == 400
    assert "提交的内容太大" in page
    assert "分几次保存" in page


@pytest.mark.django_db
def test_only_staff_send_long_texts(visitor: Client, admin_client: Client) -> None:
    long = {"text": "长" * 1_000_000}
    assert admin_client.post("/admin/account/", long).status_code == 200
    refused = visitor.post("/admin/login/", long)
    assert refused.status_code == 400
    assert "提交的内容太大" in refused.content.decode()


@pytest.mark.django_db
def test_a_missing_page_offers_the_search(visitor: Client) -> None:
    response = visitor.get("/no-such-page/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "找不到此页" in page
    assert 'action="/search/"' in page
    assert 'name="q"' in page
    assert "no-such-page" not in page


@pytest.mark.django_db
def test_a_form_without_its_token_says_what_to_do(visitor: Client) -> None:
    response = visitor.post("/form/")
    page = response.content.decode()
    assert response.status_code == 403
    assert "表单没有提交" in page
    assert "CSRF" not in page


def test_a_missing_record_of_the_staff_says_why_it_may_be_missing(admin_client: Client) -> None:
    response = admin_client.get("/admin/no-such-page/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "找不到，或不对您开放" in page
    assert 'href="/admin/"' in page
    assert "Wagtail" not in page
