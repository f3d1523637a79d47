"""A clerk withdraws a release on a phone, and it disappears at once for a reader who has its page open."""

from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.journey import Journey
from tests.browser.pages import Visitor
from tests.browser.test_journey import CHENGQIAO

TITLE = "建立镇劳动争议调解工作室"
PUBLIC_TEXT = "2022年底前在镇总工会职工服务站内建立"
REASON = "文字与纪要原件不一致，核对后重新公开。"


def finds(visitor: Visitor, path: str) -> bool:
    """Return whether the search page at this path finds the resolution by its title."""
    visitor.open(path)
    expect(visitor.page.locator("main")).to_be_visible()
    return visitor.page.get_by_role("link", name=TITLE, exact=True).count() > 0


def test_a_withdrawal_is_at_once(people: People) -> None:
    reader, clerk = people.visitor("", "phone"), people.visitor(CHENGQIAO.proposer_clerk, "phone")
    assert finds(reader, "/search/?q=调解工作室")
    reader.press(TITLE)
    reader.expect_text(PUBLIC_TEXT)
    public_page = reader.page.url

    assert finds(clerk, "/admin/search/?q=调解工作室&kind=resolution")
    clerk.press(TITLE)
    record = clerk.page.url
    Journey.follow(clerk.page, "a[href$='/withdraw/']")
    clerk.page.locator("main [name=reason]").fill(REASON)
    Journey.submit(clerk.page)
    clerk.expect_text("已撤回，公开页面、列表和搜索均不再显示。")

    gone = reader.page.goto(public_page)
    assert gone is not None
    assert gone.status == 404
    reader.expect_no_text(PUBLIC_TEXT)
    assert not finds(reader, "/search/?q=调解工作室")
    for listing in ("/outcomes/?q=调解工作室", "/search/?q=劳动争议", "/"):
        reader.open(listing)
        reader.expect_no_text(TITLE)

    clerk.open(record)
    clerk.expect_text(REASON)
    assert finds(clerk, "/admin/search/?q=调解工作室&kind=resolution"), "the record itself stays"
