"""Accessibility of the staff pages for publicity, and the size of touch targets on public pages.

Other accessibility tests of the public pages are in `test_accessibility`.
"""

import pytest

from tests.browser.conftest import SIZES, People
from tests.browser.pages import Visitor, violations
from tests.browser.test_accessibility import FRAME, first_link

CLERK = "经办人员（垣曲县政府方）"
LISTS = ("/", "/outcomes/", "/news/", "/outcomes/?year=1990")


@pytest.fixture(params=list(SIZES))
def clerk(request: pytest.FixtureRequest, people: People) -> Visitor:
    """Return the window of a clerk of the county's government side."""
    return people.visitor(CLERK, request.param)


@pytest.fixture(params=["phone", "phone large"])
def thumb(request: pytest.FixtureRequest, people: People) -> Visitor:
    """Return the window of a public reader with a phone."""
    return people.visitor("", request.param)


def test_each_target_of_a_public_page_is_big_enough_for_a_thumb(thumb: Visitor) -> None:
    """44 px, except links within a sentence, which are as high as their line."""
    for path in LISTS:
        thumb.open(path)
        small = thumb.page.evaluate(
            """() => [...document.querySelectorAll('a, button, input, select')]
              .filter(e => e.offsetParent && !e.closest('.prose p, .skip') && !e.matches('.skip'))
              .map(e => [e.getBoundingClientRect().height, e.textContent.trim() || e.name])
              .filter(([height]) => height < 43.5)"""
        )
        assert small == [], path


def test_the_pages_of_the_publicity_are_accessible(clerk: Visitor) -> None:
    clerk.open("/admin/publicity/")
    assert violations(clerk.page, "main", FRAME) == []
    review = first_link(clerk, "/admin/publicity/", "main a[href*='/review/']")
    for action in ("review", "personal-data", "take-down"):
        clerk.open(review.replace("review", action))
        assert violations(clerk.page, "main", FRAME) == [], action


def test_what_is_done_to_a_resolution_is_accessible(clerk: Visitor) -> None:
    page = first_link(clerk, "/admin/records/resolution/", "main a[href*='/resolution/inspect/']")
    pk = page.rstrip("/").rsplit("/", 1)[1]
    for action in ("stage", "withdraw"):
        clerk.open(f"/admin/publicity/resolutions/{pk}/{action}/")
        assert violations(clerk.page, "main", FRAME) == [], action
        clerk.page.evaluate("document.querySelector('main form').noValidate = true")
    with clerk.page.expect_navigation():
        clerk.page.locator("main form button[type=submit]").first.click()
    assert clerk.page.locator(".error-message, .w-field--error, [role=alert]").count() > 0
    assert violations(clerk.page, "main", FRAME) == []
