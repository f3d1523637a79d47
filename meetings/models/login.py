"""Stored data of second factor and one-time codes. A copy of the database without the SECRET_KEY opens no login."""

from base64 import b32encode

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from meetings.models.people import Person


class Telephone(TOTPDevice):
    """A TOTP device. Its secret is not stored: it is derived from `key` and the SECRET_KEY on each use."""

    class Meta:
        proxy = True
        default_permissions = ()

    @property
    def bin_key(self) -> bytes:
        """The TOTP secret (20 bytes) that the telephone was given."""
        return salted_hmac("meetings.telephone", self.key, algorithm="sha256").digest()[:20]


def recovery_code_hash(code: str) -> str:
    """Return the stored form of a recovery code: a truncated HMAC with the SECRET_KEY, which cannot be reversed."""
    digest = salted_hmac("meetings.recovery_code", code, algorithm="sha256").digest()
    return b32encode(digest[:10]).decode().lower()


class LoginCode(models.Model):
    """A one-time code with which a person logs in once, to choose a password; the latest one of a person counts.

    Only its hash is stored. It works while it is neither used nor expired and the person has no password.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="login_codes", verbose_name=_("person"))
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField(_("issued at"))
    expires_at = models.DateTimeField(_("expires at"))
    issued_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="codes_issued", verbose_name=_("requested by")
    )
    shown_to = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="codes_seen", verbose_name=_("shown to")
    )
    used_at = models.DateTimeField(_("used at"), null=True)

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        ordering = ["-issued_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person} · {self.issued_at:%Y-%m-%d}"


def login_code_digest(person_id: int, code: str) -> str:
    """Return the stored form of a one-time code, bound to its person: an HMAC with the SECRET_KEY.

    The code itself is random and long enough (79 bits) that it needs no slow hash.
    """
    return salted_hmac("meetings.login_code", f"{person_id}:{code}", algorithm="sha256").hexdigest()
