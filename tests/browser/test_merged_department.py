"""After a merger, the liaison of the successor sees the open resolutions and reports under the old department name."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import People

OLD, NEW, SUBJECT = "县交通局", "县人社局", "新就业形态劳动者建会入会"


def test_the_successor_reports_for_a_merged_department(people: People) -> None:
    clerk, successor = people.visitor("经办人员（垣曲县工会方）"), people.visitor(f"联络员（{NEW}）")
    clerk.open(f"/admin/records/resolution/?q={SUBJECT}")
    address = clerk.page.get_by_role("link", name=re.compile(SUBJECT)).first.get_attribute("href") or ""
    successor.page.goto(f"{successor.url}{address}")
    successor.expect_no_text(SUBJECT)

    administrator = people.visitor("管理员")
    administrator.open(f"/admin/records/department/?q={OLD}")
    administrator.page.get_by_role("link", name=OLD, exact=True).first.click()
    administrator.press("并入其他单位")
    administrator.expect_text("1项未落实事项一并移交")
    administrator.page.locator("[name=into]").select_option(label=NEW)
    administrator.page.locator("form[action*='/merge/'] button[type=submit]").click()
    administrator.page.wait_for_load_state("load")
    administrator.expect_text(f"{OLD}的未办结事项由{NEW}承接")

    successor.open("/admin/")
    successor.expect_text(SUBJECT)
    successor.open(address)
    successor.expect_text(f"{OLD}（现{NEW}）")
    successor.page.locator("a[href$='/report_part_done/']").click()
    successor.page.locator("[name=text]").fill("快递、网约车企业建会动员全部完成。")
    successor.page.locator("form[action*='/report_part_done/'] button[type=submit]").click()
    successor.page.wait_for_load_state("load")
    part = successor.page.get_by_label(f"{OLD}（现{NEW}）")
    expect(part.get_by_text("快递、网约车企业建会动员全部完成。")).to_be_visible()
    expect(part.get_by_text("本单位任务已完成")).to_be_visible()

    clerk.open(f"/admin/search/?q={OLD}")
    clerk.expect_text(SUBJECT)
