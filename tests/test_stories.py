"""A copy of a story has the same rows and records as the story, and nothing from another test."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from meetings.models import Person
from tests import stories
from tests.meetings.factories import World, yuanqu
from tests.meetings.follow_up import verified
from tests.stories import story

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
calls: list[str] = []


@story
def renamed_clerk(world: World, name: str = "新名") -> Person:
    """Change a row and delete one."""
    calls.append(name)
    Person.objects.filter(pk=world.gov_clerk.pk).update(name=name)
    world.tenures["auditor"].delete()
    return Person.objects.get(pk=world.gov_clerk.pk)


@pytest.fixture(autouse=True)
def _no_calls() -> None:
    calls.clear()


def rows() -> dict[str, Any]:
    """Return all rows of the database."""
    return {table: stories._rows(table) for table in stories._original}


@contextmanager
def another_test() -> Iterator[None]:
    """Simulate another test of this process, with a rollback at its end."""
    stories.begin(known=True)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_a_copy_leaves_the_rows_that_telling_leaves() -> None:
    found = []
    for _turn in range(2):
        with another_test():
            row = verified(yuanqu())
            found.append((row, rows()))
    (first, after_telling), (second, after_copying) = found
    for table in (after_telling, after_copying):
        del table["publicity_publicstate"]  # triggers write another token each time
    assert after_copying == after_telling
    assert (second.pk, second.state, second.title) == (first.pk, "verified", first.title)
    assert second is not first


def test_a_story_is_told_once_for_the_same_call() -> None:
    for name in ("甲", "乙", "甲"):
        with another_test():
            person = renamed_clerk(yuanqu(), name)
            assert Person.objects.get(pk=person.pk).name == person.name == name
    assert calls == ["甲", "乙"]


def test_what_a_story_removes_is_gone_from_a_copy() -> None:
    for _turn in range(2):
        with another_test():
            world = yuanqu()
            renamed_clerk(world, "丙")
            assert not world.auditor.tenures.exists()
    assert calls == ["丙"]


def test_a_story_is_told_afresh_after_other_writes() -> None:
    for name in ("另一人", "又一人"):
        with another_test():
            world = yuanqu()
            Person.objects.filter(pk=world.head.pk).update(name=name)
            renamed_clerk(world, "丁")
            assert Person.objects.get(pk=world.head.pk).name == name
    assert calls == ["丁", "丁"]


def test_a_story_that_was_rolled_back_is_not_taken_for_told() -> None:
    with another_test():
        with transaction.atomic():
            yuanqu()
            transaction.set_rollback(True)
        assert Person.objects.filter(pk=yuanqu().head.pk).exists()


def test_changes_to_what_a_story_returned_stay_in_the_test() -> None:
    with another_test():
        world = yuanqu()
        world.head.name = "改过"
        world.tenures.clear()
    with another_test():
        world = yuanqu()
        assert world.tenures
        assert world.head.name != "改过"


def test_patched_code_is_what_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with another_test():
        renamed_clerk(yuanqu(), "戊")
    stories.begin(known=True, patched=lambda: bool(monkeypatch._setattr))
    monkeypatch.setattr("tests.meetings.factories.NOTICE_FROM", date(2024, 9, 9))
    world = yuanqu()
    assert world.adoption.from_date == date(2024, 9, 9)
    renamed_clerk(world, "戊")
    assert calls == ["戊", "戊"]
