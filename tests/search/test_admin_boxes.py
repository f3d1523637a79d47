"""Every search box of Wagtail's admin finds Chinese substrings and accepts hostile input."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from meetings.models import Person
from publicity.models import NewsIndex
from tests.meetings.factories import World
from tests.publicity.factories import article, county, document, issued, picture

pytestmark = pytest.mark.django_db

HOSTILE = [
    '"',
    '""',
    "*",
    "%",
    "_",
    "\0",
    "😀",
    '工资"',
    "工资*",
    "'; DROP TABLE wagtailcore_page; --",
    " ",
    "\u3000",
    "工" * 3000,
]


@pytest.fixture
def world() -> World:
    world = county()
    world.topic(title="关于开办职工子女暑期托管班的议题", side="union")
    issued(world, title="保障农民工工资支付专项检查")
    article(world, "保障农民工工资支付专项检查")
    folder = Collection.objects.exclude(depth=1).get()  # the collection of the section
    for file in (picture("保障农民工工资支付专项检查"), document("保障农民工工资支付专项检查")):
        file.collection = folder
        file.save()
    return world


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def search_boxes(world: World) -> Iterator[tuple[Client, str, str, str]]:
    """Yield each box: client, URL, part of a title, and the title that must be found."""
    writer, clerk = signed_in(world.writer), signed_in(world.gov_clerk)
    administrator = signed_in(world.administrator)
    title = "保障农民工工资支付专项检查"
    index = NewsIndex.objects.get()
    yield writer, reverse("wagtailadmin_explore", args=[index.pk]), "农民工工资", title
    yield writer, reverse("wagtailadmin_pages:search"), "农民工工资", title
    yield writer, reverse("wagtailadmin_pages:search_results"), "农民工工资", title
    yield writer, reverse("wagtailadmin_choose_page_search"), "农民工工资", title
    yield writer, reverse("wagtailimages:index"), "农民工工资", title
    yield writer, reverse("wagtailimages_chooser:choose_results"), "农民工工资", title
    yield writer, reverse("wagtaildocs:index"), "农民工工资", title
    yield writer, reverse("wagtaildocs_chooser:choose_results"), "农民工工资", title
    yield clerk, reverse("topic:index"), "暑期托管", "关于开办职工子女暑期托管班的议题"
    yield clerk, reverse("resolution:index"), "农民工工资", title
    yield administrator, reverse("department:index"), "财政", "县财政局"


def response_text(client: Client, address: str, text: str) -> str:
    response: Any = client.get(address, {"q": text})
    assert response.status_code == 200, (address, text, response.status_code)
    return str(response.content.decode())


def test_each_box_finds_a_part_of_a_title_and_nothing_else(world: World) -> None:
    for client, address, part, title in search_boxes(world):
        assert title in response_text(client, address, part), address
        assert title not in response_text(client, address, "煤矿安全"), address


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:8]))
def test_each_box_stands_what_is_typed_into_it(world: World, text: str) -> None:
    for client, address, _part, _title in search_boxes(world):
        response_text(client, address, text)
    assert "wagtailcore_page" in connection.introspection.table_names()
