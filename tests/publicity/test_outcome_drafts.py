"""The draft of an outcome page: what it takes from the record, and what later operations add."""

from datetime import date

import pytest

from meetings.enums import Disclosure
from meetings.models import Minutes
from publicity.models import OutcomeItem, OutcomePage, PublicDecision, Release
from publicity.operations.outcomes import draft_outcome, lift_withdrawal, renew_wording
from publicity.operations.pages import take_down
from publicity.operations.releases import withdraw
from publicity.operations.reviews import send_for_review
from tests.meetings.factories import World
from tests.publicity.factories import county, issued, public_outcome, publish, record, resolutions
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


def items(page: OutcomePage) -> list[OutcomeItem]:
    """Return the items of the latest draft, in order."""
    draft: OutcomePage = OutcomePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return sorted(draft.items.all(), key=lambda item: item.sort_order or 0)


def test_the_draft_says_what_when_and_who(world: World) -> None:
    of = issued(world, date(2025, 9, 5), items=2)
    page = draft_outcome(of, by=world.gov_clerk)
    first, second = resolutions(of)
    assert (page.meeting, page.date, page.live, page.owner) == (of, date(2025, 9, 5), False, world.gov_clerk)
    assert page.title == f"{world.conference.short_name}2025年度联席会议议定事项"
    assert page.intro == (
        f"2025年9月5日，{world.conference.government_side}与{world.conference.union_side}"
        "召开2025年度联席会议，会议议定事项公布如下。"
    )
    assert page.get_parent().slug == "outcomes"
    assert [(item.resolution, item.title, item.wording) for item in items(page)] == [
        (row, row.title, row.text) for row in (first, second)
    ]


def test_an_item_tells_what_was_discussed_where_an_agenda_item_is_named(world: World) -> None:
    of = issued(world, items=2)
    without = resolutions(of)[1]
    without.agenda_item = None
    without.save()
    page = draft_outcome(of, by=world.gov_clerk)
    assert [item.discussion for item in items(page)] == ["会议研究了关于职工医疗互助第1项的议题。", ""]


def test_the_items_stand_in_the_order_of_the_minutes_and_only_what_is_disclosed(world: World) -> None:
    of = issued(world, items=3)
    first, second, third = resolutions(of)
    second.disclosure, second.disclosure_reason = Disclosure.CLOSED, "涉及稳定"
    second.save()
    first.order, third.order = third.order, first.order
    first.save()
    third.save()
    page = draft_outcome(of, by=world.gov_clerk)
    assert [item.resolution for item in items(page)] == [third, first]


def test_who_is_no_clerk_drafts_nothing_and_nothing_is_drafted_too_early(world: World) -> None:
    of = issued(world)
    for person in (world.writer, world.reviewers[0], county("邻县").gov_clerk):
        with refusal("not_an_office_clerk"):
            draft_outcome(of, by=person)
    Minutes.objects.update(state="approved")
    with refusal("outcome_of_minutes_not_issued"):
        draft_outcome(of, by=world.gov_clerk)
    Minutes.objects.update(state="issued")
    of.minutes.get().resolutions.update(disclosure=Disclosure.ON_REQUEST)
    with refusal("nothing_to_disclose"):
        draft_outcome(of, by=world.gov_clerk)
    assert not OutcomePage.objects.exists()


def test_drafting_again_appends_what_is_new_and_writes_nothing_without(world: World) -> None:
    of = issued(world)
    page = draft_outcome(of, by=world.gov_clerk)
    before = OutcomePage.objects.get().latest_revision_id
    assert draft_outcome(of, by=world.gov_clerk) == page
    assert OutcomePage.objects.get().latest_revision_id == before
    later = record(world, of, order=5, title="后来主动公开的事项")
    draft_outcome(of, by=world.gov_clerk)
    assert [(item.resolution, item.sort_order) for item in items(page)] == [(resolutions(of)[0], 0), (later, 1)]
    assert OutcomePage.objects.get().latest_revision_id != before


def test_lifting_a_withdrawal_marks_the_item_and_the_reviews_decide(world: World) -> None:
    of = issued(world, items=2)
    page = public_outcome(world, of)
    first, second = resolutions(of)
    withdraw(first, reason="措辞有误", by=world.gov_clerk)
    last = Release.objects.latest_of(first)
    lift_withdrawal(first, by=world.gov_clerk)
    assert [(item.resolution, item.lifts) for item in items(page)] == [(first, last), (second, None)]
    assert {release.resolution for release in PublicDecision.objects.released()} == {second}
    publish(OutcomePage.objects.get(), world, sender=world.gov_clerk)
    assert {release.resolution for release in PublicDecision.objects.released()} == {first, second}


def test_what_was_taken_out_of_the_page_is_put_in_again_by_lifting_and_by_renewing(world: World) -> None:
    of = issued(world, items=2)
    page = public_outcome(world, of)
    first, second = resolutions(of)
    draft = OutcomePage.objects.get().get_latest_revision_as_object()
    draft.items.remove(next(item for item in draft.items.all() if item.resolution == first))
    draft.save_revision(user=world.gov_clerk)
    withdraw(first, reason="措辞有误", by=world.gov_clerk)
    lift_withdrawal(first, by=world.gov_clerk)
    assert {item.resolution: item.lifts for item in items(page)} == {
        first: Release.objects.latest_of(first),
        second: None,
    }
    draft = OutcomePage.objects.get().get_latest_revision_as_object()
    draft.items.remove(next(item for item in draft.items.all() if item.resolution == second))
    draft.save_revision(user=world.gov_clerk)
    renew_wording(second, by=world.gov_clerk)
    assert {item.resolution for item in items(page)} == {first, second}


def test_renewing_takes_title_and_text_of_the_record(world: World) -> None:
    of = issued(world, items=2)
    page = draft_outcome(of, by=world.gov_clerk)
    first, second = resolutions(of)
    first.title, first.text = "改后的标题", "改后的内容"
    first.save()
    renew_wording(first, by=world.gov_clerk)
    assert [(item.title, item.wording) for item in items(page)] == [
        ("改后的标题", "改后的内容"),
        (second.title, second.text),
    ]
    with refusal("not_an_office_clerk"):
        renew_wording(first, by=world.writer)


def test_taking_a_page_down_stops_its_review(world: World) -> None:
    of = issued(world)
    page = public_outcome(world, of)
    draft = OutcomePage.objects.get().get_latest_revision_as_object()
    draft.title = "改后的标题"
    draft.save_revision(user=world.gov_clerk)
    send_for_review(OutcomePage.objects.get(), by=world.gov_clerk)
    assert OutcomePage.objects.get().workflow_in_progress
    take_down(page, reason="误发", by=world.gov_clerk)
    page = OutcomePage.objects.get()
    assert (page.live, page.approved_hash, page.workflow_in_progress) == (False, "", False)
    assert not PublicDecision.objects.released()
