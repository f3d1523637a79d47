"""Password validation in addition to Django's validators (GB/T 22239: complex passwords)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from meetings.models.people import AnyUser

REQUIRED_KINDS = 3


def character_kinds(password: str) -> int:
    """Return the number of character kinds used: upper case, lower case, digits, other letters (中文), symbols."""
    found = set()
    for character in password:
        if character.isupper():
            found.add("capital")
        elif character.islower():
            found.add("small")
        elif character.isdigit():
            found.add("figure")
        else:
            found.add("letter" if character.isalpha() else "sign")
    return len(found)


class KindsValidator:
    """Require at least three kinds of characters."""

    def validate(self, password: str, user: AnyUser | None = None) -> None:
        """Raise ValidationError if the password has too few kinds."""
        if character_kinds(password) < REQUIRED_KINDS:
            raise ValidationError(self.get_help_text(), code="password_of_few_kinds")

    def get_help_text(self) -> str:
        """Return the rule as text for forms."""
        return _("Use at least three of these: capital letters, small letters, figures, Chinese characters, signs.")
