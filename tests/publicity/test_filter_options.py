"""Wagtail's lists and reports: their filters offer nothing of other conferences, and nobody of them."""

from typing import Any

import pytest
from django.test import Client

from meetings.models import Person
from publicity.operations.reviews import send_for_review
from tests.meetings.factories import World
from tests.publicity.factories import article, county, document, picture

pytestmark = pytest.mark.django_db
LISTS = (
    "/admin/reports/workflow/",
    "/admin/reports/workflow/?export=csv",
    "/admin/reports/workflow_tasks/",
    "/admin/reports/workflow_tasks/?export=csv",
    "/admin/reports/aging-pages/",
    "/admin/reports/locked/",
    "/admin/pages/",
    "/admin/pages/search/",
    "/admin/pages/usage/publicity/article/",
    "/admin/images/",
    "/admin/documents/",
)


@pytest.fixture
def worlds() -> tuple[World, World]:
    """Two conferences, each with a page that its writer has sent for review and files with a tag."""
    own, other = county(), county("镇")
    other.conference.reviews_required = 1
    for world, word in ((own, "本县"), (other, "外镇")):
        world.writer.name = f"{word}信息员"
        world.writer.save()
        page = article(world, f"{word}新闻", owner=world.writer)
        page.save_revision(user=world.writer, log_action=True)
        send_for_review(page, by=world.writer)
        picture(f"{word}照片", world=world).tags.add(f"{word}标签")
        document(f"{word}文件", world=world).tags.add(f"{word}标签")
    return own, other


def read(person: Person, address: str) -> str:
    client = Client()
    client.force_login(person)
    response: Any = client.get(address)
    assert response.status_code in {200, 302}, address
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode()


@pytest.mark.parametrize("address", LISTS)
def test_a_list_names_nobody_of_another_conference(worlds: tuple[World, World], address: str) -> None:
    own, other = worlds
    people = (own.writer, own.gov_clerk, own.liaison, own.reviewers[0], own.head)
    hidden = ("外镇", other.writer.username)
    for person in people:
        shown = read(person, address)
        assert not [word for word in hidden if word in shown], person


def test_the_filters_offer_the_own_people_and_tags(worlds: tuple[World, World]) -> None:
    own, _other = worlds
    assert "本县信息员" in read(own.writer, "/admin/pages/usage/publicity/article/")
    assert "本县标签" in read(own.gov_clerk, "/admin/images/")
    assert f'<option value="{own.writer.pk}">' in read(own.writer, "/admin/reports/workflow/")
