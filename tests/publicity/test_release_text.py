"""The content of a page (`publicity.models.snapshot.content_snapshot`), of which the approved hash is made."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from wagtail.models import Page

from publicity.models import Article, GatedPage, OutcomePage
from publicity.models.snapshot import content_snapshot
from tests.publicity.factories import county, issued, public_article, public_outcome

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[Article, OutcomePage])
def page(request: pytest.FixtureRequest) -> GatedPage:
    """A page with children: tags, or two items."""
    world = county()
    made = public_article(world, tags=["惠民", "便民"])
    other = public_outcome(world, issued(world, items=2, minutes_disclosure="public"))
    model: type[GatedPage] = request.param
    found: GatedPage = model._default_manager.get(pk=made.pk if model is Article else other.pk)
    return found


def without_keys(value: Any) -> Any:
    """Return a value, or the children of a page without their keys."""
    if not isinstance(value, list):
        return value
    return [{n: v for n, v in child.items() if n not in {"pk", "page", "content_object"}} for child in value]


def test_it_is_all_that_a_page_serializes_but_what_every_page_has(page: GatedPage) -> None:
    said = content_snapshot(page)
    whole = page.serializable_data()
    every = {field.name for field in Page._meta.get_fields()} | {"pk", "page_ptr", "approved_hash"}
    assert said.keys() - {"type"} >= whole.keys() - every
    assert said.keys() - {"type"} <= whole.keys()
    for name in said.keys() - {"type", "body"}:
        assert said[name] == without_keys(whole[name]), name


def test_it_asks_for_the_own_children_alone(
    page: GatedPage, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    with django_assert_num_queries(1):
        assert page.is_approved
