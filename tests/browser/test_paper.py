"""A leader approves a topic on paper; a clerk registers it, and the leader is notified on the home page."""

import re
from pathlib import Path

from playwright.sync_api import expect

from portal.demo.signed_scans import SignedSheet, scan
from tests.browser.conftest import People
from tests.browser.journey import Journey
from tests.browser.pages import violations
from tests.browser.test_accessibility import FRAME
from tests.browser.test_journey import YUANQU

CLERK, LEADER = "经办人员（垣曲县政府方）", "领导（垣曲县联系工会工作的副县长）"


def test_a_leaders_approval_on_paper(people: People) -> None:
    journey = Journey(people, YUANQU, "在县城设置快递员饮水点", "快递员饮水点")
    journey.propose()
    for role in (YUANQU.proposer_clerk, YUANQU.other_clerk):
        journey.step(people.visitor(role), "topic", "confer", opinion="同意列为议题。")

    clerk, paper = people.visitor(CLERK), scan(SignedSheet("议题审签单", (), ()), "jpg")
    page = clerk.page
    clerk.open(journey.urls["topic"])
    journey.follow(page, "a[href*='/paper/']")
    assert violations(page, "main", FRAME) == []
    with page.expect_navigation():
        page.locator("form[action*='/paper/'] button[type=submit]").click()
    expect(page.locator(".error-message")).to_have_count(2)  # who signed, and the scan
    page.get_by_label(re.compile("苗秉和")).check()
    page.locator("[name=opinion]").fill("同意，请抓紧调研。")
    file = {"name": "议题审签单.jpg", "mimeType": "image/jpeg", "buffer": paper}
    page.locator("[name=scan]").set_input_files(file)  # type: ignore[arg-type]  # a typed dict by content
    journey.submit(page, "form[action*='/paper/']")

    expect(page.locator(".messages .success")).to_contain_text("苗秉和")
    for text in ("纸质审签", "同意，请抓紧调研。", "吕青禾于"):
        clerk.expect_text(text)
    with page.expect_download() as loaded:
        page.get_by_role("link", name=re.compile("议题审签单.jpg")).click()
    assert Path(loaded.value.path()).read_bytes() == paper
    people.visitor(LEADER).open("/admin/")
    people.visitor(LEADER).expect_text("吕青禾登记了您的纸质审签：关于在县城设置快递员饮水点的议题")
