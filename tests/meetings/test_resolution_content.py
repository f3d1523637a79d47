"""Tests of the content of resolutions: drafted with the minutes, fixed by their issue, disclosure changed later."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from meetings import clock
from meetings.enums import DeadlineKind, Disclosure, Facet, MinutesState, PartRole
from meetings.models import Attachment, Minutes, RecordLogEntry, Resolution, Topic
from meetings.operations.attachment import attach
from meetings.operations.resolution import (
    add_resolution,
    edit_resolution,
    loosen_disclosure,
    remove_resolution,
    set_public_number,
    tighten_disclosure,
)
from meetings.rules.resolution import draft_gaps
from meetings.rules.seal import seal_broken
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import LATER, adopted, upload
from tests.meetings.steps import AFTER, approved_minutes, drafted_minutes
from tests.refusals import codes, refusal

pytestmark = pytest.mark.django_db


def draft(world: World) -> tuple[Minutes, Resolution]:
    """Return draft minutes with their only resolution."""
    minutes = drafted_minutes(world)
    return minutes, Resolution.objects.get(minutes=minutes)


def words(resolution: Resolution) -> set[str]:
    """Return the stored tags of a resolution."""
    return set(Resolution.objects.get(pk=resolution.pk).tags.names())


def test_a_resolution_is_added_with_departments_amount_and_deadline() -> None:
    world = yuanqu()
    minutes, first = draft(world)
    added = add_resolution(
        minutes,
        by=world.union_clerk,
        title="职工医疗互助专项资金",
        text="由财政安排50万元。",
        amount=Decimal(500000),
        deadline_text="年底前",
        deadline_kind=DeadlineKind.DATE,
        deadline=date(2025, 12, 31),
        disclosure=Disclosure.PUBLIC,
        parts=[(world.department, PartRole.LEAD), (world.union_office, PartRole.CO)],
        tags=["医疗互助", " "],
    )
    assert added.order == first.order + 1
    assert [(part.department, part.role) for part in added.parts.all()] == [
        (world.department, PartRole.LEAD),
        (world.union_office, PartRole.CO),
    ]
    assert words(added) == {"医疗互助"}
    assert draft_gaps(added) == []


def test_stability_starts_closed_with_a_reason() -> None:
    world = chengqiao()
    minutes, _first = draft(world)
    item = minutes.meeting.agenda.filter(topic__isnull=False).get()
    Topic.objects.filter(agenda_items=item).update(category=world.category(Facet.STABILITY))
    item.refresh_from_db()
    added = add_resolution(minutes, by=world.gov_clerk, agenda_item=item, title="维稳联动", text="建立联动机制。")
    assert (added.disclosure, added.facet) == (Disclosure.CLOSED, Facet.STABILITY)
    assert added.disclosure_reason


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": " "}, "resolution_title_missing"),
        ({"deadline_kind": DeadlineKind.DATE}, "deadline_day_mismatch"),
        ({"deadline": date(2025, 12, 31)}, "deadline_day_mismatch"),
        (
            {"deadline_kind": DeadlineKind.DATE, "deadline": date(2026, 3, 1), "deadline_text": "2026年6月底前"},
            "deadline_contradicts_words",
        ),
        ({"disclosure": Disclosure.CLOSED, "disclosure_reason": " "}, "closed_without_reason"),
    ],
)
def test_what_does_not_fit_is_refused(fields: dict[str, Any], code: str) -> None:
    world = yuanqu()
    _minutes, resolution = draft(world)
    with refusal(code):
        edit_resolution(resolution, by=world.gov_clerk, **fields)
    stored = Resolution.objects.get(pk=resolution.pk)
    assert (stored.title, stored.version) == (resolution.title, resolution.version)


def test_one_department_one_part_one_lead() -> None:
    world = yuanqu()
    _minutes, resolution = draft(world)
    lead = PartRole.LEAD
    with refusal("part_twice"):
        edit_resolution(
            resolution, by=world.gov_clerk, parts=[(world.department, lead), (world.department, PartRole.CO)]
        )
    with refusal("two_leads"):
        edit_resolution(
            resolution, by=world.gov_clerk, parts=[(world.department, lead), (world.other_department, lead)]
        )
    assert [part.department for part in resolution.parts.all()] == [world.department]


def test_gaps_of_a_draft_are_named() -> None:
    world = yuanqu()
    _minutes, resolution = draft(world)
    edit_resolution(
        resolution,
        by=world.gov_clerk,
        text="",
        parts=[],
        deadline_kind=DeadlineKind.DATE,
        deadline=date(2025, 12, 31),
    )
    assert [(gap.code, gap.clause) for gap in draft_gaps(resolution)] == [
        ("lead_missing", "follow_up"),
        ("resolution_text_missing", "minutes"),
        ("deadline_words_missing", "follow_up"),
    ]
    resolution = Resolution(title="一件事", text="办。", disclosure=Disclosure.CLOSED, disclosure_reason=" ")
    resolution.minutes = _minutes
    resolution.save()
    assert codes(draft_gaps(resolution)) == ["lead_missing", "resolution_closed_without_reason"]


def test_only_clerks_of_the_conference_draft() -> None:
    world, other = yuanqu(), chengqiao()
    minutes, resolution = draft(world)
    for person in (world.liaison, world.head, world.administrator, world.auditor, other.gov_clerk):
        with refusal("not_a_resolution_clerk"):
            edit_resolution(resolution, by=person, title="改")
        with refusal("not_a_resolution_clerk"):
            add_resolution(minutes, by=person, title="添", text="加。")
        with refusal("not_a_resolution_clerk"):
            remove_resolution(resolution, by=person)
        with refusal("not_a_resolution_clerk"):
            tighten_disclosure(resolution, by=person, disclosure=Disclosure.CLOSED, reason="不宜公开")
    assert Resolution.objects.count() == 1


def test_a_stale_form_is_told() -> None:
    world = yuanqu()
    _minutes, resolution = draft(world)
    shown = resolution.version
    edit_resolution(resolution, by=world.gov_clerk, version=shown, title="政府方的写法")
    with refusal("stale"):
        edit_resolution(resolution, by=world.union_clerk, version=shown, title="工会方的写法")
    assert Resolution.objects.get().title == "政府方的写法"


def test_a_change_voids_the_approvals_of_the_minutes() -> None:
    world = yuanqu()
    minutes = approved_minutes(world)
    resolution = Resolution.objects.get(minutes=minutes)
    edit_resolution(resolution, by=world.gov_clerk, text="改为60万元。")
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.DRAFT
    assert minutes.approvals.filter(voided_at=None).count() == 0


def test_a_draft_is_removed_with_its_files() -> None:
    world = yuanqu()
    minutes, resolution = draft(world)
    [file] = attach(resolution, by=world.gov_clerk, files=[upload("测算表.pdf")])
    key = resolution.pk
    remove_resolution(resolution, by=world.gov_clerk)
    assert not Resolution.objects.filter(pk=key).exists()
    assert not Attachment.objects.filter(pk=file.pk).exists()
    assert RecordLogEntry.objects.filter(object_id=str(key), action="meetings.resolution.remove").exists()
    assert minutes.resolutions.count() == 0


def test_after_the_issue_only_subject_and_tags_change() -> None:
    world = yuanqu()
    resolution = adopted(world)
    for change in ({"text": "改"}, {"deadline_text": "明年"}, {"parts": [(world.department, PartRole.LEAD)]}):
        with refusal("resolution_settled"):
            edit_resolution(resolution, by=world.gov_clerk, **change)
    same = [(part.department, part.role) for part in resolution.parts.all()]
    edit_resolution(resolution, by=world.gov_clerk, facet=Facet.PAY, tags=["互助", "财政"], parts=same)
    assert words(resolution) == {"互助", "财政"}
    edit_resolution(resolution, by=world.gov_clerk, tags=["财政"])
    assert words(resolution) == {"财政"}
    with refusal("settled_resolution_stays"):
        remove_resolution(resolution, by=world.gov_clerk)
    minutes = Minutes.objects.get()
    resolution.parts.filter(
        department=world.other_department
    ).delete()  # the factory of this test added the department later
    assert not seal_broken(minutes)


def test_disclosure_is_tightened_at_any_time_and_loosened_only_with_approval() -> None:
    world = yuanqu()
    minutes, resolution = draft(world)
    edit_resolution(resolution, by=world.gov_clerk, disclosure=Disclosure.PUBLIC)
    tighten_disclosure(resolution, by=world.union_clerk, disclosure=Disclosure.ON_REQUEST, reason="尚未定稿")
    assert resolution.disclosure == Disclosure.ON_REQUEST
    with refusal("still_a_draft"):  # the disclosure of a draft is changed by editing
        loosen_disclosure(resolution, by=world.head, disclosure=Disclosure.PUBLIC, reason="可以公开")
    assert minutes.state == MinutesState.DRAFT


def test_after_the_issue_tightening_leaves_the_seal_whole() -> None:
    world = yuanqu()
    resolution = adopted(world)
    resolution.parts.filter(department=world.other_department).delete()
    minutes = Minutes.objects.get()
    with clock.at(LATER):
        with refusal("not_stricter"):
            tighten_disclosure(resolution, by=world.gov_clerk, disclosure=Disclosure.PUBLIC, reason="更公开")
        with refusal("disclosure_change_reason_missing"):
            tighten_disclosure(resolution, by=world.gov_clerk, disclosure=Disclosure.CLOSED, reason=" ")
        tighten_disclosure(resolution, by=world.gov_clerk, disclosure=Disclosure.CLOSED, reason="涉及个人隐私")
    assert (resolution.disclosure, resolution.disclosure_reason) == (Disclosure.CLOSED, "涉及个人隐私")
    assert not seal_broken(minutes)
    for person in (world.gov_clerk, world.liaison, world.auditor):
        with clock.at(LATER), refusal("not_a_minutes_approver"):
            loosen_disclosure(resolution, by=person, disclosure=Disclosure.PUBLIC, reason="可以公开")
    with clock.at(LATER):
        with refusal("not_looser"):
            loosen_disclosure(resolution, by=world.head, disclosure=Disclosure.CLOSED, reason="不变")
        loosen_disclosure(resolution, by=world.head, disclosure=Disclosure.PUBLIC, reason="隐私内容已删除")
        assert resolution.loosened_by == world.tenures["head"]
        assert not seal_broken(minutes)
        tighten_disclosure(resolution, by=world.gov_clerk, disclosure=Disclosure.ON_REQUEST, reason="复核")
    assert resolution.loosened_by is None


def test_under_c_the_heads_of_the_group_loosen() -> None:
    world = chengqiao()
    resolution = adopted(world)
    with clock.at(LATER):
        tighten_disclosure(resolution, by=world.gov_clerk, disclosure=Disclosure.CLOSED, reason="涉及个人隐私")
        with refusal("not_a_minutes_approver"):
            loosen_disclosure(resolution, by=world.head, disclosure=Disclosure.PUBLIC, reason="可以公开")
        loosen_disclosure(resolution, by=world.union_head, disclosure=Disclosure.PUBLIC, reason="可以公开")
    assert resolution.disclosure == Disclosure.PUBLIC


def test_the_public_number_is_given_once() -> None:
    world = yuanqu()
    resolution = adopted(world)
    with clock.at(AFTER):
        set_public_number(resolution, "2025-1", by=world.gov_clerk)
        with refusal("public_number_given"):
            set_public_number(resolution, "2025-2", by=world.gov_clerk)
    assert Resolution.objects.get().public_number == "2025-1"
