"""Stored data of the second factor. A copy of the database without the SECRET_KEY is not enough to log in."""

from base64 import b32encode

from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_totp.models import TOTPDevice


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
