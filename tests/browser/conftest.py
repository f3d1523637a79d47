"""Fixtures of the browser tests: a loaded demo behind gunicorn, and Debian's Chromium, each started once.

Except for `test_backup`, the tests of this folder use pages only. They run in two workers (`xdist_group`): tests that
only read share one demo, tests that change data share another.
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

# Debian's Chromium engine without windows and menus takes a third less processor time than `chromium --headless`.
CHROMIUM = shutil.which(os.environ.get("CHROMIUM", "chromium-headless-shell"))
# Root cannot use Chromium's sandbox. The browser loads only pages that the tests serve.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-quic"]
# Two groups of about the same duration, each in one worker with its own demo.
READING, ACTING = "browser-reading", "browser-acting"
READ_ONLY_MODULES = {"test_accessibility", "test_house", "test_html", "test_publicity", "test_search_pages"}
SIZES = {"phone": (320, 720), "desktop": (1440, 900)}


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Assign the browser tests to their groups, so that each group uses one demo and one browser."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            group = READING if item.path.stem in READ_ONLY_MODULES else ACTING
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="package")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.RunningPortal]:
    """Serve a copy of the demo."""
    folder, port = tmp_path_factory.mktemp("demo"), server.free_port()
    source, printed = demo.loaded()
    demo.copy(source, folder)
    process, running = server.serve(folder, port, server.read_logins(printed))
    yield running
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium in headless mode."""
    if CHROMIUM is None:
        pytest.fail("Chromium is missing: apt-get install chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def new_context(chromium: Browser, size: str = "desktop", *, dark: bool = False) -> BrowserContext:
    """Return a new browser context, without a session."""
    width, height = SIZES[size]
    return chromium.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )


def in_large_print(context: BrowserContext, url: str) -> BrowserContext:
    """Set the cookie of a visitor who has chosen large print (适老化)."""
    context.add_cookies([{"name": "reading", "value": "large", "url": url}])
    return context


@pytest.fixture(params=list(SIZES))
def sized_page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """Return a page of a visitor, at each width."""
    context = new_context(chromium, request.param)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="package")
def people(portal: server.RunningPortal, chromium: Browser) -> Iterator["People"]:
    """Provide the browser windows of the people of the demo; all tests of the package share their sessions."""
    people = People(portal, chromium)
    yield people
    people.close()


class People:
    """Browser windows by role, width and look. Each signs in once and keeps its session."""

    def __init__(self, portal: server.RunningPortal, chromium: Browser) -> None:
        self.portal, self.chromium = portal, chromium
        self.visitors: dict[tuple[str, str], Visitor] = {}

    def visitor(self, role: str, look: str = "desktop") -> Visitor:
        """Return the window of a role, or of the public if empty. `look`: a width, then `large`, `dark` or both."""
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

    def close(self) -> None:
        """Close all windows."""
        for visitor in self.visitors.values():
            visitor.page.context.close()
