"""The search as people see it: on a phone and at a desk, while typing, and beside a topic that is being written."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import new_context
from tests.browser.pages import Visitor, slim, violations
from tests.browser.server import Running

ROLE = "经办人员（垣曲县工会方）"
DOORS = {"public": "/search/?q=工资", "staff": "/admin/search/?q=工资"}
FRAME = (".w-slim-header", ".messages")


@pytest.fixture(scope="module", params=["phone", "desktop"])
def size(request: pytest.FixtureRequest) -> str:
    """A width."""
    chosen: str = request.param
    return chosen


@pytest.fixture(scope="module")
def clerk(chromium: Browser, portal: Running, size: str) -> Iterator[Visitor]:
    """A clerk of the county, who may read the public pages too."""
    context = new_context(chromium, size)
    visitor = Visitor(context.new_page(), portal.url)
    visitor.sign_in(*portal.logins[ROLE])
    yield visitor
    context.close()


@pytest.mark.parametrize("door", DOORS)
def test_a_result_tells_what_by_whom_when_and_how_it_stands(clerk: Visitor, size: str, door: str) -> None:
    """All of it stands on the first screen, without a scroll."""
    clerk.open(DOORS[door])
    line = clerk.page.locator(".ledger .line").first
    for told in (".line-what a", ".line-passage >> nth=0", ".line-who", ".line-when", ".line-stage"):
        expect(line.locator(told)).to_be_in_viewport(ratio=1)
    if folder := os.environ.get("SCREENSHOTS"):
        file = Path(folder) / f"search-{door}-{size}.png"
        clerk.page.screenshot(path=file, animations="disabled")
        slim(file)


@pytest.mark.parametrize("door", ["/search/", "/admin/search/"])
def test_titles_are_offered_when_typing_pauses(clerk: Visitor, door: str) -> None:
    asked: list[str] = []
    clerk.open(door)
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
