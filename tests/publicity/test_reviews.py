"""三审三校: only what enough different people approved is published."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import TaskState, WorkflowPage, WorkflowState

from publicity.models import Article, NewsIndex
from publicity.operations.reviews import give_verdict, send_for_review
from publicity.operations.sections import set_reviews
from tests.meetings.factories import World
from tests.publicity.factories import article, county, publish
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def world() -> World:
    return county()


def fresh(page: Article) -> Article:
    row: Article = Article.objects.get(pk=page.pk)
    return row


def current_task(state: WorkflowState) -> TaskState:
    state.refresh_from_db()
    assert state.current_task_state is not None
    return state.current_task_state


def test_three_different_people_publish(world: World) -> None:
    page = publish(article(world), world)
    assert page.live
    assert page.is_public()
    verdicts = TaskState.objects.for_instance(page).filter(status=TaskState.STATUS_APPROVED)
    assert [v.finished_by for v in verdicts.order_by("pk")] == world.reviewers
    assert all(v.comment == "同意" and v.finished_at for v in verdicts)


def test_a_review_begins_once_and_ends(world: World) -> None:
    page = article(world)
    with refusal("not_under_review"):
        give_verdict(page, approve=True, by=world.reviewers[0])
    send_for_review(page, by=world.writer)
    with refusal("already_under_review"):
        send_for_review(page, by=world.writer)
    for person in world.reviewers:
        give_verdict(page, approve=True, by=person)
    with refusal("not_under_review"):
        give_verdict(page, approve=True, by=world.reviewers[0])


def test_a_section_without_reviews_publishes_nothing(world: World) -> None:
    WorkflowPage.objects.filter(page=world.conference.section.pk).delete()
    with refusal("no_reviews_set_up"):
        send_for_review(article(world), by=world.writer)


def test_a_page_of_the_portal_itself_passes_no_reviews(world: World) -> None:
    index = NewsIndex.objects.get(path__startswith=world.conference.section.path)
    index.save_revision(user=world.writer)
    state = index.get_workflow().start(index, world.writer)
    with refusal("page_without_reviews"):
        for person in world.reviewers:
            current_task(state).approve(user=person)
    assert state.status == WorkflowState.STATUS_IN_PROGRESS


def test_a_page_is_not_sent_with_a_schedule(world: World) -> None:
    page = article(world, go_live_at=timezone.now() + timedelta(days=1))
    with refusal("page_is_scheduled"):
        send_for_review(page, by=world.writer)


def test_two_are_not_enough(world: World) -> None:
    page = article(world)
    send_for_review(page, by=world.writer)
    for person in world.reviewers[:2]:
        give_verdict(page, approve=True, by=person)
    assert not fresh(page).live


def test_the_same_person_counts_once(world: World) -> None:
    page = article(world)
    send_for_review(page, by=world.writer)
    give_verdict(page, approve=True, by=world.reviewers[0])
    with refusal("already_approved"):
        give_verdict(page, approve=True, by=world.reviewers[0])
    assert not fresh(page).live


def test_a_writer_does_not_review_the_own_text(world: World) -> None:
    page = article(world)
    page.save_revision(user=world.reviewers[0])  # a reviewer is one of the authors
    send_for_review(page, by=world.writer)
    with refusal("own_text"):
        give_verdict(page, approve=True, by=world.reviewers[0])


def test_whoever_holds_no_reviewers_post_is_refused(world: World) -> None:
    page = article(world)
    send_for_review(page, by=world.writer)
    for person in (world.head, world.gov_clerk, world.administrator, world.stranger):
        with refusal("not_a_reviewer"):
            give_verdict(page, approve=True, by=person)


def test_a_reviewer_of_another_conference_is_refused(world: World) -> None:
    other = county("邻县")
    page = article(world)
    send_for_review(page, by=world.writer)
    with refusal("not_a_reviewer"):
        give_verdict(page, approve=True, by=other.reviewers[0])


def test_a_text_that_changed_between_two_reviews_starts_again(world: World) -> None:
    page = article(world)
    send_for_review(page, by=world.writer)
    give_verdict(page, approve=True, by=world.reviewers[0])
    draft = fresh(page).get_latest_revision_as_object()
    draft.summary = "另一句话。"
    draft.save_revision(user=world.writer)
    with refusal("text_changed_since_sent"):
        give_verdict(page, approve=True, by=world.reviewers[1])
    assert not fresh(page).live


def test_approvals_that_did_not_pass_the_review_screen_do_not_publish(world: World) -> None:
    """`TaskState.approve` checks nothing: the approvals are counted at the end, and the last one is undone."""
    page = article(world)
    state = send_for_review(page, by=world.writer)
    for person in (world.reviewers[0], world.reviewers[0]):
        current_task(state).approve(user=person)
    with refusal("too_few_approvals"):
        current_task(state).approve(user=world.reviewers[1])
    state.refresh_from_db()
    assert state.status == WorkflowState.STATUS_IN_PROGRESS
    assert not fresh(page).live


def test_returned_with_an_opinion_it_starts_over(world: World) -> None:
    page = article(world)
    send_for_review(page, by=world.writer)
    give_verdict(page, approve=True, by=world.reviewers[0])
    with refusal("verdict_opinion_missing"):
        give_verdict(page, approve=False, by=world.reviewers[1])
    give_verdict(page, approve=False, opinion="标题不准确。", by=world.reviewers[1])
    draft = fresh(page).get_latest_revision_as_object()
    draft.title = "联席会议召开"
    draft.save_revision(user=world.writer)
    send_for_review(fresh(page), by=world.writer)
    for person in world.reviewers[1:]:
        give_verdict(page, approve=True, by=person)
    assert not fresh(page).live, "the approval of the old text does not count"
    give_verdict(page, approve=True, by=world.reviewers[0])
    assert fresh(page).live
    assert fresh(page).title == "联席会议召开"


@pytest.mark.parametrize(
    ("required", "writer_first", "needed"), [(1, False, 1), (2, False, 2), (3, True, 2), (1, True, 1)]
)
def test_how_many_is_a_setting(world: World, required: int, writer_first: bool, needed: int) -> None:
    world.conference.reviews_required = required
    world.conference.writer_is_first_review = writer_first
    world.conference.save()
    set_reviews(world.conference)
    page = article(world)
    send_for_review(page, by=world.writer)
    for number, person in enumerate(world.reviewers[:needed], start=1):
        assert not fresh(page).live, number
        give_verdict(page, approve=True, by=person)
    assert fresh(page).live


def test_a_setting_raised_during_a_review_counts(world: World) -> None:
    world.conference.reviews_required = 1
    world.conference.save()
    set_reviews(world.conference)
    page = article(world)
    send_for_review(page, by=world.writer)
    world.conference.reviews_required = 3
    world.conference.save()
    with refusal("too_few_approvals"):
        give_verdict(page, approve=True, by=world.reviewers[0])
    assert not fresh(page).live


def test_a_reviewer_whose_tenure_ended_is_refused(world: World) -> None:
    page = article(world)
    send_for_review(page, by=world.writer)
    tenure = world.reviewers[0].tenures.get()
    tenure.to_date = tenure.from_date
    tenure.save()
    person = type(world.reviewers[0]).objects.get(pk=world.reviewers[0].pk)
    with refusal("not_a_reviewer"):
        give_verdict(page, approve=True, by=person)
