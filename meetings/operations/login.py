"""Operations on passwords and on the second factor, a TOTP code from the person's telephone (django-otp).

- `assign_password`: sets a password that somebody else chose. It is temporary: the person must replace it at login.
- `choose_password`: the person sets a new password. Every change of a password is logged.
- `begin_device`, `confirm_device`: enrol a telephone. It counts after one correct code; recovery codes are issued then.
- `check_code`: verifies a TOTP code or a recovery code, which works once. Wrong codes are throttled per person.
- `reset_device`: an administrator removes the telephone; at the next login the person enrols another.
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
from meetings.models.login import recovery_code_hash
from meetings.operations.base import announce, locked, refresh, require_administrator
from meetings.queries.login import device_of, recovery_device_of
from meetings.refusal import Refused
from meetings.write_lock import write_transaction

RECOVERY_CODES = 10
CODE_LENGTH = 6
MIN_REPORTED_WAIT = 2  # seconds; a shorter wait is over before the person has typed another code


def assign_password(person: Person, password: str, *, temporary: bool) -> None:
    """Set the password of a person who is saved afterwards; a new person without a password cannot log in."""
    if password:
        require_strong_password(person, password)
        person.set_password(password)
        person.password_is_temporary = temporary
    elif not person.pk:
        person.set_unusable_password()


def require_strong_password(person: Person, password: str) -> None:
    """Raise `Refused` with every reason why the password validators reject the password."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused.invalid(error) from error


def choose_password(person: Person, *, password: str) -> Person:
    """Set the password that the person chose.

    Other sessions of the person end, because their session hash depends on the password.
    """
    with write_transaction():
        row = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        if row.check_password(password):
            raise Refused(_("This is the present password. Choose another."), code="password_unchanged")
        require_strong_password(row, password)
        row.set_password(password)
        row.password_is_temporary = False
        row.version += 1
        row.save()
        announce(row, "choose_password", by=row)
    refresh(person, row)
    return person


def begin_device(person: Person) -> Telephone:
    """Create an unconfirmed telephone with a new secret; an earlier unconfirmed one is deleted."""
    with write_transaction():
        _require_no_telephone(person)
        Telephone.objects.filter(user=person.pk, confirmed=False).delete()
        device: Telephone = Telephone.objects.create(user_id=person.pk, name="totp", confirmed=False)
    return device


def confirm_device(person: Person, device: Telephone, *, code: str) -> list[str]:
    """Confirm the telephone with a correct code; return the recovery codes, which are never shown again."""
    _verify_code(person, device, _normalize_code(code))
    with write_transaction():
        row = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        _require_no_telephone(row)
        Telephone.objects.filter(pk=device.pk).update(confirmed=True)
        device.refresh_from_db()
        codes = _create_recovery_codes(row)
        announce(row, "bind_device", by=row)
    return codes


def _require_no_telephone(person: Person) -> None:
    if device_of(person) is not None:
        raise Refused(_("A telephone is bound already. The administrator can take it away."), code="telephone_bound")


def _create_recovery_codes(person: Person) -> list[str]:
    StaticDevice.objects.filter(user=person.pk).delete()
    device = StaticDevice.objects.create(user_id=person.pk, name="recovery")
    codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=recovery_code_hash(code)) for code in codes)
    return codes


def check_code(person: Person, *, code: str) -> Device:
    """Return the device that accepts the code; `Refused` if the code is wrong or too many were wrong before."""
    plain = _normalize_code(code)
    is_totp = plain.isdigit() and len(plain) == CODE_LENGTH
    device = device_of(person) if is_totp else recovery_device_of(person)
    if device is None:
        raise Refused(
            _("This code is not right. Look at the code again, and type it before it changes."), code="code_wrong"
        )
    return _verify_code(person, device, plain if is_totp else recovery_code_hash(plain))


def _normalize_code(code: str) -> str:
    """Return the code in lower case without the spaces and hyphens that people type."""
    return "".join(code.split()).replace("-", "").lower()


def _verify_code(person: Person, device: Device, code: str) -> Device:
    """Return the device if it accepts the code; a wrong code is counted and delays the next attempt."""
    accepted: Device | None = verify_token(person, device.persistent_id, code)
    if accepted is not None:
        return accepted
    device.refresh_from_db()
    _allowed, reason = device.verify_is_allowed()
    until = reason["locked_until"] if reason and "locked_until" in reason else None
    if until is not None and (left := math.ceil((until - timezone.now()).total_seconds())) > MIN_REPORTED_WAIT:
        message = _("This code is not right, and it was wrong several times. Try again in %(seconds)s seconds.")
        raise Refused(message % {"seconds": left}, code="code_wrong_too_often")
    raise Refused(
        _("This code is not right. Look at the code again, and type it before it changes."), code="code_wrong"
    )


def reset_device(person: Person, *, by: Person | None, version: int | None = None) -> Person:
    """Delete the telephone and the recovery codes of a person who lost them."""
    with write_transaction():
        row = locked(person, version)
        require_administrator(by, row)
        if device_of(row) is None:
            raise Refused(_("%(name)s has not bound a telephone.") % {"name": row}, code="no_telephone_bound")
        Telephone.objects.filter(user=row.pk).delete()
        StaticDevice.objects.filter(user=row.pk).delete()
        row.version += 1
        row.save()
        announce(row, "reset_device", by=by)
    refresh(person, row)
    return person
