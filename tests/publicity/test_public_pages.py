"""The public pages through HTTP: their content, their empty states, and their numbers of queries."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from meetings.enums import Disclosure, MeetingState, ResolutionState
from meetings.models import Department, Resolution
from meetings.operations.department import save_department
from meetings.operations.resolution import tighten_disclosure
from publicity.enums import Stage
from publicity.models import OutcomePage, PublicDecision, PublicitySettings, Release
from publicity.operations.public_state import move
from publicity.operations.releases import release_stage
from tests.meetings.factories import World
from tests.publicity.factories import (
    article,
    county,
    issued,
    meeting,
    picture,
    plain_page,
    public_article,
    public_outcome,
    publish,
    resolutions,
)
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return county()


def html(url: str) -> str:
    answer = Client().get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def outcomes(world: World, number: int, day: date = date(2025, 9, 5), **values: Any) -> OutcomePage:
    return public_outcome(world, issued(world, day, items=number, **values))


# --- home and sections -----------------------------------------------------------------------------------------------
def test_home_with_nothing_says_what_comes(world: World) -> None:
    text = html("/")
    assert "尚无公开的议定事项" in text
    assert "尚无新闻" in text
    assert world.conference.name in text


def test_home_shows_the_ledger_the_year_and_the_news(world: World) -> None:
    outcomes(world, 2)
    public_article(world, "联席会议召开")
    text = html("/")
    assert "职工医疗互助第1项" in text
    assert "2025年进展" in text
    assert f"/outcomes/?year=2025&amp;stage={Stage.ADOPTED}" in text
    assert "联席会议召开" in text


def test_the_site_says_what_the_office_says_of_it(world: World) -> None:
    settings = PublicitySettings.for_site(Site.objects.get())
    settings.title, settings.organ, settings.contact = "某县联席会议", "某县政府办", "0359-5550000"
    settings.site_id_code, settings.examples, settings.demonstration = "1408270001", "职工夜校\n爱心驿站", True
    settings.save()
    text = html("/")
    for words in ("某县联席会议", "某县政府办", "0359-5550000", "1408270001", "/search/?q=%E8%81%8C", "演示数据"):
        assert words in text
    settings.demonstration = False
    settings.save()
    assert "演示数据" not in html("/")


def test_a_section_is_about_its_conference_alone(world: World) -> None:
    other = county("邻县")
    outcomes(world, 1)
    public_article(other, "邻县的新闻")
    for url in (f"/{world.conference.slug}/", f"/{world.conference.slug}/outcomes/", f"/{world.conference.slug}/news/"):
        text = html(url)
        assert world.conference.name in text
        assert "邻县的新闻" not in text
    assert "职工医疗互助第1项" not in html(f"/{other.conference.slug}/outcomes/")


# --- outcomes --------------------------------------------------------------------------------------------------------
def test_outcomes_by_conference_year_and_stage(world: World) -> None:
    other = county("邻县")
    page = outcomes(world, 2)
    outcomes(world, 1, date(2024, 11, 12))
    outcomes(other, 1, date(2025, 3, 1))
    row = resolutions(page.meeting)[0]
    Resolution.objects.filter(pk=row.pk).update(state=ResolutionState.UNDER_WAY)
    release_stage(row, stage=Stage.UNDER_WAY, by=world.gov_clerk)

    def numbers(query: str) -> int:
        return html(f"/outcomes/{query}").count('class="line"')

    assert numbers("") == 4
    assert numbers("?year=2025") == 3
    assert numbers(f"?year=2025&conference={world.conference.slug}") == 2
    assert numbers("?stage=under_way") == 1
    assert numbers("?year=2024&stage=under_way") == 0
    assert "没有符合条件的议定事项" in html("/outcomes/?year=2024&stage=under_way")
    assert numbers("?year=zweitausend&stage=nonsense&conference=nowhere&page=99") == 4


def test_a_long_list_has_pages_that_keep_the_choice(world: World) -> None:
    outcomes(world, 23)
    first, second = html("/outcomes/?year=2025"), html("/outcomes/?year=2025&page=2")
    assert (first.count('class="line"'), second.count('class="line"')) == (20, 3)
    assert "?year=2025&amp;page=2" in first


def test_an_outcome_page_shows_text_source_and_news(world: World) -> None:
    page = outcomes(world, 2, minutes_disclosure=Disclosure.PUBLIC)
    public_article(world, "会议报道一则", meeting=page.meeting)
    text = html(page.url)
    assert page.intro in text
    assert "关于职工医疗互助第1项的议题" in text
    assert "第" + str(page.meeting.pk) + "期" in text
    assert "会议报道一则" in text
    assert "2025年9月5日" in text


def test_an_outcome_page_without_items_is_no_page(world: World) -> None:
    page = outcomes(world, 1)
    tighten_disclosure(
        Resolution.objects.get(), by=world.gov_clerk, disclosure=Disclosure.ON_REQUEST, reason="涉及个人隐私"
    )
    assert Client().get(page.url).status_code == 404
    assert page.title not in html("/outcomes/")


# --- a resolution ----------------------------------------------------------------------------------------------------
def test_a_resolution_has_its_thread_and_whom_to_ask(world: World) -> None:
    page = outcomes(world, 1)
    row = resolutions(page.meeting)[0]
    Resolution.objects.update(state=ResolutionState.UNDER_WAY)
    release_stage(row, stage=Stage.UNDER_WAY, explanation="已启动实施。", by=world.gov_clerk)
    Resolution.objects.update(state=ResolutionState.VERIFIED)
    release_stage(row, stage=Stage.VERIFIED, by=world.gov_clerk)
    text = html("/resolutions/2025-1/")
    assert text.index("议定") < text.index("已启动实施。") < text.rindex("已办结")
    assert world.department.name in text
    assert world.department.telephone in text
    assert page.url in text


def test_the_telephone_is_that_of_the_department_that_took_over(world: World) -> None:
    outcomes(world, 1)
    heir = Department.objects.create(name="新组建的局", telephone="0359-9990000")
    Department.objects.filter(pk=world.department.pk).update(successor=heir)
    text = html("/resolutions/2025-1/")
    assert "0359-9990000" in text
    assert "新组建的局" in text
    assert world.department.name in text, "the name stays as released"


@pytest.mark.parametrize("number", ["2025-99", "x", "2025-1'--", "%00"])
def test_an_unknown_number_is_no_page(world: World, number: str) -> None:
    assert Client().get(f"/resolutions/{number}/").status_code == 404


# --- news ------------------------------------------------------------------------------------------------------------
def test_news_of_a_meeting_waits_until_it_was_held(world: World) -> None:
    ahead = meeting(world, state=MeetingState.NOTIFIED, held_on=None)
    page = article(world, "提前写好的新闻", meeting=ahead)
    with refusal("news_of_a_meeting_not_held"):
        publish(page, world)
    type(ahead).objects.update(state=MeetingState.HELD, held_on=date(2025, 9, 5))
    assert publish(article(world, "写好的新闻", meeting=type(ahead).objects.get()), world).live


def test_news_stays_in_the_section_of_its_meeting(world: World) -> None:
    with refusal("news_of_another_conference"):
        publish(article(world, meeting=issued(county("邻县"))), world)


def test_news_by_year_and_tag(world: World) -> None:
    public_article(world, "去年的新闻", date=date(2024, 5, 1), tags=["工资"])
    public_article(world, "今年的新闻", date=date(2025, 5, 1), tags=["工资", "驿站"])
    assert "去年的新闻" not in html("/news/?year=2025")
    assert "去年的新闻" not in html("/news/?tag=驿站")
    assert "去年的新闻" in html("/news/?tag=工资")
    assert "没有符合条件的新闻" in html("/news/?year=2020")


def test_a_tag_that_no_news_has_is_not_repeated(world: World) -> None:
    public_article(world, "今年的新闻", tags=["工资"])
    article(world, "起草的新闻", tags=["内部"])
    for tag in ("zzz", "内部", "%00"):
        answer = Client().get(f"/news/?tag={tag}")
        assert tag not in [option.label for each in answer.context["filters"] for option in each.options]
        assert "今年的新闻" in answer.content.decode()


def test_news_are_counted_by_conference_within_year_and_tag(world: World) -> None:
    for number in range(3):
        public_article(world, f"第{number + 1}条新闻", date=date(2024 + number % 2, 5, 1), tags=["工资"])
    other = county("邻县")
    public_article(other, "邻县的新闻", date=date(2025, 5, 1))

    def counted(query: str) -> list[int | None]:
        offered = Client().get(f"/news/{query}").context["filters"][0].options
        return [option.count for option in offered[1:]]

    assert counted("") == [3, 1]
    assert counted("?year=2025") == [1, 1]
    assert counted("?tag=工资") == [3]


def test_an_article_shows_every_block(world: World) -> None:
    body = [
        ("text", "<p>正文一段。</p><h2>小标题</h2>"),
        ("picture", {"picture": picture(), "alt": "会场全景", "caption": "图注"}),
        ("quote", {"text": "说的话", "who": "某代表"}),
        ("table", {"columns": [{"type": "text", "heading": "事项"}], "rows": [{"values": ["驿站"]}], "caption": "表"}),
    ]
    page = public_article(world, "都有", body=body, cover=picture("封面"), cover_alt="主席台", tags=["职工"])
    text = html(page.url)
    for words in (
        "正文一段。",
        "小标题",
        'alt="会场全景"',
        "图注",
        "说的话",
        "某代表",
        "<th scope",
        "驿站",
        'alt="主席台"',
    ):
        assert words in text
    assert 'property="og:image" content="http://testserver/media/' in text
    assert 'name="ArticleTitle" content="都有"' in text
    assert 'name="PubDate" content="2025-09-06' in text


def test_a_plain_page(world: World) -> None:
    page, section = plain_page(world, slug="how"), f"/{world.conference.slug}/"
    assert Client().get(f"{section}how/").status_code == 404
    assert page.title not in html(section)
    publish(page, world)
    assert "向经办人员提出。" in html(f"{section}how/")
    assert f'href="{section}how/">{page.title}' in html(section), "visitors find it on the page of the conference"
    assert page.title not in html(f"/{county('市').conference.slug}/")


# --- feeds -----------------------------------------------------------------------------------------------------------
def test_feeds_and_sitemap_name_what_is_public(world: World) -> None:
    page = outcomes(world, 1)
    news = public_article(world, "联席会议召开")
    assert "联席会议召开" in html("/news/feed/")
    assert "职工医疗互助第1项（已议定）" in html("/outcomes/feed/")
    files = re.findall(r"<loc>http://testserver([^<]+)</loc>", html("/sitemap.xml"))
    assert files == ["/sitemap-places.xml", f"/sitemap-{world.conference.slug}-2025.xml"]
    places, year = (html(file) for file in files)
    for url in (page.url, news.url, "/resolutions/2025-1/"):
        assert f"http://testserver{url}</loc>" in year
    assert "http://testserver/outcomes/</loc>" in places
    assert "<url>" not in html(f"/sitemap-{world.conference.slug}-2031.xml")
    for unknown in ("/sitemap-nowhere-2025.xml", f"/sitemap-{world.conference.slug}-0.xml"):
        assert Client().get(unknown).status_code == 404


def test_addresses_and_feeds_tell_no_key_of_a_row(world: World) -> None:
    for _hidden in range(3):
        issued(world, date(2025, 3, 1))
    page = outcomes(world, 2)
    assert page.url.endswith("/outcomes/2025-09-05/")
    release_stage(resolutions(page.meeting)[0], stage=Stage.OVERDUE, explanation="已安排。", by=world.gov_clerk)
    ids = re.findall(r"<id>(\d{4}-\d+)/([^<]*)</id>", html("/outcomes/feed/"))
    times = {f"{row.resolution.public_number}": f"{row.at:%Y%m%dT%H%M%S%f}" for row in Release.objects.order_by("pk")}
    assert dict(ids) == times


def test_a_second_meeting_of_the_day_has_an_address_too(world: World) -> None:
    first, second = outcomes(world, 1), outcomes(world, 1)
    assert second.url.endswith("/outcomes/2025-09-05-2/")
    assert first.url != second.url


# --- queries ---------------------------------------------------------------------------------------------------------
def queries(url: str) -> int:
    """Count the queries of a page that is made anew, after its pictures have their renditions."""
    html(url)
    move()
    with CaptureQueriesContext(connection) as captured:
        html(url)
    return len(captured)


LISTS = (
    *("/", "/outcomes/", "/outcomes/?year=2025", "/news/", "/outcomes/feed/", "/news/feed/", "/sitemap.xml"),
    *("{s}", "{s}outcomes/", "{s}news/", "/sitemap-places.xml", "/sitemap-{slug}-2025.xml"),
)


@pytest.mark.postgresql
def test_lists_take_as_many_queries_for_three_as_for_one(world: World) -> None:
    urls = [url.format(s=f"/{world.conference.slug}/", slug=world.conference.slug) for url in LISTS]
    found = {}
    for number in (1, 2, 3):
        outcomes(world, 1, date(2025, number, 1))
        public_article(world, f"新闻{number}", cover=picture(f"图{number}"), cover_alt="会场", tags=["职工"])
        publish(plain_page(world, f"说明{number}"), world)
        if number in (1, 3):
            found[number] = {url: queries(url) for url in urls}
    assert found[3] == found[1]


@pytest.mark.postgresql
def test_an_outcome_page_takes_as_many_queries_for_three_as_for_one(world: World) -> None:
    one, three = outcomes(world, 1), outcomes(world, 3, date(2024, 9, 5))
    assert queries(one.url) == queries(three.url)


@pytest.mark.postgresql
def test_a_resolution_takes_as_many_queries_for_three_releases_as_for_one(world: World) -> None:
    page = outcomes(world, 1)
    first = queries("/resolutions/2025-1/")
    Resolution.objects.update(state=ResolutionState.UNDER_WAY)
    for words in ("第一季度。", "第二季度。"):
        release_stage(resolutions(page.meeting)[0], stage=Stage.UNDER_WAY, explanation=words, by=world.gov_clerk)
    assert queries("/resolutions/2025-1/") == first


@pytest.mark.postgresql
def test_an_article_takes_as_many_queries_for_three_pictures_as_for_one(world: World) -> None:
    def body(number: int) -> list[tuple[str, Any]]:
        return [("picture", {"picture": picture(str(n)), "alt": "会场", "caption": ""}) for n in range(number)]

    one, three = public_article(world, "一", body=body(1)), public_article(world, "三", body=body(3))
    # Each picture of a body needs its own rendition.
    assert queries(three.url) <= queries(one.url) + 2


@pytest.mark.parametrize(
    ("telephone", "links"),
    [
        ("0359-6022345", ["tel:03596022345"]),
        ("(0359) 602 2345转12、6022346", ["tel:03596022345", "tel:6022346"]),
        ("加微信abc", []),
        ("请看 http://example.com", []),
        ("转、", []),
    ],
)
def test_the_public_reads_telephone_numbers_alone(
    world: World, shown: Resolution, telephone: str, links: list[str]
) -> None:
    Department.objects.update(telephone=telephone)
    text = Client().get(PublicDecision.objects.released().get().get_absolute_url()).content.decode()
    assert re.findall(r'href="(tel:[^"]*)"', text) == links
    assert links or telephone not in text
    world.department.refresh_from_db()
    world.department.telephone = telephone
    if links:
        save_department(world.department, by=world.administrator)
    else:
        with refusal("telephone_not_a_number"):
            save_department(world.department, by=world.administrator)
