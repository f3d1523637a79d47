"""What a person has beside the password to log in with."""

from typing import Any

from django_otp.plugins.otp_static.models import StaticDevice

from meetings.models import Telephone


def device_of(person: Any) -> Telephone | None:
    """The telephone that a person has bound, if any."""
    found: Telephone | None = Telephone.objects.filter(user=person.pk, confirmed=True).first()
    return found


def recovery_of(person: Any) -> StaticDevice | None:
    """Where the unused recovery codes of a person are."""
    found: StaticDevice | None = StaticDevice.objects.filter(user=person.pk).first()
    return found


def recovery_codes_left(person: Any) -> int:
    """How many recovery codes a person has not used yet."""
    device = recovery_of(person)
    return device.token_set.count() if device else 0
