"""A loaded demo behind gunicorn and Debian's Chromium, both started once for all browser tests.

The tests of this folder touch nothing but pages, but for the backup of the whole. They run in two workers
(`xdist_group`): those that only look share one demo, those that act another.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import demo
from tests.browser import server
from tests.browser.pages import Visitor

# The engine of Debian's Chromium without its windows and menus: a third less processor time than `chromium --headless`.
CHROMIUM = shutil.which(os.environ.get("CHROMIUM", "chromium-headless-shell"))
# Root may not use Chromium's sandbox; nothing is fetched but what the tests serve.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-quic"]
# Two groups of about the same length, each in one worker with a demo of its own.
READING, ACTING = "browser-reading", "browser-acting"
LOOKS_ONLY = {"test_accessibility", "test_house", "test_html", "test_publicity", "test_search_pages"}
SIZES = {"phone": (320, 720), "desktop": (1440, 900)}


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the mark
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the browser tests of a group together: one demo, one browser."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            group = READING if item.path.stem in LOOKS_ONLY else ACTING
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="package")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Running]:
    """A copy of the demo, served."""
    folder, port = tmp_path_factory.mktemp("demo"), server.free_port()
    source, printed = demo.loaded()
    demo.copy(source, folder)
    process, running = server.serve(folder, port, server.read_logins(printed))
    yield running
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    if CHROMIUM is None:
        pytest.fail("Chromium is missing: apt-get install chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def new_context(chromium: Browser, size: str = "desktop", *, dark: bool = False) -> BrowserContext:
    """A fresh profile: nobody is signed in."""
    width, height = SIZES[size]
    return chromium.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )


def in_large_print(context: BrowserContext, url: str) -> BrowserContext:
    """The profile of somebody who chose 适老化 before."""
    context.add_cookies([{"name": "reading", "value": "large", "url": url}])
    return context


@pytest.fixture(params=list(SIZES))
def sized_page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A page of a visitor at each width."""
    context = new_context(chromium, request.param)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="package")
def people(portal: server.Running, chromium: Browser) -> Iterator["People"]:
    """Everybody of the demo, each at a desk that all tests find as the one before left it."""
    crowd = People(portal, chromium)
    yield crowd
    crowd.leave()


class People:
    """Signs each role in once and keeps the session: a window of its own for each role, width and look."""

    def __init__(self, portal: server.Running, chromium: Browser) -> None:
        self.portal, self.chromium = portal, chromium
        self.visitors: dict[tuple[str, str], Visitor] = {}

    def as_(self, role: str, look: str = "desktop") -> Visitor:
        """The window of `role`; an empty one is the public. `look`: a width, then `large`, `dark` or both."""
        if (role, look) not in self.visitors:
            size, *kinds = look.split()
            context = new_context(self.chromium, size, dark="dark" in kinds)
            if "large" in kinds:
                in_large_print(context, self.portal.url)
            page = context.new_page()
            page.set_default_timeout(15_000)
            visitor = Visitor(page, self.portal.url)
            if role:
                visitor.sign_in(*self.portal.logins[role])
            self.visitors[role, look] = visitor
        return self.visitors[role, look]

    def leave(self) -> None:
        """Close every window."""
        for visitor in self.visitors.values():
            visitor.page.context.close()
