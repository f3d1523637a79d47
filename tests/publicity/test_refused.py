"""Refusals of outcome pages, releases and sections, each with its own code."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from meetings.enums import MinutesState, PartRole
from meetings.models import Resolution
from publicity.enums import Stage
from publicity.models import ConferenceSection, Release
from publicity.operations.outcomes import draft_outcome, lift_withdrawal, renew_wording
from publicity.operations.pages import take_down
from publicity.operations.releases import (
    release_stage,
    release_wording,
    write_withdrawal,
)
from publicity.operations.reviews import send_for_review
from publicity.operations.sections import RESERVED_SLUGS, create_section
from tests.meetings.factories import World, yuanqu
from tests.publicity.factories import (
    article,
    county,
    issued,
    public_article,
    record,
    resolutions,
)
from tests.refusals import codes, refusal

pytestmark = pytest.mark.django_db


def test_drafting_needs_a_public_section(world: World) -> None:
    of = issued(world)
    ConferenceSection.objects.all().delete()
    with refusal("no_public_section"):
        draft_outcome(of, by=world.gov_clerk)


def test_what_is_reviewed_does_not_change(world: World) -> None:
    of = issued(world)
    page = draft_outcome(of, by=world.gov_clerk)
    send_for_review(page, by=world.gov_clerk)
    record(world, of, order=1, title="后来主动公开的事项")
    with refusal("outcome_under_review"):
        draft_outcome(of, by=world.gov_clerk)
    with refusal("outcome_under_review"):
        renew_wording(resolutions(of)[0], by=world.gov_clerk)


def test_an_outcome_page_holds_issued_resolutions_of_its_own_meeting(world: World) -> None:
    of, other = issued(world), issued(world, date(2024, 9, 5))
    page = draft_outcome(of, by=world.gov_clerk)
    draft = page.get_latest_revision_as_object()
    item = draft.items.get()
    item.resolution = resolutions(other)[0]
    draft.items.add(item)
    assert codes(draft.refusals()) == ["item_of_another_meeting"]
    of.minutes.update(state=MinutesState.DRAFT)
    with refusal("item_of_minutes_not_issued"):
        send_for_review(page, by=world.gov_clerk)


def test_only_what_was_taken_back_is_put_up_again(world: World, shown: Resolution) -> None:
    with refusal("not_an_office_clerk"):
        lift_withdrawal(shown, by=world.writer)
    with refusal("not_withdrawn"):
        lift_withdrawal(shown, by=world.gov_clerk)


def test_without_an_outcome_page_nothing_is_put_up(world: World) -> None:
    row = resolutions(issued(world))[0]
    with refusal("no_outcome_page"):
        renew_wording(row, by=world.gov_clerk)
    write_withdrawal(row, reason="误发", by=world.gov_clerk)
    with refusal("no_outcome_page"):
        lift_withdrawal(row, by=world.gov_clerk)


def test_a_resolution_of_minutes_that_are_not_issued_is_not_released(world: World, shown: Resolution) -> None:
    shown.minutes.state = MinutesState.DRAFT
    shown.minutes.save()
    for release in (
        lambda: release_stage(shown, stage=Stage.UNDER_WAY, by=world.gov_clerk),
        lambda: release_wording(shown, title="标题", wording="内容", meeting_title="会议", by=world.gov_clerk),
        lambda: renew_wording(shown, by=world.gov_clerk),
    ):
        with refusal("release_of_minutes_not_issued"):
            release()


def test_only_a_public_page_is_taken_down_by_the_office_and_with_a_reason(world: World) -> None:
    page = article(world)
    with refusal("page_not_public"):
        take_down(page, reason="误发", by=world.gov_clerk)
    page = public_article(world)
    for person in (world.writer, world.reviewers[0], county("邻县").gov_clerk):
        with refusal("not_an_office_clerk"):
            take_down(page, reason="误发", by=person)
    with refusal("withdrawal_reason_missing"):
        take_down(page, reason=" ", by=world.gov_clerk)
    assert Client().get(page.url).status_code == 200


def test_what_goes_out_names_its_lead_department(world: World) -> None:
    row = resolutions(issued(world))[0]
    row.parts.filter(role=PartRole.LEAD).delete()
    with refusal("public_lead_missing"):
        release_wording(row, title=row.title, wording=row.text, meeting_title="会议", by=world.gov_clerk)
    assert not Release.objects.exists()


@pytest.mark.parametrize("slug", sorted(RESERVED_SLUGS))
def test_no_section_takes_an_address_of_the_portal(slug: str) -> None:
    world = yuanqu()
    world.conference.slug = slug
    with refusal("slug_reserved"):
        create_section(world.conference, by=world.administrator)
    assert not ConferenceSection.objects.exists()


def first_components(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    """Yield the first path components of URL patterns, without those of Wagtail's page tree."""
    for pattern in patterns:
        route = str(pattern.pattern)
        if isinstance(pattern, URLResolver) and not route:
            yield from first_components(pattern.url_patterns)
        elif found := re.match(r"\^?([-\w]+)(?=[/$]|$)", route):
            yield found[1]


def test_every_address_of_the_portal_is_reserved() -> None:
    components = set(first_components(get_resolver().url_patterns))
    assert {"admin", "reading", "outcomes"} <= components
    assert components <= RESERVED_SLUGS
