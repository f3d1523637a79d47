"""What was public is taken back by a clerk with a phone, and is gone for the reader who looks at it at that moment."""

from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.journey import Journey
from tests.browser.pages import Visitor
from tests.browser.test_journey import CHENGQIAO

TITLE = "建立镇劳动争议调解工作室"
TOLD = "2022年底前在镇总工会职工服务站内建立"
REASON = "文字与纪要原件不一致，核对后重新公开。"


def finds(visitor: Visitor, path: str) -> bool:
    """Whether the search behind this address finds the item under its title."""
    visitor.open(path)
    expect(visitor.page.locator("main")).to_be_visible()
    return visitor.page.get_by_role("link", name=TITLE, exact=True).count() > 0


def test_a_withdrawal_is_at_once(people: People) -> None:
    reader, clerk = people.as_("", "phone"), people.as_(CHENGQIAO.proposer_clerk, "phone")
    assert finds(reader, "/search/?q=调解工作室")
    reader.press(TITLE)
    reader.reads(TOLD)
    public_page = reader.page.url

    assert finds(clerk, "/admin/search/?q=调解工作室&kind=resolution")
    clerk.press(TITLE)
    record = clerk.page.url
    Journey.follow(clerk.page, "a[href$='/withdraw/']")
    clerk.page.locator("main [name=reason]").fill(REASON)
    Journey.submit(clerk.page)
    clerk.reads("已撤回，公开页面、列表和搜索均不再显示。")

    gone = reader.page.goto(public_page)
    assert gone is not None
    assert gone.status == 404
    reader.reads_not(TOLD)
    assert not finds(reader, "/search/?q=调解工作室")
    for listing in ("/outcomes/?q=调解工作室", "/search/?q=劳动争议", "/"):
        reader.open(listing)
        reader.reads_not(TITLE)

    clerk.open(record)
    clerk.reads(REASON)
    assert finds(clerk, "/admin/search/?q=调解工作室&kind=resolution"), "the record itself stays"
