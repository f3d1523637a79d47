"""Requests that no page of the portal sends: impossible keys, words in place of addresses, too many rows."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.request_values import MAX_ROWS
from publicity.models import Article, NewsIndex
from tests.meetings.factories import World
from tests.publicity.factories import article, county, document, picture

pytestmark = pytest.mark.django_db
HUGE = 2**63


@pytest.fixture
def world() -> World:
    return county()


def as_(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize(
    "address",
    [
        f"/admin/choose-page/{HUGE}/",
        f"/admin/pages/{HUGE}/edit/",
        f"/admin/pages/{HUGE}/",
        f"/admin/images/{HUGE}/",
        f"/admin/documents/edit/{HUGE}/",
        f"/admin/records/topic/inspect/{HUGE}/",
        f"/admin/records/topic/?conference={HUGE}",
        f"/admin/publicity/pages/{HUGE}/review/",
        "/admin/bulk/wagtailcore/page/delete/?id=abc",
        f"/admin/bulk/wagtailcore/page/delete/?id={HUGE}",
        "/admin/choose-page/chosen-multiple/?id=abc",
        "/admin/images/chooser/chosen-multiple/?id=abc",
        "/admin/bulk/publicity/picture/delete/?id=1&id=x",
        "/admin/choose-external-link/?parent_page_id=abc",
        "/admin/account/?next=abc",
    ],
)
def test_a_key_that_no_row_can_have_leads_nowhere(world: World, address: str) -> None:
    for person in (world.writer, world.gov_clerk):
        assert as_(person).get(address).status_code == 404


@pytest.mark.parametrize("key", ["abc", "²", str(HUGE), "\0"])
def test_a_page_is_copied_and_moved_to_a_key_only(world: World, key: str) -> None:
    page = article(world)
    for action in ("copy", "move"):
        response = as_(world.writer).post(f"/admin/pages/{page.pk}/{action}/", {"new_parent_page": key})
        assert response.status_code == 404
    chosen = as_(world.gov_clerk).post("/admin/pages/create/publicity/article", {"parent_page": key})
    assert chosen.status_code == 404


@pytest.mark.parametrize("folder", ["images", "documents"])
def test_a_negative_number_of_uses_finds_all(world: World, folder: str) -> None:
    assert as_(world.gov_clerk).get(f"/admin/{folder}/?usage_count_min=-1&usage_count_max=-5").status_code == 200


def test_a_search_for_a_long_number_is_answered(world: World) -> None:
    assert as_(world.gov_clerk).get(f"/admin/records/topic/?q={HUGE}").status_code == 200


@pytest.mark.parametrize("after", ["x", "abc-def", "//evil.example/", "/admin/account/"])
def test_after_the_login_a_word_leads_home(world: World, after: str) -> None:
    response = as_(world.writer).get("/admin/login/", {"next": after})
    assert response.status_code == 302
    assert response["Location"] == ("/admin/account/" if after == "/admin/account/" else "/admin/")


@pytest.mark.parametrize(
    "text",
    [
        '{"blocks":',
        "[]",
        "1",
        '{"blocks": 1}',
        json.dumps(
            {
                "blocks": [
                    {
                        "key": "a",
                        "text": "字",
                        "type": "unstyled",
                        "depth": 0,
                        "inlineStyleRanges": [],
                        "entityRanges": [{"key": 7, "offset": 0, "length": 1}],
                    }
                ],
                "entityMap": {},
            }
        ),
    ],
)
def test_a_rich_text_that_no_editor_writes_is_refused(world: World, text: str) -> None:
    index = NewsIndex.objects.get()
    address = reverse("wagtailadmin_pages:add", args=["publicity", "article", index.pk])
    form = {
        "title": "新闻",
        "slug": "news",
        "body-count": "1",
        "body-0-type": "text",
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-0-id": "",
        "body-0-value": text,
    }
    response = as_(world.writer).post(address, form)
    assert response.status_code == 400
    assert "没有保存" in response.content.decode()
    assert not Article.objects.exists()


@pytest.mark.parametrize("rows", [MAX_ROWS + 1, 99999, 10**30])
def test_a_form_with_too_many_rows_says_what_to_do(world: World, rows: int) -> None:
    form = {"name": "周平", "username": "zhou", "tenures-TOTAL_FORMS": str(rows), "tenures-INITIAL_FORMS": "0"}
    response = as_(world.administrator).post(reverse("person:add"), form)
    assert response.status_code == 400
    assert "行数超过" in response.content.decode()


@pytest.mark.parametrize("tail", ["", "results/"])
def test_no_report_names_drafts_of_other_conferences(world: World, tail: str) -> None:
    for person in (world.writer, world.gov_clerk):
        assert as_(person).get(f"/admin/reports/page-types-usage/{tail}").status_code == 404
        assert "page-types-usage" not in as_(person).get("/admin/").content.decode()


def test_what_exists_elsewhere_is_answered_like_what_does_not_exist(world: World) -> None:
    other = county("镇")
    own, index = NewsIndex.objects.order_by("pk")
    photo, file = picture("内部照片", world=other), document("内部文件", world=other)
    page = index.add_child(instance=Article(title="外人不知的标题", slug="secret-name", live=False))
    places = [
        ("/admin/pages/{}/edit/", page.pk),
        ("/admin/pages/{}/view_draft/", page.pk),
        ("/admin/pages/{}/history/", page.pk),
        (f"/admin/pages/{{}}/move/{own.pk}/confirm/", page.pk),
        ("/admin/bulk/wagtailcore/page/delete/?id={}", page.pk),
        ("/admin/images/{}/", photo.pk),
        ("/admin/images/usage/{}/", photo.pk),
        ("/admin/bulk/publicity/picture/delete/?id={}", photo.pk),
        ("/admin/documents/edit/{}/", file.pk),
        ("/admin/documents/usage/{}/", file.pk),
    ]
    for person in (world.writer, world.liaison, other.liaison):
        client = as_(person)
        for place, pk in places:
            there, missing = (client.get(place.format(key)) for key in (pk, 999_999))
            assert (there.status_code, there.get("Location")) == (missing.status_code, missing.get("Location")), place
            assert there.status_code in {302, 404}
            shown = client.get("/admin/account/").content.decode()
            assert "secret-name" not in shown
            assert "外人不知" not in shown
