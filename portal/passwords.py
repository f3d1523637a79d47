"""What a password has to be made of, beside the rules that Django brings (GB/T 22239: complex passwords)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

KINDS_NEEDED = 3


def kinds(password: str) -> int:
    """How many kinds of characters there are: capitals, small letters, figures, other letters (中文), signs."""
    found = set()
    for sign in password:
        if sign.isupper():
            found.add("capital")
        elif sign.islower():
            found.add("small")
        elif sign.isdigit():
            found.add("figure")
        else:
            found.add("letter" if sign.isalpha() else "sign")
    return len(found)


class KindsValidator:
    """At least three kinds of characters."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a password of too few kinds."""
        if kinds(password) < KINDS_NEEDED:
            raise ValidationError(self.get_help_text(), code="password_of_few_kinds")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("Use at least three of these: capital letters, small letters, figures, Chinese characters, signs.")
