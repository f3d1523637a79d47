"""A second tab or person: nobody acts on what the page did not show."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings.models import Person, Resolution
from publicity.admin import page_views, proposal_review, record_views
from publicity.admin.shown_form import ActsOnWhatItShowed
from publicity.enums import ReleaseKind, Stage
from publicity.models import OutcomePage, Release, ReviewTask
from publicity.operations.proposals import submit_stage
from publicity.operations.releases import release_stage, withdraw
from publicity.operations.reviews import send_for_review
from publicity.operations.shown import as_shown, shown_state
from tests.meetings.factories import World
from tests.publicity.factories import article, county, issued, public_outcome, resolutions
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return county()


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=person.pk))
    return client


def released(world: World) -> Resolution:
    meeting = issued(world)
    public_outcome(world, meeting)
    return resolutions(meeting)[0]


def test_every_page_of_the_publicity_compares_what_it_showed() -> None:
    for module in (record_views, page_views, proposal_review):
        views = [v for v in vars(module).values() if isinstance(v, type) and hasattr(v, "perform")]
        own = [v for v in views if v.__module__ == module.__name__]
        assert own
        assert all(issubclass(view, ActsOnWhatItShowed) for view in own)


def form_of(client: Client, url: str) -> dict[str, Any]:
    """Return the hidden fields of the form that the page shows."""
    form = client.get(url).context["form"]
    return {field.html_name: field.value() for field in form.hidden_fields() if field.value() is not None}


@pytest.mark.parametrize(
    "change",
    [
        lambda row, world: release_stage(row, stage=Stage.UNDER_WAY, explanation="已开工。", by=world.gov_clerk),
        lambda row, world: submit_stage(
            row, stage=Stage.UNDER_WAY, explanation="咨询请拨0359-6022345。", by=world.gov_clerk
        ),
    ],
)
def test_a_withdrawal_from_a_stale_tab_is_refused(world: World, change: Callable[..., object]) -> None:
    row, client = released(world), as_(world.union_clerk)
    url = reverse("publicity_admin:withdraw", args=[row.pk])
    shown = form_of(client, url)
    Resolution.objects.filter(pk=row.pk).update(state="under_way")
    change(Resolution.objects.get(pk=row.pk), world)
    response = client.post(url, {**shown, "reason": "有误"})
    assert response.status_code == 200
    assert "有误" in response.content.decode()
    assert not Release.objects.filter(kind=ReleaseKind.WITHDRAWAL).exists()
    again = {f.html_name: f.value() for f in response.context["form"].hidden_fields()}
    assert client.post(url, {**again, "reason": "有误"}).status_code == 302
    assert Release.objects.filter(kind=ReleaseKind.WITHDRAWAL).count() == 1


def test_a_lift_from_a_stale_tab_is_refused(world: World) -> None:
    row, client = released(world), as_(world.union_clerk)
    withdraw(row, reason="有误", by=world.gov_clerk)
    with refusal("stale"), as_shown(row, seen="0-0-"):
        pytest.fail("the body must not run")
    with as_shown(row, seen=shown_state(row)):
        pass
    url = reverse("publicity_admin:lift", args=[row.pk])
    assert client.post(url, {"seen": "0-0-"}).status_code == 302
    draft = OutcomePage.objects.get(meeting=row.minutes.meeting).get_latest_revision_as_object()
    assert not any(item.lifts_id for item in draft.items.all())


def test_a_verdict_is_about_the_text_that_was_shown(world: World) -> None:
    page, reviewer = article(world, "送审的新闻"), world.reviewers[0]
    send_for_review(page, by=world.writer)
    client, url = as_(reviewer), reverse("publicity_admin:review", args=[page.pk])
    shown = form_of(client, url)
    page.current_workflow_state.cancel(user=world.writer)
    page = type(page).objects.get(pk=page.pk)
    page.title = "改过的新闻"
    page.save_revision(user=world.writer)
    send_for_review(type(page).objects.get(pk=page.pk), by=world.writer)
    response = client.post(url, {**shown, "approve": "yes", "opinion": "同意"})
    assert response.status_code == 200
    state = type(page).objects.get(pk=page.pk).current_workflow_task_state
    assert state.status == "in_progress"
    assert state.task == ReviewTask.objects.order_by("stage")[0].task_ptr
    again = {f.html_name: f.value() for f in response.context["form"].hidden_fields()}
    assert client.post(url, {**again, "approve": "yes", "opinion": "同意"}).status_code == 302
