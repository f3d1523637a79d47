"""Accessibility of the login page and the error pages."""

import pytest
from playwright.sync_api import Page

from tests.browser.pages import violations
from tests.browser.server import RunningPortal

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/login/?ended=1", "/no-such-page/"])
def test_a_page_of_the_house_is_accessible_and_fits(portal: RunningPortal, sized_page: Page, path: str) -> None:
    sized_page.goto(portal.url + path)
    assert violations(sized_page) == []
    assert sized_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
