"""Who acts under a regulation is changed by two: its rules, the days for which they apply, and another regulation."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings import clock
from meetings.enums import MinutesApprovers
from meetings.models import PendingChange, RegulationAdoption
from meetings.operations.changes_of_adoptions import adoption_act
from meetings.operations.regulation import adopt_regulation, copy_regulation, save_adoption
from meetings.operations.submitting import submit_adoption
from meetings.regulation_presets import YUANQU
from meetings.rules.adoption import STEP_RULES
from tests.meetings.admin.forms import sent
from tests.meetings.admin.pages import at_desk, landed
from tests.meetings.confirming import confirm, submit, with_records
from tests.meetings.factories import ConferenceFactory, World, coordination_group, regulation, yuanqu
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 20)


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.at(TODAY):
        yield


@pytest.fixture
def world() -> World:
    return with_records(yuanqu())


def stored(world: World) -> RegulationAdoption:
    return RegulationAdoption.objects.get(pk=world.adoption.pk)


@pytest.mark.parametrize("name", STEP_RULES)
def test_no_rule_that_says_who_acts_is_changed_alone(world: World, name: str) -> None:
    coordination_group(world.conference)
    adoption = stored(world)
    field: Any = adoption._meta.get_field(name)
    present = getattr(adoption, name)
    other = not present if isinstance(present, bool) else next(v for v in dict(field.choices) if v != present)
    setattr(adoption, name, other)
    with refusal("needs_second_person"):
        save_adoption(adoption, by=world.administrator)
    assert submit_adoption(adoption, by=world.administrator).change is not None
    assert getattr(stored(world), name) == present


@pytest.mark.parametrize(("name", "day"), [("from_date", date(2024, 10, 1)), ("to_date", date(2025, 12, 31))])
def test_the_days_are_not_changed_alone(world: World, name: str, day: date) -> None:
    adoption = stored(world)
    setattr(adoption, name, day)
    with refusal("needs_second_person"):
        save_adoption(adoption, by=world.administrator)


def test_what_names_nobody_is_changed_alone(world: World) -> None:
    adoption = stored(world)
    adoption.publicity_days, adoption.chair = 5, "县长"
    assert submit_adoption(adoption, by=world.administrator).change is None
    assert stored(world).publicity_days == 5


def test_another_regulation_that_skips_a_step_is_not_put_in_force_alone(world: World) -> None:
    begin = date(2026, 1, 1)
    rules = {**YUANQU, "topic_approval": False}
    copy = copy_regulation(world.adoption.regulation, by=world.administrator, applies_from=begin)
    with refusal("needs_second_person"):
        adopt_regulation(world.conference, copy, by=world.administrator, rules=rules, from_date=begin)
    assert stored(world).to_date is None
    new = RegulationAdoption(conference=world.conference, regulation=copy, from_date=begin, **rules)
    confirm(submit(adoption_act(new), by=world.administrator), by=world.auditor)
    assert stored(world).to_date == date(2025, 12, 31)
    assert not RegulationAdoption.objects.get(regulation=copy).topic_approval


def test_a_copy_with_the_same_rules_and_a_first_regulation_need_nobody_else(world: World) -> None:
    begin = date(2026, 1, 1)
    copy = copy_regulation(world.adoption.regulation, by=world.administrator, applies_from=begin)
    adopt_regulation(world.conference, copy, by=world.administrator, from_date=begin)
    adopt_regulation(ConferenceFactory.create(), regulation("Y", "通知"), by=world.administrator, from_date=begin)
    assert stored(world).to_date == date(2025, 12, 31)


def test_rules_that_were_changed_meanwhile_are_not_overwritten(world: World) -> None:
    adoption = stored(world)
    adoption.topic_approval = False
    change = submit(adoption_act(adoption), by=world.administrator)
    RegulationAdoption.objects.filter(pk=adoption.pk).update(topic_approval=False)
    with refusal("changed_meanwhile"):
        confirm(change, by=world.auditor)


def test_a_rule_names_a_group_that_is_there(world: World) -> None:
    adoption = stored(world)
    adoption.minutes_approved_by = MinutesApprovers.GROUP_HEADS
    with refusal("group_of_rule_missing"):
        submit_adoption(adoption, by=world.administrator)
    coordination_group(world.conference, world.tenures["head"].post)
    with refusal("group_of_rule_missing"):
        submit_adoption(adoption, by=world.administrator)
    assert not PendingChange.objects.exists()


def test_the_page_submits_and_shows_what_is_skipped(world: World) -> None:
    desk, auditor = at_desk(world.administrator), at_desk(world.auditor)
    url = reverse("regulationadoption:edit", args=[world.adoption.pk])
    shown = landed(sent(desk, url, topic_approval=None, chair="县长"), desk)
    assert "尚未生效" in shown
    assert "1件议题" in shown
    assert stored(world).topic_approval
    change = PendingChange.objects.get()
    landed(sent(auditor, reverse("pendingchange:confirm", args=[change.pk])), auditor)
    assert (stored(world).topic_approval, stored(world).chair) == (False, "县长")


def test_a_new_one_is_submitted_too_and_leads_to_its_request(world: World) -> None:
    desk: Client = at_desk(world.administrator)
    copy = copy_regulation(world.adoption.regulation, by=world.administrator, applies_from=date(2026, 1, 1))
    adding = f"{reverse('regulationadoption:add')}?regulation={copy.pk}"
    shown = landed(sent(desk, adding, conference=world.conference.pk, topic_conferral=None), desk)
    assert "尚未生效" in shown
    assert not RegulationAdoption.objects.filter(regulation=copy).exists()
