"""The search pages on phone and desktop, suggestions while typing, and similar resolutions beside a new topic."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import new_context
from tests.browser.pages import Visitor, reduce_colours, violations
from tests.browser.server import RunningPortal

ROLE = "经办人员（垣曲县工会方）"
SEARCH_PAGES = {"public": "/search/?q=工资", "staff": "/admin/search/?q=工资"}
FRAME = (".w-slim-header", ".messages")


@pytest.fixture(scope="module", params=["phone", "desktop"])
def size(request: pytest.FixtureRequest) -> str:
    """Return the window size."""
    chosen: str = request.param
    return chosen


@pytest.fixture(scope="module")
def clerk(chromium: Browser, portal: RunningPortal, size: str) -> Iterator[Visitor]:
    """Sign in a clerk of the county; the tests use the same window for the public pages."""
    context = new_context(chromium, size)
    visitor = Visitor(context.new_page(), portal.url)
    visitor.sign_in(*portal.logins[ROLE])
    yield visitor
    context.close()


@pytest.mark.parametrize("search_page", SEARCH_PAGES)
def test_a_result_tells_what_by_whom_when_and_how_it_stands(clerk: Visitor, size: str, search_page: str) -> None:
    """All parts of a result are on the first screen, without scrolling."""
    clerk.open(SEARCH_PAGES[search_page])
    line = clerk.page.locator(".ledger .line").first
    for selector in (".line-what a", ".line-passage >> nth=0", ".line-who", ".line-when", ".line-stage"):
        expect(line.locator(selector)).to_be_in_viewport(ratio=1)
    if folder := os.environ.get("SCREENSHOTS"):
        file = Path(folder) / f"search-{search_page}-{size}.png"
        clerk.page.screenshot(path=file, animations="disabled")
        reduce_colours(file)


@pytest.mark.parametrize("search_page", ["/search/", "/admin/search/"])
def test_titles_are_offered_when_typing_pauses(clerk: Visitor, search_page: str) -> None:
    asked: list[str] = []
    clerk.open(search_page)
    clerk.page.on("request", lambda request: asked.append(request.url) if "/suggest/" in request.url else None)
    field = clerk.page.locator("#q")
    field.press_sequentially("医疗互助", delay=20)
    expect(clerk.page.locator("#q-titles option[value*=医疗互助]")).not_to_have_count(0)
    assert len(asked) == 1, "not one for each key"
    field.press("Enter")
    expect(clerk.page.locator("#found")).to_contain_text("医疗互助")


def test_who_writes_a_topic_sees_what_was_settled_before(clerk: Visitor) -> None:
    clerk.open("/admin/records/topic/new/")
    panel = clerk.page.locator("[data-similar]")
    expect(panel).to_be_hidden()
    clerk.page.locator("[name=title]").fill("关于开办职工子女暑期托管班的议题")
    expect(panel.locator(".line")).to_contain_text(["开办职工子女暑期爱心托管班4个"])
    expect(panel.locator(".stage").first).to_be_visible()
    assert violations(clerk.page, "[data-similar]") == []
    clerk.page.locator("[name=title]").fill("海水淡化厂")
    expect(panel).to_contain_text("没有同类的议定事项")
