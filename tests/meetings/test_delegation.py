"""Tests of delegated signatures: who may delegate to whom, for which days, and what the deputy may do."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings import clock
from meetings.enums import Medium, MinutesState, TopicState
from meetings.machines import machine_of
from meetings.models import Delegation, Person, RecordLogEntry
from meetings.operations.approval import register_paper
from meetings.operations.delegation import confirm_delegation, delegate, revoke
from meetings.operations.minutes import approve_minutes
from meetings.operations.people import deactivate_person
from meetings.operations.tenures import end_tenure
from meetings.operations.topic import approve_topic, confer_topic, return_topic, submit_topic
from meetings.queries.delegation import delegations_of, is_running
from meetings.queries.visibility import sees
from meetings.queries.work import with_records
from meetings.rules.addressees import work_of
from meetings.rules.approval import Signature
from tests.meetings.factories import World, chengqiao, seat, yuanqu
from tests.meetings.follow_up import upload
from tests.meetings.steps import DAY, in_approval
from tests.meetings.work import waiting
from tests.refusals import refused

pytestmark = pytest.mark.django_db
FROM, UNTIL = DAY, DAY + timedelta(days=14)
SEEN = FROM + timedelta(days=3)


def again(person: Person) -> Person:
    """Load the person anew, as the next request does."""
    return Person.objects.get(pk=person.pk)


def given(world: World, giver: str = "liaison_leader", deputy: str = "gov_leader", **changed: Any) -> Delegation:
    """Create a delegation for a fortnight, by default from the vice-head to the executive vice-head."""
    by, at = changed.pop("by", world.gov_clerk), changed.pop("at", FROM)
    known: dict[str, Any] = {"from_date": FROM, "to_date": UNTIL, "reason": "外出培训"}
    row = Delegation(tenure=world.tenures[giver], to=world.tenures[deputy], **{**known, **changed})
    with clock.at(at):
        delegate(row, by=again(by))
        return row if row.confirmed_by else confirm_delegation(row, by=again(row.tenure.person))


def conferred(world: World) -> Any:
    """Return a topic that waits for approval by the leader in charge of union work."""
    with clock.at(DAY):
        topic = submit_topic(world.topic(), by=world.liaison)
        for clerk in (world.gov_clerk, world.union_clerk):
            confer_topic(topic, by=clerk)
    return topic


def actions(person: Person) -> set[str]:
    """Return the actions that are pending for the person."""
    return {row.action for row in waiting(person)}


# --- in force --------------------------------------------------------------------------------------------------------
def test_the_deputy_signs_in_the_givers_seat_and_both_are_named() -> None:
    world = yuanqu()
    topic, delegation = conferred(world), given(world)
    with clock.at(SEEN):
        assert actions(world.gov_leader) == actions(world.liaison_leader) == {"approve"}
        approve_topic(topic, by=again(world.gov_leader), opinion="同意")
    approval = topic.approvals.get(step="approve_topic")
    assert topic.state == TopicState.APPROVED
    assert (approval.person, approval.tenure) == (world.gov_leader, world.tenures["liaison_leader"])
    assert (approval.delegation, approval.seat) == (delegation, "topic_approver")
    assert approval.signer == "常务副县长 段怀（受副县长温知委托，2025年11月14日至28日）"
    entry = RecordLogEntry.objects.get(action="meetings.topic.approve")
    assert entry.user == world.gov_leader
    assert approval.signer in entry.message


@pytest.mark.parametrize("days", [-1, 15])
def test_before_the_first_day_and_after_the_last_the_deputy_signs_nothing(days: int) -> None:
    world = yuanqu()
    with clock.at(FROM - timedelta(days=2)):
        topic = submit_topic(world.topic(), by=world.liaison)
        for clerk in (world.gov_clerk, world.union_clerk):
            confer_topic(topic, by=clerk)
    given(world, at=FROM - timedelta(days=2))
    with clock.at(FROM + timedelta(days=days)):
        assert actions(world.gov_leader) == set()
        refused(lambda: approve_topic(topic, by=again(world.gov_leader)), "not_your_post")
    assert not topic.approvals.filter(step="approve_topic").exists()


@pytest.mark.parametrize("who", ["liaison_leader", "gov_leader"])
def test_it_ends_with_either_tenure(who: str) -> None:
    world = yuanqu()
    topic = conferred(world)
    given(world)
    with clock.at(SEEN):
        end_tenure(world.tenures[who], by=world.administrator, on=SEEN - timedelta(days=1))
        assert actions(world.gov_leader) == set()
        refused(lambda: approve_topic(topic, by=again(world.gov_leader)), "not_your_post")


def test_a_giver_whose_login_was_closed_gives_nothing_any_more() -> None:
    world = yuanqu()
    topic = conferred(world)
    given(world)
    with clock.at(SEEN):
        deactivate_person(again(world.liaison_leader), by=world.administrator)
        refused(lambda: approve_topic(topic, by=again(world.gov_leader)), "not_your_post")


def test_it_is_not_passed_on() -> None:
    world = yuanqu()
    topic = conferred(world)
    given(world)
    given(world, "gov_leader", "head")
    with clock.at(SEEN):
        assert actions(world.head) == set()
        refused(lambda: approve_topic(topic, by=again(world.head)), "not_your_post")


def test_no_other_step_is_the_deputys() -> None:
    world = yuanqu()
    topic = conferred(world)
    given(world, "gov_clerk", "gov_leader", by=world.union_clerk)
    with clock.at(SEEN):
        refused(lambda: return_topic(topic, by=again(world.gov_leader), reason="再议"), "not_your_post")
    assert topic.state == TopicState.CONFERRED


def test_rights_to_see_are_not_widened() -> None:
    world, town = yuanqu(), chengqiao()
    with clock.at(FROM):
        stranger = seat("别处的领导", role="government_leader", side="government", conference=town.conference)
        row = Delegation(tenure=world.tenures["head"], to=stranger, from_date=FROM, to_date=UNTIL, reason="出差")
        refused(lambda: delegate(row, by=world.gov_clerk), "deputy_not_staff_here")
        assert not sees(stranger.person, world.topic())


# --- choice between two fillings -------------------------------------------------------------------------------------
def test_a_deputy_with_a_seat_of_the_own_signs_as_chosen() -> None:
    """Both are government leaders. The deputy signs in their own name by default, and for the giver if chosen."""
    world = yuanqu()
    first, second = in_approval(world), in_approval(world, DAY - timedelta(days=1))
    delegation = given(world, "head", "liaison_leader")
    with clock.at(SEEN):
        approve_minutes(first, by=again(world.liaison_leader))
        approve_minutes(second, by=again(world.liaison_leader), signature=Signature(delegation=delegation))
    assert first.approvals.get().delegation is None
    assert second.approvals.get().delegation == delegation


def test_a_forged_delegation_signs_nothing() -> None:
    world = yuanqu()
    topic, other = conferred(world), given(world, "head", "gov_leader")
    with clock.at(SEEN):
        refused(
            lambda: approve_topic(topic, by=again(world.gov_leader), signature=Signature(delegation=other)),
            "not_your_post",
        )


@pytest.mark.parametrize("first", ["giver", "deputy"])
def test_giver_and_deputy_never_fill_two_seats(first: str) -> None:
    """Two people must approve: neither the same deputy twice, nor giver and deputy for the same delegation."""
    world = yuanqu()
    minutes = in_approval(world)
    delegation = given(world, "head", "liaison_leader")
    for who in ("head", "liaison_leader"):
        seat("兼任的工会副主席", role="union_leader", conference=world.conference, person=getattr(world, who))
    one, other = ("head", "liaison_leader") if first == "giver" else ("liaison_leader", "head")
    with clock.at(SEEN):
        signature = Signature(delegation=delegation) if first == "deputy" else None
        approve_minutes(minutes, by=again(getattr(world, one)), signature=signature)
        if first == "deputy":
            refused(lambda: approve_minutes(minutes, by=again(getattr(world, other))), "no_seat_left")
            refused(lambda: approve_minutes(minutes, by=again(world.liaison_leader)), "already_agreed")
        else:
            step = machine_of(minutes).step(again(world.liaison_leader), minutes, machine_of(minutes).get("approve"))
            assert {way.delegation for way in step.fillings} == {None}, "in the own name alone"
    assert minutes.state == MinutesState.IN_APPROVAL


def test_a_clerk_who_signs_for_a_leader_registers_no_other_signature() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    given(world, "union_head", "union_clerk")
    known: dict[str, Any] = {
        "seat": "government_leader",
        "tenure": world.tenures["head"],
        "on": SEEN,
        "scan": upload("审签单.pdf"),
    }
    with clock.at(SEEN):
        approve_minutes(minutes, by=again(world.union_clerk))
        refused(lambda: register_paper(minutes, "approve", by=again(world.union_clerk), **known), "registers_own_step")


def test_a_deputy_may_sign_on_paper_within_the_days() -> None:
    world = yuanqu()
    topic, delegation = conferred(world), given(world)
    known: dict[str, Any] = {
        "seat": "topic_approver",
        "tenure": world.tenures["liaison_leader"],
        "delegation": delegation,
    }
    with clock.at(UNTIL + timedelta(days=3)):
        late: dict[str, Any] = {**known, "on": UNTIL + timedelta(days=1), "scan": upload("审签单.pdf")}
        reasons = refused(
            lambda: register_paper(topic, "approve", by=world.union_clerk, **late), "delegation_not_running"
        )
        assert "委托在2025年11月29日不生效" in reasons[0]
        other: dict[str, Any] = {**known, "tenure": world.tenures["head"], "on": UNTIL, "scan": upload("审签单.pdf")}
        refused(lambda: register_paper(topic, "approve", by=world.union_clerk, **other), "signer_not_for_seat")
        register_paper(topic, "approve", by=world.union_clerk, **known, on=UNTIL, scan=upload("审签单.pdf"))
    approval = topic.approvals.get(step="approve_topic")
    assert (approval.person, approval.delegation, approval.medium) == (world.gov_leader, delegation, Medium.PAPER)
    with clock.at(UNTIL + timedelta(days=4)):
        for who in (world.gov_leader, world.liaison_leader):
            assert [row.record for row in waiting(who) if row.action == "signed_for"] == [topic], (
                "deputy and giver both hear of it"
            )


# --- permission to enter it ------------------------------------------------------------------------------------------
Change = Callable[[World], dict[str, Any]]
WRONG: dict[str, tuple[Change, str]] = {
    "by another leader": (lambda w: {"by": w.head}, "not_your_delegation_to_enter"),
    "by the deputy": (lambda w: {"by": w.gov_leader}, "not_your_delegation_to_enter"),
    "by another conference": (lambda w: {"by": chengqiao("邻").gov_clerk}, "not_your_delegation_to_enter"),
    "by a clerk to himself": (lambda w: {"deputy": "gov_clerk"}, "deputy_enters_own_delegation"),
    "to a liaison": (lambda w: {"deputy": "liaison"}, "deputy_not_staff_here"),
    "from a liaison": (lambda w: {"giver": "liaison"}, "giver_has_no_seat"),
    "to the other side": (lambda w: {"deputy": "union_head"}, "deputy_of_other_side"),
    "turned days": (lambda w: {"to_date": FROM - timedelta(days=1)}, "days_reversed"),
    "before the tenure": (
        lambda w: {"from_date": w.tenures["head"].from_date - timedelta(days=1)},
        "delegation_outside_tenure",
    ),
    "without a reason": (lambda w: {"reason": " "}, "delegation_reason_missing"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_refused(case: str) -> None:
    world = yuanqu()
    change, code = WRONG[case]
    refused(lambda: given(world, **change(world)), code)
    assert not Delegation.objects.exists()


def test_a_person_in_two_posts_is_no_deputy_of_the_own() -> None:
    world = yuanqu()
    world.tenures["second"] = seat(
        "另一分管", role="government_leader", conference=world.conference, person=world.liaison_leader
    )
    refused(lambda: given(world, deputy="second"), "deputy_is_giver")


def test_the_giver_enters_it_too_and_for_nobody_else() -> None:
    world = yuanqu()
    row = given(world, by=world.liaison_leader)
    assert row.entered_by == world.liaison_leader
    refused(lambda: given(world, "head", by=world.liaison_leader), "not_your_delegation_to_enter")


def test_two_of_one_giver_never_overlap() -> None:
    world = yuanqu()
    given(world)
    again_: dict[str, Any] = {"deputy": "head", "from_date": UNTIL, "to_date": UNTIL + timedelta(days=3)}
    reasons = refused(lambda: given(world, **again_), "delegations_overlap")
    assert "温知已委托段怀（2025年11月14日至28日）" in reasons[0]
    given(world, **{**again_, "from_date": UNTIL + timedelta(days=1)})


# --- end -------------------------------------------------------------------------------------------------------------
def test_it_is_ended_early_and_what_was_signed_stays() -> None:
    world = yuanqu()
    topic, delegation = conferred(world), given(world)
    with clock.at(SEEN):
        approve_topic(topic, by=again(world.gov_leader))
        early = SEEN - timedelta(days=1)
        reasons = refused(lambda: revoke(delegation, by=world.gov_clerk, on=early), "delegation_used_later")
        assert "已于2025年11月17日依据该委托审签" in reasons[0]
        revoke(delegation, by=again(world.liaison_leader), on=SEEN)
        assert all(row.to_date == SEEN for row in delegations_of(again(world.gov_leader)))
    with clock.at(SEEN + timedelta(days=1)):
        assert actions(world.gov_leader) == set()
    assert topic.approvals.get(step="approve_topic").voided_at is None
    entry = RecordLogEntry.objects.get(action="meetings.delegation.revoke")
    assert (entry.user, entry.conference) == (world.liaison_leader, world.conference)


@pytest.mark.parametrize("days", [-1, 14, 20])
def test_the_new_last_day_lies_before_the_old_one(days: int) -> None:
    world = yuanqu()
    delegation = given(world)
    with clock.at(SEEN):
        day = FROM + timedelta(days=days)
        refused(lambda: revoke(delegation, by=world.gov_clerk, on=day), "delegation_end_out_of_range")


def test_one_that_has_not_begun_is_taken_back_and_the_log_keeps_it() -> None:
    world = yuanqu()
    delegation = given(world, at=FROM - timedelta(days=3))
    with clock.at(FROM - timedelta(days=2)):
        revoke(delegation, by=world.union_clerk, on=FROM)
    assert not Delegation.objects.exists()
    actions = list(RecordLogEntry.objects.filter(action__contains="delegation").values_list("action", flat=True))
    verbs = sorted(action.rpartition(".")[2] for action in actions)
    assert verbs == ["confirm_delegation", "create", "revoke"]


@pytest.mark.parametrize("who", ["head", "gov_leader", "liaison"])
def test_nobody_else_ends_it(who: str) -> None:
    world = yuanqu()
    delegation = given(world)
    with clock.at(SEEN):
        refused(lambda: revoke(delegation, by=getattr(world, who), on=SEEN), "not_your_delegation_to_end")


def test_what_waits_is_known_in_as_many_queries_for_a_deputy_of_many_records() -> None:
    world = yuanqu()
    conferred(world)
    given(world)

    def count() -> int:
        with clock.at(SEEN), CaptureQueriesContext(connection) as asked:
            assert with_records(work_of(again(world.gov_leader)))
        return len(asked)

    count()
    before = count()
    conferred(world)
    conferred(world)
    assert count() == before


# --- the second person -----------------------------------------------------------------------------------------------
def entered(world: World) -> Delegation:
    """A clerk of the government side lets the executive vice-head sign for the vice-head."""
    tenures = {"tenure": world.tenures["liaison_leader"], "to": world.tenures["gov_leader"]}
    with clock.at(FROM):
        return delegate(Delegation(**tenures, from_date=FROM, to_date=UNTIL, reason="外出"), by=again(world.gov_clerk))


def test_what_one_clerk_enters_counts_for_nobody() -> None:
    world = yuanqu()
    topic, row = conferred(world), entered(world)
    with clock.at(SEEN):
        refused(lambda: approve_topic(topic, by=again(world.gov_leader)), "not_your_post")
        assert not is_running(row)
        for person in (world.gov_clerk, world.gov_leader, world.head):
            refused(partial(confirm_delegation, row, by=again(person)), "not_your_delegation_to_confirm")


@pytest.mark.parametrize("who", ["liaison_leader", "union_clerk"])
def test_the_giver_or_another_clerk_confirms_it(who: str) -> None:
    world = yuanqu()
    topic, row = conferred(world), entered(world)
    with clock.at(SEEN):
        confirmer = again(getattr(world, who))
        assert work_of(confirmer).filter(action="delegation.confirm").exists()
        for person in (world.gov_clerk, world.gov_leader):
            assert not work_of(again(person)).filter(action="delegation.confirm").exists()
        confirm_delegation(row, by=confirmer)
        assert row.confirmed_by == confirmer
        assert not work_of(again(confirmer)).filter(action="delegation.confirm").exists()
        approve_topic(topic, by=again(world.gov_leader))
        refused(lambda: confirm_delegation(row, by=confirmer), "delegation_confirmed")


def test_the_giver_is_told_what_clerks_confirmed() -> None:
    world = yuanqu()
    row = entered(world)
    with clock.at(SEEN):
        confirm_delegation(row, by=again(world.union_clerk))
        assert work_of(again(world.liaison_leader)).filter(action="delegation.in_force").exists()
        assert not work_of(again(world.union_clerk)).filter(action="delegation.in_force").exists()


def test_what_the_giver_enters_needs_nobody_else() -> None:
    world = yuanqu()
    tenures = {"tenure": world.tenures["liaison_leader"], "to": world.tenures["gov_leader"]}
    with clock.at(FROM):
        row = Delegation(**tenures, from_date=FROM, to_date=UNTIL, reason="外出")
        delegate(row, by=again(world.liaison_leader))
        assert row.confirmed_by == world.liaison_leader
        assert not work_of(again(world.union_clerk)).filter(action="delegation.confirm").exists()
