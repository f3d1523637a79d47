"""axe-core with no rule off, at the width of a small phone and of a desk: the public site, and our own staff pages.

Every page is looked at by day at both widths; one page of each kind also by night and in large print. `make soak` looks
at every page by night and in large print, at both widths. Nothing has to be scrolled sideways in any of them.
Of a staff page only the main region is ours; the frame around it is Wagtail's.
"""

import re
from itertools import product
from typing import Any

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


# One page of each kind: those that are left out are the same template with other content.
KINDS = {"home", "section", "news", "outcomes", "search", "missing page", "choice of print", "login", *FOUND}
STAFF_KINDS = {"home", "topics", "new topic", "meetings", "reports", "search", *FILES}
WIDTHS = ("phone", "desktop")
FURTHER = ("desktop dark", "phone large")  # of one page of each kind
ALL = tuple(" ".join(look) for look in product(WIDTHS, ("large dark", "large", "dark")))
CLERK = "经办人员（垣曲县工会方）"


def looks(pages: dict[str, Any], kinds: set[str]) -> list[Any]:
    """Each page in each look: what is no more than a further look at a page of a kind is for `make soak`."""
    found = []
    for name, look in product(pages, (*WIDTHS, *ALL)):
        usual = look in WIDTHS or (name in kinds and look in FURTHER)
        values = pages[name] if isinstance(pages[name], tuple) else (pages[name],)
        found.append(pytest.param(look, *values, id=f"{name}-{look}", marks=() if usual else pytest.mark.repeated))
    return found


def fits(page: Page) -> bool:
    """True if nothing has to be scrolled sideways."""
    fitting: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return fitting


def behind(visitor: Visitor, listing: str, link: str) -> str:
    """The address of the first link of a list."""
    visitor.open(listing)
    href = visitor.page.locator(link).first.get_attribute("href")
    assert href
    return re.sub(r"^https?://[^/]+", "", href)


@pytest.mark.parametrize(("look", "path"), looks(PUBLIC, KINDS))
def test_a_public_page_is_accessible_and_fits(people: People, look: str, path: str) -> None:
    public = people.as_("", look)
    public.open(path)
    assert violations(public.page) == []
    assert fits(public.page)


@pytest.mark.parametrize(("look", "listing", "link"), looks(FOUND, KINDS))
def test_a_public_page_found_in_its_list_is_accessible_and_fits(
    people: People, look: str, listing: str, link: str
) -> None:
    public = people.as_("", look)
    public.open(behind(public, listing, link))
    assert violations(public.page) == []
    assert fits(public.page)


@pytest.mark.parametrize(("look", "path"), looks(STAFF, STAFF_KINDS))
def test_a_staff_page_is_accessible(people: People, look: str, path: str) -> None:
    clerk = people.as_(CLERK, look)
    clerk.open(path)
    assert violations(clerk.page, "main", FRAME) == []
    assert fits(clerk.page)


@pytest.mark.parametrize(("look", "listing", "link"), looks(FILES, STAFF_KINDS))
def test_a_record_s_own_page_is_accessible(people: People, look: str, listing: str, link: str) -> None:
    clerk = people.as_(CLERK, look)
    clerk.open(behind(clerk, listing, link))
    assert violations(clerk.page, "main", FRAME) == []
    assert fits(clerk.page)


@pytest.mark.parametrize("look", [*WIDTHS, *(pytest.param(look, marks=pytest.mark.repeated) for look in ALL)])
def test_a_refused_form_is_accessible(people: People, look: str) -> None:
    clerk = people.as_(CLERK, look)
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
