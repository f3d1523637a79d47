"""A correction of minutes, at the width of a small phone; the choice between two texts is made by keyboard."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import People
from tests.browser.journey import Journey
from tests.browser.pages import Visitor, violations
from tests.browser.test_accessibility import FRAME, fits_width
from tests.browser.test_journey import CHENGQIAO

TITLE = "城桥镇人民政府与城桥镇总工会2025年度联席会议纪要"
CORRECTED_TEXT = "由镇司法所牵头、镇总工会配合，设立欠薪纠纷一站式调处窗口，当日受理、三日内组织协商。"


def address(page: Page, selector: str) -> str:
    """Return the path of the first link that matches."""
    return re.sub(r"^https?://[^/]+", "", page.locator(selector).first.get_attribute("href") or "")


def start(journey: Journey, clerk: Visitor) -> tuple[str, str]:
    """Start the correction of issued minutes; return the paths of the old and the new minutes."""
    page = clerk.page
    clerk.open("/admin/records/minutes/")
    old = page.get_by_role("link", name=TITLE, exact=True).get_attribute("href") or ""
    clerk.open(old)
    journey.follow(page, "a[href$='/correct/']")
    page.locator("[name=reason]").fill("列席人员漏记一人，第一项议定事项的办理时限表述有误。")
    journey.submit(page)
    return old, address(page, ".warned a[href*='/minutes/inspect/']")


def add_attendee(journey: Journey, clerk: Visitor) -> None:
    """Add a person who attended but is not in the attendance."""
    page = clerk.page
    journey.follow(page, ".facts a[href*='/meeting/inspect/']")
    journey.follow(page, "a[href*='/came/']")
    page.locator("[name=name]").fill("靳晓峰")
    page.locator("[name=title]").fill("职工代表")
    page.locator("input[name=status][value=guest]").check()
    page.locator("[name=reason]").fill("临时邀请到会")
    journey.submit(page, "form[action*='/came/']")


def redraft(journey: Journey, clerk: Visitor) -> None:
    """Redraft the minutes: the new attendance is shown beside the old text; choose and save by keyboard only."""
    page = clerk.page
    journey.follow(page, ".warned a[href*='/redraft/']")
    assert violations(page, "main", FRAME) == []
    assert fits_width(page)
    chosen = page.locator(".pair input[type=radio]:checked").first
    assert chosen.get_attribute("value") == "new"
    chosen.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".pair input[value=keep]").first).to_be_checked()
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".document-body").get_by_text("职工代表靳晓峰").first).to_be_visible()


def test_from_the_mistake_to_the_minutes_that_put_it_right(people: People) -> None:
    journey = Journey(people, CHENGQIAO, "更正", "更正")
    clerk = people.visitor(CHENGQIAO.proposer_clerk, "phone")
    page = clerk.page
    old, new = start(journey, clerk)
    journey.urls["minutes"] = new
    clerk.open(new)
    add_attendee(journey, clerk)
    clerk.open(new)
    redraft(journey, clerk)

    journey.follow(page, ".ledger a[href*='/records/resolution/inspect/']")
    journey.follow(page, "a[href*='/records/resolution/edit/']")
    page.locator("[name=text]").fill(CORRECTED_TEXT)
    journey.submit(page, "form[action*='/resolution/edit/']")
    journey.step(clerk, "minutes", "send")
    for role in CHENGQIAO.minutes_approvers:
        journey.step(people.visitor(role), "minutes", "approve", opinion="同意更正。")
    journey.step(clerk, "minutes", "issue")

    for path, text in ((new, "更正说明："), (old, "已更正，见")):
        clerk.open(path)
        clerk.expect_text(text)
        assert violations(page, "main", FRAME) == []
    clerk.expect_no_text(CORRECTED_TEXT)
    clerk.expect_no_text("靳晓峰")
    journey.follow(page, ".ledger a[href*='/records/resolution/inspect/']")
    clerk.expect_text(CORRECTED_TEXT)
    assert page.locator(".reports > li").count() > 0, "its reports stayed with it"
