"""Keyboard operation: Tab, Shift+Tab, Enter, Escape and the arrow keys are enough, also at the width of a phone.

At every stop the focus is highlighted, inside the window, and later in the document than at the stop before. So the
focus is never trapped and never jumps back.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import new_context
from tests.browser.pages import Visitor
from tests.browser.server import RunningPortal

MAX_STOPS = 90  # no page has more stops
# The parts of a date input are several stops in one element; the browser itself highlights them.
STOP = """() => {
  const e = document.activeElement
  if (!e || e === document.body) return null
  const before = window.stopBefore
  window.stopBefore = e
  const style = getComputedStyle(e)
  return {
    what: e.tagName.toLowerCase(),
    text: (e.labels?.[0] ?? e).innerText.trim() || e.getAttribute('aria-label') || '',
    name: e.getAttribute('name') ?? '',
    marked: before === e || style.boxShadow !== 'none' ||
      (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2),
    onward: !before || before === e || !!(before.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING),
  }
}"""
IN_VIEWPORT = """() => {
  const box = document.activeElement.getBoundingClientRect()
  return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.height > 0
}"""


@dataclass
class Keyboard:
    """A person who uses the keyboard only. `check_visible`: check that the focus is inside the window."""

    page: Page
    check_visible: bool = True

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def next(self) -> dict[str, str]:
        """Go to the next stop, check it and return it; return an empty dict at the end of the page."""
        self.press("Tab")
        stop: dict[str, str] | None = self.page.evaluate(STOP)
        if stop is None:
            return {}
        assert stop["marked"], f"nobody sees where the focus is: {stop}"
        assert stop["onward"], f"the focus jumps back: {stop}"
        if self.check_visible:
            self.page.wait_for_function(IN_VIEWPORT)  # the page scrolls a moment after the key press
        return stop

    def find(self, text: str = "", name: str = "") -> None:
        """Go on to the stop with this text, or to the field with this name."""
        for _stop in range(MAX_STOPS):
            stop = self.next()
            assert stop, f"the page ends before “{text or name}”"
            if (name and stop["name"] == name) or (text and text in stop["text"]):
                return
        pytest.fail(f"“{text or name}” is not reached with {MAX_STOPS} stops: the focus is trapped")

    def follow(self) -> None:
        """Press Enter and wait for the next page."""
        with self.page.expect_navigation():
            self.press("Enter")


@pytest.fixture
def clerk(chromium: Browser, portal: RunningPortal) -> Iterator[Visitor]:
    """Sign in a clerk in a window at the width of a phone."""
    context = new_context(chromium, "phone")
    visitor = Visitor(context.new_page(), portal.url)
    visitor.sign_in(*portal.logins["经办人员（城桥镇工会方）"])
    yield visitor
    context.close()


def test_the_public_site_is_read_and_searched_by_keyboard(sized_page: Page, portal: RunningPortal) -> None:
    keyboard, page = Keyboard(sized_page), sized_page
    page.goto(portal.url)
    stops = 0
    while keyboard.next():
        stops += 1
        assert stops < MAX_STOPS
    assert stops > 20, "the whole page has been walked"

    page.goto(portal.url)
    keyboard.find("跳到正文")
    keyboard.press("Enter")
    keyboard.find(name="q")
    page.keyboard.type("工资")
    keyboard.follow()
    keyboard.find(name="q")
    keyboard.find("工资")
    keyboard.follow()
    expect(page.locator("main h1")).to_be_visible()
    keyboard.find("跳到正文")
    keyboard.find("政府与工会联席会议公开平台")
    keyboard.press("Shift+Tab")
    expect(page.locator(":focus")).to_have_text("跳到正文")


def test_a_topic_is_written_and_submitted_by_keyboard(clerk: Visitor) -> None:
    keyboard, page = Keyboard(clerk.page), clerk.page
    keyboard.find("跳到主要内容")
    keyboard.press("Tab", "Enter")
    menu = page.get_by_role("button", name="联席会议")
    expect(menu).to_be_visible()
    clerk.open("/admin/records/topic/")
    filters = page.locator("button[aria-expanded]", has=page.locator(".icon-sliders")).first
    filters.focus()
    keyboard.press("Enter")
    expect(filters).to_have_attribute("aria-expanded", "true")
    keyboard.press("Escape")
    expect(filters).to_have_attribute("aria-expanded", "false")

    clerk.open("/admin/records/topic/new/")
    keyboard.find(name="category")
    keyboard.press("ArrowDown")
    keyboard.find(name="title")
    page.keyboard.type("关于设立夜班公交的议题")
    keyboard.check_visible = (
        False  # Wagtail's text fields grow with their text, which delays scrolling for a stop or two
    )
    keyboard.find(name="text")
    page.keyboard.type("职工下夜班没有公交，建议增开一班。")
    keyboard.find(name="research")
    page.keyboard.type("走访企业三家，夜班职工二百余人。")
    keyboard.find("保存")
    keyboard.follow()
    expect(page.locator(".messages .success")).to_contain_text("关于设立夜班公交的议题")
    keyboard.check_visible = True
    keyboard.find("提出议题")
    keyboard.follow()
    expect(page.locator(".messages .success")).to_contain_text("提出议题")
