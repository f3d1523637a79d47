"""Posts, tenures and requests that the tests of the second person begin with."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from meetings.enums import Role, Side
from meetings.models import (
    PendingChange,
    Person,
    Post,
    RecordLogEntry,
    Tenure,
)
from meetings.operations.changes_of_accounts import account_act
from meetings.operations.changes_of_tenures import tenure_act
from meetings.operations.pending_change import request_or_apply
from meetings.operations.people import save_person
from tests.meetings.confirming import fresh, give_password, submit
from tests.meetings.factories import PostFactory, World, seat

TODAY = date(2025, 11, 20)
NOON = datetime(2025, 11, 20, 12, tzinfo=timezone.get_default_timezone())
LATER = date(2026, 1, 1)


def vacant(world: World, role: str = Role.UNION_LEADER, **values: Any) -> Post:
    post: Post = PostFactory.create(**{"conference": world.conference, "role": role, "side": Side.UNION, **values})
    return post


def new_tenure(post: Post, person: Person, start: date = TODAY, end: date | None = None) -> Tenure:
    return Tenure(post=post, person=person, full_title=post.title, from_date=start, to_date=end)


def second_administrator(world: World, name: str = "副管理员") -> Person:
    return give_password(seat(name, name, role=Role.ADMINISTRATOR).person)


def coded(world: World, name: str = "新人") -> Person:
    """Return a new account without rights, for which the administrator has seen a code."""
    person = save_person(Person(username=name, name=name), by=world.administrator)
    request_or_apply([account_act("login_code", person)], by=world.administrator)
    return fresh(person)


def waiting(world: World, by: Person | None = None) -> PendingChange:
    post = vacant(world)
    return submit(tenure_act(world.stranger, new_tenure(post, world.stranger)), by=by or world.administrator)


def actions(change: PendingChange) -> set[str]:
    return {entry.action.rpartition(".")[2] for entry in RecordLogEntry.objects.for_instance(change)}
