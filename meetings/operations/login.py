"""Passwords and the second factor: a code from the person's telephone, by django-otp.

Key concepts
- `put_password`: sets one that somebody else chose; it is temporary, and the person has to choose an own one first.
- `choose_password`: the person's own. Nobody sets the password of a person without an entry in the log.
- `begin_device`, `confirm_device`: a telephone is bound when it has shown one right code; recovery codes come with it.
- `check_code`: a code of the telephone, or one recovery code, which is used up. Wrong ones are slowed down, by person.
- `reset_device`: an administrator takes the telephone away; at the next login the person binds another.
"""

import math

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from meetings.models import Person, Telephone
from meetings.models.login import kept_code
from meetings.operations.base import announce, locked, refresh
from meetings.queries.login import device_of, recovery_of
from meetings.refusal import Refused
from meetings.rules.people import manages
from meetings.write_lock import writing

RECOVERY_CODES = 10
CODE_LENGTH = 6
WORTH_TELLING = 2  # seconds: a shorter wait is over before the next code is typed


def put_password(person: Person, password: str, *, temporary: bool) -> None:
    """Give a person that is about to be saved a password; without one a new person cannot log in."""
    if password:
        demand_strong(person, password)
        person.set_password(password)
        person.password_is_temporary = temporary
    elif not person.pk:
        person.set_unusable_password()


def demand_strong(person: Person, password: str) -> None:
    """Refuse a password that the rules do not allow, with each reason."""
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise Refused.invalid(weak) from weak


def choose_password(person: Person, *, password: str) -> Person:
    """Let a person choose an own password; other sessions of the person end, as with each change of a password."""
    with writing():
        row = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        if row.check_password(password):
            raise Refused(_("This is the present password. Choose another."), code="password_unchanged")
        demand_strong(row, password)
        row.set_password(password)
        row.password_is_temporary = False
        row.version += 1
        row.save()
        announce(row, "choose_password", by=row)
    refresh(person, row)
    return person


def begin_device(person: Person) -> Telephone:
    """Make a secret for a telephone that is to be bound; one that was begun before and never confirmed is forgotten."""
    with writing():
        _demand_none(person)
        Telephone.objects.filter(user=person.pk, confirmed=False).delete()
        device: Telephone = Telephone.objects.create(user_id=person.pk, name="totp", confirmed=False)
    return device


def confirm_device(person: Person, device: Telephone, *, code: str) -> list[str]:
    """Bind the telephone that shows this code; returns the recovery codes, which are not shown again."""
    _demand_right(person, device, _plain(code))
    with writing():
        row = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        _demand_none(row)
        Telephone.objects.filter(pk=device.pk).update(confirmed=True)
        device.refresh_from_db()
        codes = _fresh_codes(row)
        announce(row, "bind_device", by=row)
    return codes


def _demand_none(person: Person) -> None:
    if device_of(person) is not None:
        raise Refused(_("A telephone is bound already. The administrator can take it away."), code="telephone_bound")


def _fresh_codes(person: Person) -> list[str]:
    StaticDevice.objects.filter(user=person.pk).delete()
    device = StaticDevice.objects.create(user_id=person.pk, name="recovery")
    codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=kept_code(code)) for code in codes)
    return codes


def check_code(person: Person, *, code: str) -> Device:
    """The device that accepts this code; `Refused` says whether it is wrong or has to wait."""
    plain = _plain(code)
    of_telephone = plain.isdigit() and len(plain) == CODE_LENGTH
    device = device_of(person) if of_telephone else recovery_of(person)
    if device is None:
        raise Refused(
            _("This code is not right. Look at the code again, and type it before it changes."), code="code_wrong"
        )
    return _demand_right(person, device, plain if of_telephone else kept_code(plain))


def _plain(code: str) -> str:
    """A code as it was shown, without the spaces and hyphens that people type."""
    return "".join(code.split()).replace("-", "").lower()


def _demand_right(person: Person, device: Device, code: str) -> Device:
    """The device, if the code is its present one; the wrong ones are counted, and slow the next attempt down."""
    accepted: Device | None = verify_token(person, device.persistent_id, code)
    if accepted is not None:
        return accepted
    device.refresh_from_db()
    _allowed, reason = device.verify_is_allowed()
    until = reason["locked_until"] if reason and "locked_until" in reason else None
    if until is not None and (left := math.ceil((until - timezone.now()).total_seconds())) > WORTH_TELLING:
        told = _("This code is not right, and it was wrong several times. Try again in %(seconds)s seconds.")
        raise Refused(told % {"seconds": left}, code="code_wrong_too_often")
    raise Refused(
        _("This code is not right. Look at the code again, and type it before it changes."), code="code_wrong"
    )


def reset_device(person: Person, *, by: Person | None, version: int | None = None) -> Person:
    """Take the telephone and the recovery codes of a person away, for somebody who lost them."""
    with writing():
        row = locked(person, version)
        if by is not None and not manages(by, row):
            raise Refused(_("This is kept by the administrator. Ask there."), code="not_your_administration")
        if device_of(row) is None:
            raise Refused(_("%(name)s has not bound a telephone.") % {"name": row}, code="no_telephone_bound")
        Telephone.objects.filter(user=row.pk).delete()
        StaticDevice.objects.filter(user=row.pk).delete()
        row.version += 1
        row.save()
        announce(row, "reset_device", by=by)
    refresh(person, row)
    return person
