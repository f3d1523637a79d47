"""A correction of minutes, at the width of a small phone and by keyboard where it chooses between two texts."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import People
from tests.browser.journey import Journey
from tests.browser.pages import Visitor, violations
from tests.browser.test_accessibility import FRAME, fits
from tests.browser.test_journey import CHENGQIAO

TITLE = "城桥镇人民政府与城桥镇总工会2025年度联席会议纪要"
RIGHT = "由镇司法所牵头、镇总工会配合，设立欠薪纠纷一站式调处窗口，当日受理、三日内组织协商。"


def address(page: Page, selector: str) -> str:
    """Where the first thing that fits leads to, without the host."""
    return re.sub(r"^https?://[^/]+", "", page.locator(selector).first.get_attribute("href") or "")


def start(journey: Journey, clerk: Visitor) -> tuple[str, str]:
    """The clerk starts the correction of issued minutes; the addresses of the old and the new ones."""
    page = clerk.page
    clerk.open("/admin/records/minutes/")
    old = page.get_by_role("link", name=TITLE, exact=True).get_attribute("href") or ""
    clerk.open(old)
    journey.follow(page, "a[href$='/correct/']")
    page.locator("[name=reason]").fill("列席人员漏记一人，第一项议定事项的办理时限表述有误。")
    journey.submit(page)
    return old, address(page, ".warned a[href*='/minutes/inspect/']")


def add_who_came(journey: Journey, clerk: Visitor) -> None:
    """Somebody who was there and is not in the attendance."""
    page = clerk.page
    journey.follow(page, ".facts a[href*='/meeting/inspect/']")
    journey.follow(page, "a[href*='/came/']")
    page.locator("[name=name]").fill("靳晓峰")
    page.locator("[name=title]").fill("职工代表")
    page.locator("input[name=status][value=guest]").check()
    page.locator("[name=reason]").fill("临时邀请到会")
    journey.submit(page, "form[action*='/came/']")


def draft_again(journey: Journey, clerk: Visitor) -> None:
    """What the attendance has gained stands beside the text; the keyboard alone chooses and saves."""
    page = clerk.page
    journey.follow(page, ".warned a[href*='/redraft/']")
    assert violations(page, "main", FRAME) == []
    assert fits(page)
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
    clerk = people.as_(CHENGQIAO.proposer_clerk, "phone")
    page = clerk.page
    old, new = start(journey, clerk)
    journey.urls["minutes"] = new
    clerk.open(new)
    add_who_came(journey, clerk)
    clerk.open(new)
    draft_again(journey, clerk)

    journey.follow(page, ".ledger a[href*='/records/resolution/inspect/']")
    journey.follow(page, "a[href*='/records/resolution/edit/']")
    page.locator("[name=text]").fill(RIGHT)
    journey.submit(page, "form[action*='/resolution/edit/']")
    journey.step(clerk, "minutes", "send")
    for role in CHENGQIAO.minutes_approvers:
        journey.step(people.as_(role), "minutes", "approve", opinion="同意更正。")
    journey.step(clerk, "minutes", "issue")

    for path, told in ((new, "更正说明："), (old, "已更正，见")):
        clerk.open(path)
        clerk.reads(told)
        assert violations(page, "main", FRAME) == []
    clerk.reads_not(RIGHT)
    clerk.reads_not("靳晓峰")
    journey.follow(page, ".ledger a[href*='/records/resolution/inspect/']")
    clerk.reads(RIGHT)
    assert page.locator(".reports > li").count() > 0, "its reports stayed with it"
