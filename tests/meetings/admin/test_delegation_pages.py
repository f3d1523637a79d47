"""Delegations through the pages: the list, the form, and ending one early."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from meetings import clock
from meetings.models import Delegation
from meetings.operations.delegation import confirm_delegation, delegate
from meetings.operations.topic import approve_topic, confer_topic, submit_topic
from tests.meetings.admin.pages import at_desk, landed, page, page_text, query_count, send
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.steps import AFTER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(AFTER):
        yield


def form(world: World, **changed: Any) -> dict[str, Any]:
    """Return the form by which the vice-head delegates to the executive vice-head for a fortnight."""
    return {
        "tenure": world.tenures["liaison_leader"].pk,
        "to": world.tenures["gov_leader"].pk,
        "from_date": AFTER.isoformat(),
        "to_date": (AFTER + timedelta(days=13)).isoformat(),
        "reason": "外出培训",
        **changed,
    }


def given(world: World, days: int = 0) -> Delegation:
    """Create a delegation for one day."""
    day = clock.today() + timedelta(days=days)
    tenures = {"tenure": world.tenures["liaison_leader"], "to": world.tenures["gov_leader"]}
    row = delegate(Delegation(**tenures, from_date=day, to_date=day, reason="出差"), by=world.gov_clerk)
    return confirm_delegation(row, by=row.tenure.person)


def test_a_clerk_enters_a_delegation_and_giver_and_deputy_see_it_on_their_desks() -> None:
    world = yuanqu()
    client = at_desk(world.union_clerk)
    assert reverse("delegation:index") in page(client, "wagtailadmin_home"), "in the menu"
    text = landed(send(client, "delegation:add", **form(world)), client)
    row = Delegation.objects.get()
    assert row.entered_by == world.union_clerk
    assert str(row) == "温知委托段怀审签（2025年11月20日至12月3日）"
    assert "段怀受温知委托审签" in text
    assert "2025年11月20日至12月3日" in text
    assert "您已委托段怀审签：2025年11月20日至12月3日" in page(at_desk(world.liaison_leader), "wagtailadmin_home")
    assert "您受温知委托审签" in page(at_desk(world.gov_leader), "wagtailadmin_home")
    assert "温知" in page(client, "delegation:index")


def test_a_leader_gives_the_own_signature_alone() -> None:
    world = yuanqu()
    client = at_desk(world.liaison_leader)
    text = page(client, "delegation:add")
    assert f'value="{world.tenures["liaison_leader"].pk}" selected' in text
    other = send(client, "delegation:add", **form(world, tenure=world.tenures["head"].pk))
    assert "没有保存" in page_text(other)
    assert send(client, "delegation:add", **form(world)).status_code == 302


def test_what_is_wrong_is_said_and_nothing_typed_is_lost() -> None:
    world, town = yuanqu(), chengqiao()
    client = at_desk(world.union_clerk)
    for changed, said in (
        ({"to": world.tenures["liaison_leader"].pk}, "委托人和受托人是同一个人"),
        ({"to": world.tenures["union_head"].pk}, "应属同一方"),
        ({"to": world.tenures["union_clerk"].pk, "tenure": world.tenures["union_head"].pk}, "以自己为受托人"),
        ({"to": town.tenures["gov_leader"].pk}, "选择一个有效的选项"),
        ({"to_date": "2025-11-01"}, "最后一日早于起始日"),
        ({"reason": ""}, "请填写"),
    ):
        text = page_text(send(client, "delegation:add", **form(world, **changed)))
        assert said in text, changed
        assert "外出培训" in text or "reason" in changed
        assert "constraint" not in text
        assert "约束" not in text
    assert not Delegation.objects.exists()


@pytest.mark.parametrize("who", ["liaison", "writer", "administrator", "stranger"])
def test_others_neither_see_nor_enter_any(who: str) -> None:
    world = yuanqu()
    row, client = given(world), at_desk(getattr(world, who))
    for url in (reverse("delegation:add"), reverse("delegation:inspect", args=[row.pk])):
        assert client.get(url).status_code in {302, 404}
    listed = client.get(reverse("delegation:index"))
    assert listed.status_code == 302 or "温知" not in listed.content.decode()
    assert client.post(reverse("delegation:add"), form(world)).status_code == 302
    assert Delegation.objects.get() == row


def test_an_auditor_reads_and_ends_nothing() -> None:
    world = yuanqu()
    row, client = given(world), at_desk(world.auditor)
    text = page(client, "delegation:inspect", row.pk)
    assert "出差" in text
    assert reverse("delegation:revoke", args=[row.pk]) not in text
    assert client.post(reverse("delegation:revoke", args=[row.pk]), {"on": AFTER.isoformat()}).status_code == 302
    row.refresh_from_db()
    assert (row.version, row.to_date) == (2, clock.today()), "confirmed, and not ended"


def test_it_is_ended_early_through_its_page_which_tells_what_was_signed() -> None:
    world = yuanqu()
    client = at_desk(world.liaison_leader)
    send(client, "delegation:add", **form(world))
    row = Delegation.objects.get()
    topic = submit_topic(world.topic(), by=world.liaison)
    for clerk in (world.gov_clerk, world.union_clerk):
        confer_topic(topic, by=clerk)
    approve_topic(topic, by=world.gov_leader)
    assert topic.title in page(client, "delegation:inspect", row.pk)
    early = (AFTER - timedelta(days=1)).isoformat()
    text = page_text(send(client, "delegation:revoke", row.pk, on=early, version=row.version))
    assert "新的最后一天须在" in text
    done = landed(send(client, "delegation:revoke", row.pk, on=AFTER.isoformat(), version=row.version), client)
    assert "委托期限改为2025年11月20日" in done
    stale = send(client, "delegation:revoke", row.pk, on=AFTER.isoformat(), version=row.version)
    assert world.liaison_leader.name in page_text(stale)


def test_one_that_has_not_begun_is_taken_back_and_the_list_says_so() -> None:
    world = yuanqu()
    row, client = given(world, days=5), at_desk(world.union_clerk)
    assert "尚未开始" in page(client, "delegation:revoke", row.pk)
    assert "委托已撤销" in landed(send(client, "delegation:revoke", row.pk, version=row.version), client)
    assert not Delegation.objects.exists()


@pytest.mark.postgresql
def test_it_is_not_edited_and_the_list_asks_as_much_for_three_as_for_one() -> None:
    world = yuanqu()
    row, client = given(world), at_desk(world.union_clerk)
    assert client.get(f"/admin/records/delegation/edit/{row.pk}/").status_code == 404
    names = ("delegation:index", "wagtailadmin_home")
    before = [query_count(client, name) for name in names]
    given(world, days=3)
    given(world, days=5)
    assert [query_count(client, name) for name in names] == before
    only = page(client, "delegation:index", query="?state=running")
    assert only.count(reverse("delegation:inspect", args=[row.pk])) >= 1
    assert "尚未开始" not in only
