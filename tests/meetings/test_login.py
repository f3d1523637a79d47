"""Tests of the operations for passwords and the second factor, with a specific code for each refusal."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken

from meetings.models import Person, Telephone
from meetings.operations.login import begin_device, check_code, choose_password, confirm_device, reset_device
from meetings.operations.people import save_person
from tests.meetings.factories import World, yuanqu
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
GIVEN, OWN = "given-Password-2025", "my-own-Password-2026"


def code(device: Telephone) -> str:
    """Return the code that the telephone shows now."""
    return f"{totp(device.bin_key):06d}"


def wrong(device: Telephone) -> str:
    """Return a code that differs from the one that the telephone shows now."""
    return f"{(int(code(device)) + 1) % 1_000_000:06d}"


def bound(world: World) -> tuple[Person, Telephone, list[str]]:
    """Return a person who has just bound a telephone, the device, and the recovery codes."""
    device = begin_device(world.gov_clerk)
    return world.gov_clerk, device, confirm_device(world.gov_clerk, device, code=code(device))


def test_an_own_password_is_another_one_and_strong() -> None:
    world = yuanqu()
    save_person(world.gov_clerk, by=None, password=GIVEN)
    with refusal("password_unchanged"):
        choose_password(world.gov_clerk, password=GIVEN)
    with refusal("password_too_short"):
        choose_password(world.gov_clerk, password="Ab-1")
    person = Person.objects.get(pk=world.gov_clerk.pk)
    assert person.check_password(GIVEN)
    assert person.password_is_temporary
    assert not choose_password(world.gov_clerk, password=OWN).password_is_temporary


def test_one_telephone_is_bound_and_only_with_its_code() -> None:
    world = yuanqu()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        device = begin_device(world.gov_clerk)
        with refusal("code_wrong"):
            confirm_device(world.gov_clerk, device, code=wrong(device))
        assert not StaticToken.objects.exists()
        clock.shift(timedelta(seconds=60))
        assert len(confirm_device(world.gov_clerk, device, code=code(device))) == 10
        with refusal("telephone_bound"):
            begin_device(world.gov_clerk)


def test_a_recovery_code_counts_once() -> None:
    person, _device, codes = bound(yuanqu())
    check_code(person, code=codes[0])
    with refusal("code_wrong"):
        check_code(person, code=codes[0])


def test_who_has_bound_nothing_has_no_code() -> None:
    world = yuanqu()
    for typed in ("123456", "abcd efgh"):
        with refusal("code_wrong"):
            check_code(world.gov_clerk, code=typed)


def test_after_some_guesses_even_the_right_code_has_to_wait() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        person, device, _codes = bound(yuanqu())
        clock.shift(timedelta(seconds=60))
        for _guess in range(2):  # waits of up to two seconds are not reported
            with refusal("code_wrong"):
                check_code(person, code=wrong(device))
            clock.shift(timedelta(seconds=3))
        for typed in (wrong(device), code(device)):
            with refusal("code_wrong_too_often"):
                check_code(person, code=typed)
        clock.shift(timedelta(seconds=60))
        assert check_code(person, code=code(device)) == device


def test_only_the_administrator_takes_a_telephone_away_and_only_one_that_is_there() -> None:
    world = yuanqu()
    person, _device, _codes = bound(world)
    with refusal("not_your_administration"):
        reset_device(person, by=world.head)
    reset_device(person, by=world.administrator)
    assert not StaticToken.objects.exists()
    with refusal("no_telephone_bound"):
        reset_device(person, by=world.administrator)
