"""The main workflow under each regulation, as the README describes it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.journey import Actors, Journey

YUANQU = Actors(
    place="垣曲县",
    slug="yuanqu",
    proposer_clerk="经办人员（垣曲县工会方）",
    other_clerk="经办人员（垣曲县政府方）",
    proposing_department="县总工会",
    category="一（四）　劳动安全和卫生健康",
    approver="领导（垣曲县联系工会工作的副县长）",
    settlers=("经办人员（垣曲县工会方）", "经办人员（垣曲县政府方）"),
    minutes_approvers=("领导（垣曲县县长）", "领导（垣曲县总工会主席）"),
    verifiers=("经办人员（垣曲县工会方）", "经办人员（垣曲县政府方）"),
    liaison="联络员（县人社局）",
    lead_department="县人社局",
    reviewers=("审核人员（垣曲县一审）", "审核人员（垣曲县二审）", "审核人员（垣曲县三审）"),
    number="垣政办纪〔{year}〕88号",
)
CHENGQIAO = Actors(
    place="城桥镇",
    slug="chengqiao",
    proposer_clerk="经办人员（城桥镇工会方）",
    other_clerk="经办人员（城桥镇政府方）",
    proposing_department="镇总工会",
    category="四（二）　劳动安全和职业健康",
    approver="",
    settlers=("领导（城桥镇联系工会工作的副镇长）", "领导（城桥镇总工会主席）"),
    minutes_approvers=("领导（城桥镇联系工会工作的副镇长）", "领导（城桥镇总工会主席）"),
    verifiers=("经办人员（城桥镇工会方）",),
    liaison="联络员（镇司法所）",
    lead_department="镇司法所",
    reviewers=("审核人员（城桥镇一审）", "审核人员（城桥镇二审）", "审核人员（城桥镇三审）"),
    number="",
)


PICTURES = (  # screenshots for the guides, besides those that the journey takes
    ("", "home", "/"),
    ("", "outcomes", "/outcomes/"),
    ("", "search", "/search/?q=工资"),
    ("信息员（垣曲县）", "writer-pages", "/admin/publicity/"),
    ("审计员", "auditor-clauses", "/admin/records/clauses/"),
    ("审计员", "auditor-log", "/admin/reports/site-history/"),
    ("管理员", "administrator-today", "/admin/"),
    ("管理员", "administrator-posts", "/admin/records/post/"),
)


@pytest.mark.parametrize(
    ("actors", "subject", "keyword"),
    [
        pytest.param(YUANQU, "为环卫工人配备反光防护马甲", "反光防护马甲", id="county"),
        pytest.param(CHENGQIAO, "在楼宇设立职工心理咨询角", "心理咨询角", id="town"),
    ],
)
def test_from_a_topic_to_the_result_the_public_reads(
    people: People, actors: Actors, subject: str, keyword: str
) -> None:
    journey, public = Journey(people, actors, subject, keyword), people.visitor("", "phone")
    journey.clerk().screenshot("clerk-today", "/admin/")
    journey.propose()
    journey.clerk().screenshot("topic", journey.urls["topic"])
    if actors.approver:
        journey.confer()
    journey.reach_consensus(studied=bool(actors.approver))
    journey.prepare()
    journey.clerk().screenshot("meeting", journey.urls["meeting"])
    journey.hold()
    journey.write_minutes()
    expect(journey.search(public)).to_have_count(0)

    journey.publish()
    links = journey.search(public)
    expect(links.filter(has_text=subject).first).to_be_visible()
    links.filter(has_text=subject).first.click()
    public.page.wait_for_load_state("load")
    public.expect_text(subject)
    public.expect_text(actors.lead_department)

    journey.follow_up()
    public.page.reload()
    itself = public.page.locator(".page-head, [aria-labelledby=thread]").filter(has_text="已办结")
    expect(itself).to_have_count(0)
    journey.release_result()
    public.page.reload()
    expect(itself.first).to_be_visible()
    public.expect_text("已全部建成并投入使用。")
    public.screenshot("resolution-phone")
    for role, name, path in PICTURES:
        people.visitor(role).screenshot(name, path)
