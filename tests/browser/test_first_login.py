"""First logins on a phone: choosing a password with a one-time code, and setting up a second factor."""

import base64
import re
from collections.abc import Iterator

import pytest
from django_otp.oath import totp
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import People, new_context
from tests.browser.pages import Visitor, violations
from tests.browser.server import RunningPortal

pytestmark = pytest.mark.browser
OWN_PASSWORD = "my-own-Password-2027"


def accessible(page: Page) -> bool:
    """Return whether the page fits the width of the window; fail if axe-core finds violations."""
    assert violations(page) == []
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.fixture
def phone(portal: RunningPortal, chromium: Browser) -> Iterator[Visitor]:
    """Return a browser window at the width of a small phone."""
    context = new_context(chromium, "phone")
    yield Visitor(context.new_page(), portal.url)
    context.close()


def log_in(visitor: Visitor, login: str, password: str) -> None:
    """Submit the login page; any page may follow."""
    visitor.open("/admin/login/")
    visitor.page.fill("input[name=username]", login)
    visitor.page.fill("input[name=password]", password)
    visitor.press("登录")


def test_a_one_time_code_opens_the_choice_of_an_own_password(people: People, phone: Visitor) -> None:
    administrator, auditor = people.visitor("管理员"), people.visitor("审计员")
    administrator.open("/admin/records/person/?q=lianluo05")
    administrator.page.locator("td.title a").first.click()
    administrator.press("发放一次性登录码")
    administrator.press("提交复核")
    auditor.open(administrator.page.url)
    auditor.press("同意，立即生效")
    auditor.press("同意，立即生效")
    code = auditor.page.locator(".code-shown").inner_text()
    assert accessible(auditor.page)
    log_in(phone, "lianluo05", code)
    phone.expect_text("请自设一个只有您知道的密码")
    assert accessible(phone.page)
    for password in ("short-1", OWN_PASSWORD):
        phone.page.fill("input[name=new_password1]", password)
        phone.page.fill("input[name=new_password2]", password)
        phone.press("继续")
        if password != OWN_PASSWORD:
            phone.expect_text("密码太短")
            assert accessible(phone.page)
    expect(phone.page).to_have_url(f"{phone.url}/admin/")


def require_code(administrator: Visitor, wanted: bool) -> None:
    """Let the administrator require a second factor of auditors, or ask for the end of it."""
    administrator.open("/admin/settings/portal/loginrules/")
    administrator.page.get_by_label("审计员", exact=True).set_checked(wanted)
    administrator.press("保存")


def test_a_telephone_is_bound_and_a_recovery_code_opens_too(people: People, phone: Visitor) -> None:
    administrator = people.visitor("管理员")
    require_code(administrator, True)
    login, password = people.portal.logins["审计员"]
    page = phone.page
    log_in(phone, login, password)
    phone.expect_text("绑定手机")
    assert accessible(page)
    key = re.sub(r"\s", "", page.locator(".code-secret").inner_text())
    page.fill("input[name=code]", f"{totp(base64.b32decode(key)):06d}")
    phone.press("绑定手机")
    assert accessible(page)
    recovery = page.locator(".recovery-codes code").first.inner_text()
    phone.press("已保存，继续")
    expect(page).to_have_url(f"{phone.url}/admin/")

    page.context.clear_cookies()
    log_in(phone, login, password)
    phone.expect_text("输入动态口令")
    assert accessible(page)
    page.fill("input[name=code]", recovery)
    phone.press("继续")
    phone.expect_text("还剩 9 个")

    require_code(administrator, False)
    administrator.expect_text("尚未生效")
    phone.open("/admin/")
    phone.page.get_by_role("link", name="请复核：登录规则").click()
    phone.press("同意，立即生效")
    assert accessible(page)
    phone.press("同意，立即生效")
    phone.expect_text("已复核，现已生效")
