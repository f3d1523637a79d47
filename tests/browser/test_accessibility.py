"""axe-core with no rule off, at the width of a small phone and of a desk: the public site, and our own staff pages.

Public pages are looked at by day and by night, in standard and in large print; staff pages by day at both widths, at
night at a desk, and in large print on a phone. Nothing has to be scrolled sideways in any of them.
Of a staff page only the main region is ours; the frame around it is Wagtail's.
"""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import People
from tests.browser.pages import Visitor, violations

FRAME = (".w-slim-header", ".messages")  # Wagtail draws them inside the main region
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
FOUND = {  # a page type: where its first link stands
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
FILES = {  # a record's own page: the listing where its first link stands
    "topic": ("/admin/records/topic/", "main a[href*='/topic/inspect/']"),
    "workspace": ("/admin/records/meeting/", "main a[href*='/meeting/inspect/']"),
    "minutes": ("/admin/records/minutes/", "main a[href*='/minutes/inspect/']"),
    "resolution": ("/admin/records/resolution/", "main a[href*='/resolution/inspect/']"),
}
MANAGED = {
    "people": "/admin/records/person/",
    "new person": "/admin/records/person/new/",
    "access log": "/admin/records/accessentry/",
    "operations log": "/admin/reports/site-history/",
}


@pytest.fixture(params=["phone", "desktop", "phone large", "desktop large"])
def public(request: pytest.FixtureRequest, people: People) -> Visitor:
    """Somebody without a login."""
    return people.as_("", request.param)


@pytest.fixture(params=["phone", "desktop", "phone large", "desktop dark"])
def clerk(request: pytest.FixtureRequest, people: People) -> Visitor:
    """A clerk of the county at the desk."""
    return people.as_("经办人员（垣曲县工会方）", request.param)


def fits(page: Page) -> bool:
    """True if nothing has to be scrolled sideways."""
    fitting: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return fitting


def wrong(public: Visitor) -> list[str]:
    """What axe finds by day and by night."""
    found = []
    for dark in (False, True):
        public.page.emulate_media(color_scheme="dark" if dark else "light")
        found += [f"{'dark' if dark else 'light'} {line}" for line in violations(public.page)]
    return found


@pytest.mark.parametrize("path", PUBLIC.values(), ids=list(PUBLIC))
def test_a_public_page_is_accessible_and_fits(public: Visitor, path: str) -> None:
    public.open(path)
    assert wrong(public) == []
    assert fits(public.page)


@pytest.mark.parametrize(("listing", "link"), FOUND.values(), ids=list(FOUND))
def test_a_public_page_found_in_its_list_is_accessible_and_fits(public: Visitor, listing: str, link: str) -> None:
    public.open(listing)
    href = public.page.locator(link).first.get_attribute("href")
    assert href
    public.open(re.sub(r"^https?://[^/]+", "", href))
    assert wrong(public) == []
    assert fits(public.page)


@pytest.mark.parametrize("path", STAFF.values(), ids=list(STAFF))
def test_a_staff_page_is_accessible(clerk: Visitor, path: str) -> None:
    clerk.open(path)
    assert violations(clerk.page, "main", FRAME) == []
    assert fits(clerk.page)


@pytest.mark.parametrize(("listing", "link"), FILES.values(), ids=list(FILES))
def test_a_record_s_own_page_is_accessible(clerk: Visitor, listing: str, link: str) -> None:
    clerk.open(listing)
    href = clerk.page.locator(link).first.get_attribute("href")
    assert href
    clerk.open(href)
    assert violations(clerk.page, "main", FRAME) == []
    assert fits(clerk.page)


def test_a_refused_form_is_accessible(clerk: Visitor) -> None:
    clerk.open("/admin/records/topic/new/")
    clerk.page.evaluate("document.querySelector('main form').noValidate = true")
    with clerk.page.expect_navigation():
        clerk.page.locator("main form button[type=submit]").first.click()
    assert clerk.page.locator(".error-message, .w-field--error").count() > 0
    assert violations(clerk.page, "main", FRAME) == []


@pytest.mark.parametrize("path", MANAGED.values(), ids=list(MANAGED))
def test_what_the_administrator_keeps_is_accessible(people: People, path: str) -> None:
    keeper = people.as_("管理员", "desktop")
    keeper.open(path)
    assert keeper.page.locator("main form, main table").count() > 0
    assert violations(keeper.page, "main", FRAME) == []
