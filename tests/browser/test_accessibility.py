"""Accessibility of the public site and of the portal's staff pages: axe-core with all rules, and no horizontal scroll.

Every page is checked in light mode at the widths of a small phone and a desktop; one page of each kind also in dark
mode and in large print. `make soak` checks every page in dark mode and in large print, at both widths. Of a staff page,
only the main region is checked; Wagtail renders the rest.
"""

import re
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import People
from tests.browser.pages import Visitor, violations

FRAME = (".w-slim-header", ".messages")  # Wagtail renders these inside the main region
PUBLIC = {
    "home": "/",
    "section": "/yuanqu/",
    "news": "/news/",
    "news of nothing": "/news/?year=1990",
    "outcomes": "/outcomes/",
    "outcomes of nothing": "/outcomes/?year=1990",
    "search": "/search/?q=工资",
    "search relaxed": "/search/?q=农民工工资拖欠问题处理办法",
    "search without a hit": "/search/?q=zzzzzz",
    "search box alone": "/search/",
    "search refused": "/search/?q=" + "长" * 300,
    "missing page": "/no-such-page/",
    "missing resolution": "/resolutions/1990-1/",
    "choice of print": "/reading/",
    "login": "/admin/login/",
}
PUBLIC_LINKED = {  # page type: the listing and the selector of its first link
    "article": ("/news/", "main a[href*='/news/']:not([href*='?']):not([href$='/feed/'])"),
    "outcome page": ("/outcomes/", ".meeting-group h2 a"),
    "resolution": ("/outcomes/", "main a[href*='/resolutions/']"),
}
STAFF = {
    "home": "/admin/",
    "topics": "/admin/records/topic/",
    "topics, none": "/admin/records/topic/?q=zzzzzz",
    "new topic": "/admin/records/topic/new/",
    "meetings": "/admin/records/meeting/",
    "new meeting": "/admin/records/meeting/new/",
    "minutes": "/admin/records/minutes/",
    "resolutions": "/admin/records/resolution/",
    "reports": "/admin/records/progressreport/",
    "search": "/admin/search/?q=工资",
    "search, none": "/admin/search/?q=zzzzzz",
}
RECORDS = {  # page of a record: the listing and the selector of its first link
    "topic": ("/admin/records/topic/", "main a[href*='/topic/inspect/']"),
    "meeting": ("/admin/records/meeting/", "main a[href*='/meeting/inspect/']"),
    "minutes": ("/admin/records/minutes/", "main a[href*='/minutes/inspect/']"),
    "resolution": ("/admin/records/resolution/", "main a[href*='/resolution/inspect/']"),
}
ADMINISTRATION = {
    "people": "/admin/records/person/",
    "new person": "/admin/records/person/new/",
    "access log": "/admin/records/accessentry/",
    "operations log": "/admin/reports/site-history/",
}


# One page of each kind. Pages that are left out use the same templates with other content.
KINDS = {"home", "section", "news", "outcomes", "search", "missing page", "choice of print", "login", *PUBLIC_LINKED}
STAFF_KINDS = {"home", "topics", "new topic", "meetings", "reports", "search", *RECORDS}
WIDTHS = ("phone", "desktop")
FURTHER_LOOKS = ("desktop dark", "phone large")  # for one page of each kind
REPEATED_LOOKS = tuple(" ".join(look) for look in product(WIDTHS, ("large dark", "large", "dark")))
CLERK = "经办人员（垣曲县工会方）"


def variants(pages: dict[str, Any], kinds: set[str]) -> list[Any]:
    """Return pytest parameters for each page in each look; looks that only `make soak` checks are marked `repeated`."""
    found = []
    for name, look in product(pages, (*WIDTHS, *REPEATED_LOOKS)):
        usual = look in WIDTHS or (name in kinds and look in FURTHER_LOOKS)
        values = pages[name] if isinstance(pages[name], tuple) else (pages[name],)
        found.append(pytest.param(look, *values, id=f"{name}-{look}", marks=() if usual else pytest.mark.repeated))
    return found


def fits_width(page: Page) -> bool:
    """Return whether the page fits the width of the window, without horizontal scroll."""
    fitting: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return fitting


def first_link(visitor: Visitor, listing: str, link: str) -> str:
    """Return the path of the first matching link of a listing."""
    visitor.open(listing)
    href = visitor.page.locator(link).first.get_attribute("href")
    assert href
    return re.sub(r"^https?://[^/]+", "", href)


@pytest.mark.parametrize(("look", "path"), variants(PUBLIC, KINDS))
def test_a_public_page_is_accessible_and_fits(people: People, look: str, path: str) -> None:
    public = people.visitor("", look)
    public.open(path)
    assert violations(public.page) == []
    assert fits_width(public.page)


@pytest.mark.parametrize(("look", "listing", "link"), variants(PUBLIC_LINKED, KINDS))
def test_a_public_page_found_in_its_list_is_accessible_and_fits(
    people: People, look: str, listing: str, link: str
) -> None:
    public = people.visitor("", look)
    public.open(first_link(public, listing, link))
    assert violations(public.page) == []
    assert fits_width(public.page)


@pytest.mark.parametrize(("look", "path"), variants(STAFF, STAFF_KINDS))
def test_a_staff_page_is_accessible(people: People, look: str, path: str) -> None:
    clerk = people.visitor(CLERK, look)
    clerk.open(path)
    assert violations(clerk.page, "main", FRAME) == []
    assert fits_width(clerk.page)


@pytest.mark.parametrize(("look", "listing", "link"), variants(RECORDS, STAFF_KINDS))
def test_a_record_s_own_page_is_accessible(people: People, look: str, listing: str, link: str) -> None:
    clerk = people.visitor(CLERK, look)
    clerk.open(first_link(clerk, listing, link))
    assert violations(clerk.page, "main", FRAME) == []
    assert fits_width(clerk.page)


@pytest.mark.parametrize(
    "look", [*WIDTHS, *(pytest.param(look, marks=pytest.mark.repeated) for look in REPEATED_LOOKS)]
)
def test_a_refused_form_is_accessible(people: People, look: str) -> None:
    clerk = people.visitor(CLERK, look)
    clerk.open("/admin/records/topic/new/")
    clerk.page.evaluate("document.querySelector('main form').noValidate = true")
    with clerk.page.expect_navigation():
        clerk.page.locator("main form button[type=submit]").first.click()
    assert clerk.page.locator(".error-message, .w-field--error").count() > 0
    assert violations(clerk.page, "main", FRAME) == []


@pytest.mark.parametrize("path", ADMINISTRATION.values(), ids=list(ADMINISTRATION))
def test_what_the_administrator_keeps_is_accessible(people: People, path: str) -> None:
    administrator = people.visitor("管理员", "desktop")
    administrator.open(path)
    assert administrator.page.locator("main form, main table").count() > 0
    assert violations(administrator.page, "main", FRAME) == []
