"""What holds for every page type with text: its place in the tree, what the public reads, the hash of new fields."""

from datetime import date
from typing import Any

import pytest

from meetings.enums import MeetingState
from meetings.models import Meeting
from publicity.checks import pages_stand_in_sections
from publicity.models import Article, GatedPage, HomePage, PlainPage, gated_page_types, snapshot
from publicity.models.snapshot import HASHED_UNSET, content_snapshot
from tests.meetings.factories import World
from tests.publicity.factories import (
    article,
    county,
    issued,
    meeting,
    plain_page,
    public_article,
    public_outcome,
    publish,
)
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return county()


def test_pages_with_text_stand_in_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pages_stand_in_sections(None) == []
    parents = [*PlainPage.allowed_parent_page_models(), Article, HomePage]
    monkeypatch.setattr(PlainPage, "allowed_parent_page_models", lambda: parents)
    found = [error.msg for error in pages_stand_in_sections(None)]
    assert found == [
        "publicity.PlainPage may be created below publicity.Article.",
        "publicity.PlainPage may be created below publicity.HomePage.",
    ]


@pytest.mark.parametrize("model", gated_page_types())
def test_the_list_and_the_page_agree_on_what_is_public(world: World, model: type[GatedPage]) -> None:
    article(world, "草稿")
    public_article(world, "有会议", meeting=issued(world))
    public_article(world, "无会议")
    reopened = meeting(world, date(2025, 9, 8))
    public_article(world, "会议退回", meeting=reopened)
    Meeting.objects.filter(pk=reopened.pk).update(state=MeetingState.NOTIFIED)
    public_outcome(world, issued(world, date(2025, 8, 1)))
    plain_page(world, "草稿页")
    publish(plain_page(world), world)
    pages = model.objects.all()
    assert {page.pk for page in pages if page.is_public()} == {page.pk for page in model.objects.public()}
    assert any(page.is_public() for page in pages)


@pytest.fixture
def _new_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two fields be as if they were added after the first approvals."""
    new = {"cover_alt", "lifts"}
    monkeypatch.setattr(snapshot, "HASHED_UNSET", {name: {*old} - new for name, old in HASHED_UNSET.items()})


@pytest.mark.usefixtures("_new_fields")
def test_a_field_that_is_new_and_unset_changes_no_approval(world: World) -> None:
    page = public_article(world, cover_alt="")
    assert "cover_alt" not in content_snapshot(page)
    page.cover_alt = "会场"
    assert content_snapshot(page)["cover_alt"] == "会场"
    outcome = public_outcome(world, issued(world))
    items: Any = content_snapshot(outcome)["items"]
    assert items[0].keys() == {"sort_order", "resolution", "title", "wording", "discussion"}


@pytest.mark.usefixtures("_new_fields")
def test_the_default_of_a_new_field_and_an_empty_value_differ(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Article._meta.get_field("cover_alt"), "default", "会场")
    page = public_article(world, cover_alt="会场")
    approved = page.content_hash()
    page.cover_alt = ""
    assert page.content_hash() != approved


@pytest.mark.usefixtures("_new_fields")
def test_the_gate_sees_that_a_new_field_is_emptied(world: World) -> None:
    page = public_article(world, cover_alt="会场")
    page.cover_alt = ""
    refused(lambda: page.save(update_fields=["cover_alt"]), "not_reviewed")
