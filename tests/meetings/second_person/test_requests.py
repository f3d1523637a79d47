"""The life of a request: submitted, confirmed, declined, withdrawn, and what is read of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from meetings.enums import ChangeState, Role, Side
from meetings.models import (
    PendingChange,
    Post,
    RecordLogEntry,
)
from meetings.operations.change_content import content_digest
from meetings.operations.change_kinds import Act
from meetings.operations.changes_of_accounts import account_act
from meetings.operations.changes_of_posts import post_act
from meetings.operations.changes_of_tenures import succession_act, tenure_act
from meetings.operations.pending_change import confirm_change, decline_change, withdraw_change
from meetings.operations.people import deactivate_person
from meetings.operations.tenures import begin_tenure, end_tenure, save_post
from meetings.rules.second_people import seen_changes
from tests.meetings.confirming import confirm, confirmed, fresh, give_password, submit
from tests.meetings.factories import World, chengqiao, seat
from tests.meetings.second_person.requests import (
    TODAY,
    actions,
    new_tenure,
    second_administrator,
    vacant,
    waiting,
)
from tests.refusals import refusal, refused

pytestmark = pytest.mark.django_db


def test_the_person_concerned_declines(world: World) -> None:
    change = submit(account_act("login_code", give_password(world.head)), by=world.administrator, subject=world.head)
    assert change in seen_changes(fresh(world.head))
    with refusal("reason_missing"):
        decline_change(change, by=fresh(world.head), reason=" ")
    decline_change(change, by=fresh(world.head), reason="不是我要的")
    assert change.state == ChangeState.DECLINED
    with refusal("change_decided"):
        confirm(change, by=world.auditor)
    assert actions(change) == {"request", "decline"}


def test_only_the_requester_withdraws_and_strangers_do_nothing(world: World) -> None:
    change = waiting(world)
    with refusal("not_the_requester"):
        withdraw_change(change, by=fresh(world.auditor))
    for person in (world.gov_clerk, world.head, world.administrator):
        with refusal("may_not_decline"):
            decline_change(change, by=fresh(person), reason="不同意")
    withdraw_change(change, by=fresh(world.administrator))
    with refusal("change_decided"):
        confirm(change, by=world.auditor)
    assert not world.stranger.tenures.exists()


def test_a_request_is_put_in_force_once(world: World) -> None:
    change = waiting(world)
    other = PendingChange.objects.get(pk=change.pk)
    confirm(change, by=world.auditor)
    with refusal("change_decided"):
        confirm_change(other, by=fresh(world.auditor), version=other.version, seen=content_digest(other))
    assert world.stranger.tenures.count() == 1


def test_the_same_request_waits_once(world: World) -> None:
    post = vacant(world)
    act = tenure_act(world.stranger, new_tenure(post, world.stranger))
    submit(act, by=world.administrator)
    with refusal("change_waits_already"):
        submit(act, by=world.administrator)


def test_nobody_confirms_what_was_not_shown(world: World) -> None:
    post = vacant(world, Role.UNION_LEADER)
    change = submit(tenure_act(world.stranger, new_tenure(post, world.stranger)), by=world.administrator)
    seen = content_digest(change)
    post.role, post.conference = Role.ADMINISTRATOR, None
    save_post(post, by=world.administrator)  # nobody holds it yet
    with refusal("stale"):
        confirm_change(change, by=fresh(world.auditor), version=change.version, seen=seen)
    assert not post.tenures.exists()


def changed_post(world: World) -> tuple[Act, Callable[[], object]]:
    post = seat("科员", conference=world.conference).post
    post.role = Role.REVIEWER
    return post_act(post), lambda: Post.objects.filter(pk=post.pk).update(side=Side.UNION)


def taken_post(world: World) -> tuple[Act, Callable[[], object]]:
    post = vacant(world)
    act = tenure_act(world.stranger, new_tenure(post, world.stranger))
    return act, lambda: begin_tenure(post, world.liaison, by=None, from_date=TODAY)


def deactivated(world: World) -> tuple[Act, Callable[[], object]]:
    act = succession_act(vacant(world), world.stranger, from_date=TODAY)
    return act, lambda: deactivate_person(world.stranger, by=None)


@pytest.mark.parametrize(
    ("case", "code"),
    [(changed_post, "changed_meanwhile"), (taken_post, "post_held_by_another"), (deactivated, "is_inactive_meanwhile")],
)
def test_what_changed_meanwhile_refuses_and_the_request_stays(
    world: World, case: Callable[[World], tuple[Act, Callable[[], object]]], code: str
) -> None:
    act, meanwhile = case(world)
    change = submit(act, by=world.administrator)
    meanwhile()
    with refusal(code):
        confirm(change, by=world.auditor)
    change.refresh_from_db()
    assert change.state == ChangeState.WAITING


def test_a_requester_who_may_no_longer_do_it_gains_nothing(world: World) -> None:
    other = second_administrator(world)
    change = waiting(world, by=other)
    end_tenure(other.tenures.get(), by=None, on=TODAY - timedelta(days=1))
    with refusal("not_your_administration"):
        confirm(change, by=world.auditor)


def test_what_is_impossible_is_said_when_it_is_submitted(world: World) -> None:
    act = tenure_act(world.stranger, new_tenure(world.tenures["head"].post, world.stranger))
    reasons = refused(lambda: submit(act, by=world.administrator), "post_held_by_another")
    assert "韩正" in reasons[0]
    assert not PendingChange.objects.exists()


def test_a_request_is_never_deleted(world: World) -> None:
    with pytest.raises(TypeError):
        waiting(world).delete()


def test_the_log_names_who_confirmed(world: World) -> None:
    confirmed(
        tenure_act(world.stranger, new_tenure(vacant(world), world.stranger)),
        by=world.administrator,
        second=world.auditor,
    )
    entry = RecordLogEntry.objects.for_instance(world.stranger).latest("pk")
    assert entry.user == world.administrator
    assert world.auditor.name in entry.formatter.format_message(entry)


def test_who_reads_requests(world: World) -> None:
    town = chengqiao("邻镇")
    local = seat("县审计员", role=Role.AUDITOR, conference=world.conference).person
    elsewhere = seat("镇审计员", role=Role.AUDITOR, conference=town.conference).person
    change = waiting(world)
    everywhere = submit(
        tenure_act(world.writer, new_tenure(vacant(world, Role.AUDITOR, conference=None), world.writer)),
        by=world.administrator,
    )
    seen = {
        person.name: set(seen_changes(fresh(person)))
        for person in (world.administrator, world.auditor, local, elsewhere, world.stranger, world.gov_clerk)
    }
    assert list(seen.values()) == [
        {change, everywhere},
        {change, everywhere},
        {change},
        set(),
        {change},
        set(),
    ]
