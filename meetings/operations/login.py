"""Operations on passwords, one-time codes, and the second factor: a TOTP code from the person's telephone (django-otp).

- `assign_password`: the server sets a password. If it is temporary, the person must replace it at login.
- `issue_code`: replaces the password of a person by a one-time code, which is returned once. `redeem_code` consumes it.
- `choose_password`: the person sets a new password. Every change of a password is logged.
- `begin_device`, `confirm_device`: enrol a telephone. It counts after one correct code; recovery codes are issued then.
- `check_code`: verifies a TOTP code or a recovery code, which works once. Wrong codes are throttled per person.
- `reset_device`: an administrator removes the telephone; at the next login the person enrols another.
"""

import math
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from meetings import clock, confirmation
from meetings.enums import SUPERVISING_ROLES
from meetings.models import LoginCode, Person, Telephone, Tenure
from meetings.models.login import login_code_digest, recovery_code_hash
from meetings.operations.base import announce, locked, refresh, require_administrator, require_second_person
from meetings.queries.accounts import latest_code, now_or_later, open_code_of_login
from meetings.queries.login import device_of, recovery_device_of
from meetings.refusal import Refused
from meetings.rules.pending_change import is_protected
from meetings.write_lock import write_transaction

RECOVERY_CODES = 10
CODE_LENGTH = 6
LOGIN_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O, 1 I L, which are mistaken for each other
LOGIN_CODE_LENGTH = 16  # 79 bits
LOGIN_CODE_GROUP = 4
LOGIN_CODE_DAYS = 7
MIN_REPORTED_WAIT = 2  # seconds; a shorter wait is over before the person has typed another code


def assign_password(person: Person, password: str, *, temporary: bool) -> None:
    """Set the password of a person who is saved afterwards; a new person without a password cannot log in."""
    if password:
        require_strong_password(person, password)
        person.set_password(password)
        person.password_is_temporary = temporary
    elif not person.pk:
        person.set_unusable_password()


@dataclass(frozen=True)
class IssuedCode:
    """A one-time code as it is shown once, in groups of four characters."""

    person: Person
    code: str
    expires_on: object


@write_transaction()
def issue_code(person: Person, *, by: Person | None, shown_to: Person | None, version: int | None = None) -> IssuedCode:
    """Replace the password of a person by a one-time code and return the code, which is stored nowhere.

    The old password and all earlier codes stop working, open sessions end. A second factor stays as it is. `Refused`
    if the account is deactivated, or protected and no second person confirmed.
    """
    row = locked(person, version)
    require_administrator(by, row)
    if not row.is_active:
        raise Refused(_("%(name)s is deactivated. Reactivate the account first.") % {"name": row}, code="is_inactive")
    require_second_person(by, is_protected(row))
    plain = "".join(secrets.choice(LOGIN_CODE_ALPHABET) for _place in range(LOGIN_CODE_LENGTH))
    issued = LoginCode.objects.create(
        person=row,
        digest=login_code_digest(row.pk, plain),
        issued_at=clock.now(),
        expires_at=clock.now() + timedelta(days=LOGIN_CODE_DAYS),
        issued_by=by,
        shown_to=shown_to,
    )
    row.set_unusable_password()
    row.password_is_temporary = False
    row.version += 1
    row.save()
    shown = {"shown_to": _("shown to %(who)s") % {"who": shown_to}} if shown_to is not None else {}
    announce(row, "login_code", by=by, data={**shown, **supervision_data(row)})
    refresh(person, row)
    groups = [plain[start : start + LOGIN_CODE_GROUP] for start in range(0, LOGIN_CODE_LENGTH, LOGIN_CODE_GROUP)]
    return IssuedCode(row, "-".join(groups), timezone.localtime(issued.expires_at))


def supervision_data(person: Person) -> dict[str, object]:
    """Return for the log that an administrator or auditor lost the own login without a second person, if it is so."""
    given = confirmation.current()
    held = Tenure.objects.filter(now_or_later(), person=person.pk, post__role__in=SUPERVISING_ROLES)
    return {"ends_supervision": True} if given is not None and given.alone and held.exists() else {}


def redeem_code(username: str, typed: str) -> Person | None:
    """Consume the open one-time code of a login if `typed` is it; return its active person, else None.

    It works once: of two logins at the same moment one succeeds. A login without a code costs the same query as one
    with a code, or as none.
    """
    code = open_code_of_login(username)
    if code is None:
        return None
    digest = login_code_digest(code.person_id, _normalize_typed(typed))
    if not constant_time_compare(code.digest, digest):
        return None
    with write_transaction():
        used = LoginCode.objects.filter(pk=code.pk, used_at=None).update(used_at=clock.now())
    return code.person if used else None


def _normalize_typed(typed: str) -> str:
    """Return a typed one-time code in capital letters, without spaces and hyphens."""
    return "".join(typed.split()).replace("-", "").upper()


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
        if row.check_password(password) or _is_latest_code(row, password):
            raise Refused(_("This is the present password. Choose another."), code="password_unchanged")
        require_strong_password(row, password)
        row.set_password(password)
        row.password_is_temporary = False
        row.version += 1
        row.save()
        announce(row, "choose_password", by=row)
    refresh(person, row)
    return person


def _is_latest_code(person: Person, typed: str) -> bool:
    """Return whether the typed text is the code that the person was given, which others have seen."""
    code = latest_code(person)
    return code is not None and constant_time_compare(
        code.digest, login_code_digest(person.pk, _normalize_typed(typed))
    )


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
        require_second_person(by, is_protected(row))
        Telephone.objects.filter(user=row.pk).delete()
        StaticDevice.objects.filter(user=row.pk).delete()
        row.version += 1
        row.save()
        announce(row, "reset_device", by=by, data=supervision_data(row))
    refresh(person, row)
    return person
