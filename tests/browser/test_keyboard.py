"""Without a mouse: Tab, Shift+Tab, Enter, Escape and the arrows are enough, on a phone's width too.

At every stop the focus is marked, lies in the window, and comes later in the document than the one before: nobody is
trapped, nobody jumps about.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import new_context
from tests.browser.pages import Visitor
from tests.browser.server import Running

FAR = 90  # stops; no page has more
# The parts of a date are stops within one field; the browser marks them.
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
SEEN = """() => {
  const box = document.activeElement.getBoundingClientRect()
  return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.height > 0
}"""


@dataclass
class Hands:
    """Somebody who types and has no mouse."""

    page: Page
    looks: bool = True

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def next(self) -> dict[str, str]:
        """The next stop, which has to be marked, in the window and further on; nothing at the end of the page."""
        self.press("Tab")
        stop: dict[str, str] | None = self.page.evaluate(STOP)
        if stop is None:
            return {}
        assert stop["marked"], f"nobody sees where the focus is: {stop}"
        assert stop["onward"], f"the focus jumps back: {stop}"
        if self.looks:
            self.page.wait_for_function(SEEN)  # the frame scrolls a moment after the key
        return stop

    def find(self, text: str = "", name: str = "") -> None:
        """Go on to the stop with this text, or to the field of this name."""
        for _stop in range(FAR):
            stop = self.next()
            assert stop, f"the page ends before “{text or name}”"
            if (name and stop["name"] == name) or (text and text in stop["text"]):
                return
        pytest.fail(f"“{text or name}” is not reached with {FAR} stops: the focus is trapped")

    def follow(self) -> None:
        """Enter, and the next page."""
        with self.page.expect_navigation():
            self.press("Enter")


@pytest.fixture
def clerk(chromium: Browser, portal: Running) -> Iterator[Visitor]:
    """A clerk with a phone and a keyboard."""
    context = new_context(chromium, "phone")
    visitor = Visitor(context.new_page(), portal.url)
    visitor.sign_in(*portal.logins["经办人员（城桥镇工会方）"])
    yield visitor
    context.close()


def test_the_public_site_is_read_and_searched_by_keyboard(sized_page: Page, portal: Running) -> None:
    hands, page = Hands(sized_page), sized_page
    page.goto(portal.url)
    stops = 0
    while hands.next():
        stops += 1
        assert stops < FAR
    assert stops > 20, "the whole page has been walked"

    page.goto(portal.url)
    hands.find("跳到正文")
    hands.press("Enter")
    hands.find(name="q")
    page.keyboard.type("工资")
    hands.follow()
    hands.find(name="q")
    hands.find("工资")
    hands.follow()
    expect(page.locator("main h1")).to_be_visible()
    hands.find("跳到正文")
    hands.find("政府与工会联席会议公开平台")
    hands.press("Shift+Tab")
    expect(page.locator(":focus")).to_have_text("跳到正文")


def test_a_topic_is_written_and_submitted_by_keyboard(clerk: Visitor) -> None:
    hands, page = Hands(clerk.page), clerk.page
    hands.find("跳到主要内容")
    hands.press("Tab", "Enter")
    menu = page.get_by_role("button", name="联席会议")
    expect(menu).to_be_visible()
    clerk.open("/admin/records/topic/")
    filters = page.locator("button[aria-expanded]", has=page.locator(".icon-sliders")).first
    filters.focus()
    hands.press("Enter")
    expect(filters).to_have_attribute("aria-expanded", "true")
    hands.press("Escape")
    expect(filters).to_have_attribute("aria-expanded", "false")

    clerk.open("/admin/records/topic/new/")
    hands.find(name="category")
    hands.press("ArrowDown")
    hands.find(name="title")
    page.keyboard.type("关于设立夜班公交的议题")
    hands.looks = False  # Wagtail's fields grow with their text and hold the page where it was for a stop or two
    hands.find(name="text")
    page.keyboard.type("职工下夜班没有公交，建议增开一班。")
    hands.find(name="research")
    page.keyboard.type("走访企业三家，夜班职工二百余人。")
    hands.find("保存")
    hands.follow()
    expect(page.locator(".messages .success")).to_contain_text("关于设立夜班公交的议题")
    hands.looks = True
    hands.find("提出议题")
    hands.follow()
    expect(page.locator(".messages .success")).to_contain_text("提出议题")
