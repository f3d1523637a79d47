"""Queries of the second factor: TOTP device and recovery codes."""

from django_otp.plugins.otp_static.models import StaticDevice

from meetings.models import Telephone
from meetings.models.people import AnyUser


def device_of(person: AnyUser) -> Telephone | None:
    """Return the confirmed TOTP device of a person, if any."""
    found: Telephone | None = Telephone.objects.filter(user=person.pk, confirmed=True).first()
    return found


def recovery_device_of(person: AnyUser) -> StaticDevice | None:
    """Return the device that stores the unused recovery codes of a person, if any."""
    found: StaticDevice | None = StaticDevice.objects.filter(user=person.pk).first()
    return found


def recovery_codes_left(person: AnyUser) -> int:
    """Return the number of unused recovery codes of a person."""
    device = recovery_device_of(person)
    return device.token_set.count() if device else 0
