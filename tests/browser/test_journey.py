"""The journey of the first release, under each regulation: what a newcomer is promised by the README."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.journey import Cast, Journey

YUANQU = Cast(
    place="垣曲县",
    slug="yuanqu",
    proposer_clerk="经办人员（垣曲县工会方）",
    other_clerk="经办人员（垣曲县政府方）",
    proposing="县总工会",
    category="一（四）　劳动安全和卫生健康",
    approver="领导（垣曲县联系工会工作的副县长）",
    settlers=("经办人员（垣曲县工会方）", "经办人员（垣曲县政府方）"),
    minutes_approvers=("领导（垣曲县县长）", "领导（垣曲县总工会主席）"),
    verifiers=("经办人员（垣曲县工会方）", "经办人员（垣曲县政府方）"),
    liaison="联络员（县人社局）",
    lead="县人社局",
    reviewers=("审核人员（垣曲县一审）", "审核人员（垣曲县二审）", "审核人员（垣曲县三审）"),
    number="垣政办纪〔{year}〕88号",
)
CHENGQIAO = Cast(
    place="城桥镇",
    slug="chengqiao",
    proposer_clerk="经办人员（城桥镇工会方）",
    other_clerk="经办人员（城桥镇政府方）",
    proposing="镇总工会",
    category="四（二）　劳动安全和职业健康",
    approver="",
    settlers=("领导（城桥镇联系工会工作的副镇长）", "领导（城桥镇总工会主席）"),
    minutes_approvers=("领导（城桥镇联系工会工作的副镇长）", "领导（城桥镇总工会主席）"),
    verifiers=("经办人员（城桥镇工会方）",),
    liaison="联络员（镇司法所）",
    lead="镇司法所",
    reviewers=("审核人员（城桥镇一审）", "审核人员（城桥镇二审）", "审核人员（城桥镇三审）"),
    number="",
)


PICTURES = (  # of the guides, beside those of the journey
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
    ("cast", "matter", "word"),
    [
        pytest.param(YUANQU, "为环卫工人配备反光防护马甲", "反光防护马甲", id="county"),
        pytest.param(CHENGQIAO, "在楼宇设立职工心理咨询角", "心理咨询角", id="town"),
    ],
)
def test_from_a_topic_to_the_result_the_public_reads(people: People, cast: Cast, matter: str, word: str) -> None:
    journey, public = Journey(people, cast, matter, word), people.as_("", "phone")
    journey.clerk().picture("clerk-today", "/admin/")
    journey.propose()
    journey.clerk().picture("topic", journey.urls["topic"])
    if cast.approver:
        journey.confer()
    journey.come_to_terms(studied=bool(cast.approver))
    journey.prepare()
    journey.clerk().picture("workspace", journey.urls["meeting"])
    journey.hold()
    journey.write_minutes()
    expect(journey.search(public)).to_have_count(0)

    journey.publish()
    links = journey.search(public)
    expect(links.filter(has_text=matter).first).to_be_visible()
    links.filter(has_text=matter).first.click()
    public.page.wait_for_load_state("load")
    public.reads(matter)
    public.reads(cast.lead)

    journey.follow_up()
    public.page.reload()
    itself = public.page.locator(".page-head, [aria-labelledby=thread]").filter(has_text="已办结")
    expect(itself).to_have_count(0)
    journey.release_result()
    public.page.reload()
    expect(itself.first).to_be_visible()
    public.reads("已全部建成并投入使用。")
    public.picture("resolution-phone")
    for role, name, path in PICTURES:
        people.as_(role).picture(name, path)
