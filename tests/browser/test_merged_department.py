"""A department is merged: its successor's liaison finds what is open, and reports on it under the old name."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import People

OLD, NEW, MATTER = "县交通局", "县人社局", "新就业形态劳动者建会入会"


def test_the_successor_reports_for_a_merged_department(people: People) -> None:
    clerk, heir = people.as_("经办人员（垣曲县工会方）"), people.as_(f"联络员（{NEW}）")
    clerk.open(f"/admin/records/resolution/?q={MATTER}")
    address = clerk.page.get_by_role("link", name=re.compile(MATTER)).first.get_attribute("href") or ""
    heir.page.goto(f"{heir.url}{address}")
    heir.reads_not(MATTER)

    administrator = people.as_("管理员")
    administrator.open(f"/admin/records/department/?q={OLD}")
    administrator.page.get_by_role("link", name=OLD, exact=True).first.click()
    administrator.press("并入其他单位")
    administrator.reads("1项未落实事项一并移交")
    administrator.page.locator("[name=into]").select_option(label=NEW)
    administrator.page.locator("form[action*='/merge/'] button[type=submit]").click()
    administrator.page.wait_for_load_state("load")
    administrator.reads(f"{OLD}的未办结事项由{NEW}承接")

    heir.open("/admin/")
    heir.reads(MATTER)
    heir.open(address)
    heir.reads(f"{OLD}（现{NEW}）")
    heir.page.locator("a[href$='/report_part_done/']").click()
    heir.page.locator("[name=text]").fill("快递、网约车企业建会动员全部完成。")
    heir.page.locator("form[action*='/report_part_done/'] button[type=submit]").click()
    heir.page.wait_for_load_state("load")
    part = heir.page.get_by_label(f"{OLD}（现{NEW}）")
    expect(part.get_by_text("快递、网约车企业建会动员全部完成。")).to_be_visible()
    expect(part.get_by_text("本单位任务已完成")).to_be_visible()

    clerk.open(f"/admin/search/?q={OLD}")
    clerk.reads(MATTER)
