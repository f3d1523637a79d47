"""First logins on a telephone: an own password in the place of one that was handed over, a code as a second factor."""

import base64
import re
from collections.abc import Iterator

import pytest
from django_otp.oath import totp
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import People, new_context
from tests.browser.pages import Visitor, violations
from tests.browser.server import Running

pytestmark = pytest.mark.browser
GIVEN, OWN = "given-Password-2026", "my-own-Password-2027"


def accessible(page: Page) -> bool:
    """True if axe-core finds nothing and nothing has to be scrolled sideways."""
    assert violations(page) == []
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.fixture
def telephone(portal: Running, chromium: Browser) -> Iterator[Visitor]:
    """A browser on a small telephone."""
    context = new_context(chromium, "phone")
    yield Visitor(context.new_page(), portal.url)
    context.close()


def enter(visitor: Visitor, login: str, password: str) -> None:
    """Through the login page to whatever comes next."""
    visitor.open("/admin/login/")
    visitor.page.fill("input[name=username]", login)
    visitor.page.fill("input[name=password]", password)
    visitor.press("登录")


def test_a_handed_over_password_is_changed_at_once(people: People, telephone: Visitor) -> None:
    keeper = people.as_("管理员")
    keeper.open("/admin/records/person/?q=lianluo05")
    keeper.page.locator("td.title a").first.click()
    keeper.press("重设密码")
    keeper.fill("新密码", GIVEN)
    keeper.press("重设密码")
    keeper.reads("临时密码")
    enter(telephone, "lianluo05", GIVEN)
    telephone.reads("现在的密码由他人设定")
    assert accessible(telephone.page)
    for password in ("short-1", OWN):
        telephone.page.fill("input[name=new_password1]", password)
        telephone.page.fill("input[name=new_password2]", password)
        telephone.press("继续")
        if password != OWN:
            telephone.reads("密码太短")
            assert accessible(telephone.page)
    expect(telephone.page).to_have_url(f"{telephone.url}/admin/")


@pytest.fixture
def codes_asked(people: People) -> Iterator[None]:
    """Auditors need a second factor, while the test runs."""
    keeper = people.as_("管理员")

    def ask(wanted: bool) -> None:
        keeper.open("/admin/settings/portal/loginrules/")
        keeper.page.get_by_label("审计员", exact=True).set_checked(wanted)
        keeper.press("保存")

    ask(True)
    yield
    ask(False)


@pytest.mark.usefixtures("codes_asked")
def test_a_telephone_is_bound_and_a_recovery_code_opens_too(people: People, telephone: Visitor) -> None:
    login, password = people.portal.logins["审计员"]
    page = telephone.page
    enter(telephone, login, password)
    telephone.reads("绑定手机")
    assert accessible(page)
    key = re.sub(r"\s", "", page.locator(".code-secret").inner_text())
    page.fill("input[name=code]", f"{totp(base64.b32decode(key)):06d}")
    telephone.press("绑定手机")
    assert accessible(page)
    recovery = page.locator(".recovery-codes code").first.inner_text()
    telephone.press("已保存，继续")
    expect(page).to_have_url(f"{telephone.url}/admin/")

    page.context.clear_cookies()
    enter(telephone, login, password)
    telephone.reads("输入动态口令")
    assert accessible(page)
    page.fill("input[name=code]", recovery)
    telephone.press("继续")
    telephone.reads("还剩 9 个")
