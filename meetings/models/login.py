"""What a second factor leaves in the database: nothing that a copy of the database alone could log in with."""

from base64 import b32encode

from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_totp.models import TOTPDevice


class Telephone(TOTPDevice):
    """A telephone that shows codes. Its secret is made anew from `key` and the installation's SECRET_KEY each time."""

    class Meta:
        proxy = True
        default_permissions = ()

    @property
    def bin_key(self) -> bytes:
        """The secret that the telephone was given; it is stored nowhere."""
        return salted_hmac("meetings.telephone", self.key, algorithm="sha256").digest()[:20]


def kept_code(code: str) -> str:
    """What is kept of a recovery code: too little to read it back, and of no use without the SECRET_KEY."""
    made = salted_hmac("meetings.recovery_code", code, algorithm="sha256").digest()
    return b32encode(made[:10]).decode().lower()
