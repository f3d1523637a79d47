"""A correction that changes a public wording: the public reads the old one until the new one has passed the reviews."""

from typing import Any

import pytest
import time_machine
from django.urls import reverse

from meetings.models import Minutes, Resolution
from meetings.operations.correction import correct_minutes
from meetings.operations.minutes import approve_minutes, issue_minutes, send_minutes
from meetings.operations.progress import assign, report_progress
from meetings.operations.resolution import edit_resolution
from publicity.enums import Stage
from publicity.models import OutcomePage, PublicDecision, Release
from publicity.operations.outcomes import draft_outcome, renew_wording
from publicity.operations.releases import release_stage
from publicity.queries.release_text import older_than_record, outdated
from tests.meetings.admin.pages import at_desk, landed, page, query_count, send
from tests.meetings.factories import World, yuanqu
from tests.meetings.steps import DAY, approvers, at, issued_minutes
from tests.publicity.factories import place, public_outcome, publish
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
TEXT = "每年安排50万元。"


@pytest.fixture
def world() -> World:
    found = yuanqu()
    place(found)
    return found


@pytest.fixture(autouse=True)
def _clock() -> Any:
    """Let the clock go on from the day after the meeting, so that later steps have later times."""
    with time_machine.travel(at(DAY.replace(day=20)), tick=True):
        yield


def corrected(world: World, old: Minutes, number: str = "垣政办纪〔2025〕21号", **values: Any) -> Minutes:
    """An issued correction that made this change to each resolution."""
    correction = correct_minutes(Minutes.objects.get(pk=old.pk), by=world.gov_clerk, reason="金额误印。")
    for draft in correction.resolutions.all():
        edit_resolution(draft, by=world.gov_clerk, **values)
    correction = send_minutes(Minutes.objects.get(pk=correction.pk), by=world.gov_clerk)
    for person in approvers(world, correction):
        approve_minutes(correction, by=person)
    return issue_minutes(correction, by=world.gov_clerk, number=number)


def publish_again(world: World, page_: OutcomePage) -> None:
    """Pass the reviews once more."""
    publish(page_, world, sender=world.gov_clerk)


def test_the_public_reads_the_older_words_until_the_new_ones_passed_the_reviews(world: World) -> None:
    old = issued_minutes(world)
    page_ = public_outcome(world, old.meeting)
    number = Resolution.objects.get().public_number
    corrected(world, old, text=TEXT)
    live = Resolution.objects.get()
    assert (live.public_number, PublicDecision.objects.released().get().wording == TEXT) == (number, False)
    assert older_than_record(live) is not None
    panel = page(at_desk(world.gov_clerk), "resolution:inspect", live.pk)
    assert "公众看到的还是更正前的文字" in panel
    assert "已更正，公众看到的还是原来的文字" in page(at_desk(world.gov_clerk), "wagtailadmin_home")
    client = at_desk(world.gov_clerk)
    shown = page(client, "publicity_admin:renew", live.pk)
    assert TEXT in shown
    assert send(client, "publicity_admin:renew", live.pk).status_code == 302
    assert PublicDecision.objects.released().get().wording != TEXT, "not before the reviews"
    publish_again(world, OutcomePage.objects.get(pk=page_.pk))
    row = PublicDecision.objects.released().get()
    assert (row.wording, row.stage, row.number) == (TEXT, Stage.ADOPTED, number)
    assert older_than_record(live) is None
    assert "公众看到的还是更正前的文字" not in page(client, "resolution:inspect", live.pk)


def test_a_change_of_stage_does_not_make_old_words_new(world: World) -> None:
    old = issued_minutes(world)
    public_outcome(world, old.meeting)
    live = Resolution.objects.get()
    corrected(world, old, text=TEXT)
    live.refresh_from_db()
    assign(live, by=world.gov_clerk)
    report_progress(live, by=world.liaison, text="已拟定方案。")
    release_stage(live, stage=Stage.UNDER_WAY, explanation="已拟定方案。", by=world.gov_clerk)
    assert older_than_record(Resolution.objects.get()) is not None
    publish_again(world, renew_wording(Resolution.objects.get(), by=world.gov_clerk))
    row = PublicDecision.objects.released().get()
    assert (row.wording, row.stage, row.explanation) == (TEXT, Stage.UNDER_WAY, "已拟定方案。")
    assert older_than_record(Resolution.objects.get()) is None


def test_the_same_words_may_be_reviewed_anew_where_only_the_deadline_changed(world: World) -> None:
    old = issued_minutes(world)
    page_ = public_outcome(world, old.meeting)
    due: dict[str, Any] = {
        "deadline_kind": "date",
        "deadline": DAY.replace(month=12),
        "deadline_text": "2025年12月14日前",
    }
    corrected(world, old, **due)
    assert older_than_record(Resolution.objects.get()) is not None
    publish_again(world, OutcomePage.objects.get(pk=page_.pk))
    assert PublicDecision.objects.released().get().deadline_text == "2025年12月14日前"
    assert Release.objects.count() == 2
    assert older_than_record(Resolution.objects.get()) is None


def test_what_did_not_change_or_was_never_public_asks_for_nothing(world: World) -> None:
    old = issued_minutes(world)
    corrected(world, old, text=TEXT)
    assert older_than_record(Resolution.objects.get()) is None
    assert outdated([world.conference]) == []
    draft_outcome(old.meeting, by=world.gov_clerk)
    first = Resolution.objects.get().minutes
    publish_again(world, OutcomePage.objects.get())
    corrected(world, first, "垣政办纪〔2025〕22号", tags=["互助"])
    assert older_than_record(Resolution.objects.get()) is None
    assert PublicDecision.objects.released().get().wording == TEXT


def test_only_the_office_puts_new_words_up(world: World) -> None:
    old = issued_minutes(world)
    public_outcome(world, old.meeting)
    corrected(world, old, text=TEXT)
    live = Resolution.objects.get()
    for person in (world.writer, world.head, world.liaison):
        with refusal("not_an_office_clerk"):
            renew_wording(live, by=person)
        client = at_desk(person)
        answer = client.post(reverse("publicity_admin:renew", args=[live.pk]), {})
        assert answer.status_code in {200, 302, 404}
    assert OutcomePage.objects.get().get_latest_revision_as_object().items.get().wording != TEXT


def test_a_drafted_correction_changes_nothing_for_the_public(world: World) -> None:
    old = issued_minutes(world)
    public_outcome(world, old.meeting)
    before = PublicDecision.objects.released().get().pk
    correction = correct_minutes(Minutes.objects.get(pk=old.pk), by=world.gov_clerk, reason="金额误印。")
    edit_resolution(correction.resolutions.get(), by=world.gov_clerk, text=TEXT)
    assert PublicDecision.objects.released().get().pk == before
    client = at_desk(world.gov_clerk)
    draft = correction.resolutions.get()
    assert "publicity-title" not in page(client, "resolution:inspect", draft.pk)
    assert landed(send(client, "publicity_admin:draft_outcome", old.meeting_id), client)
    assert OutcomePage.objects.get().get_latest_revision_as_object().items.count() == 1


@pytest.mark.postgresql
def test_the_home_page_asks_as_much_whatever_is_outdated() -> None:
    counts = []
    for size, name in ((1, "垣"), (3, "绛")):
        world = yuanqu(name)
        place(world)
        old = issued_minutes(world, topics=size, number=f"{name}政办纪〔2025〕1号")
        public_outcome(world, old.meeting)
        corrected(world, old, f"{name}政办纪〔2025〕2号", text=TEXT)
        assert len(outdated([world.conference])) == size
        counts.append(query_count(at_desk(world.gov_clerk), "wagtailadmin_home"))
    assert counts[0] == counts[1]
