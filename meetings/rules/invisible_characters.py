"""Detection of invisible characters, which can reverse the reading order of a text or hide parts of it.

- `invisible_character_message(text)`: a message about the first one; tabs and line ends are allowed.
- `validate_no_invisible_characters(text)`: the form validator for all text that users type.
"""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Unicode categories: control, format (U+202E, U+200B, U+FEFF), line and paragraph separators.
INVISIBLE_CATEGORIES = {"Cc", "Cf", "Zl", "Zp"}
ALLOWED_CONTROLS = "\t\r\n"
CONTEXT_LENGTH = 8


def invisible_character_message(text: str) -> str:
    """Return where the first invisible character is and what to do; empty if there is none."""
    for position, character in enumerate(text):
        if unicodedata.category(character) in INVISIBLE_CATEGORIES and character not in ALLOWED_CONTROLS:
            values = {
                "code": f"U+{ord(character):04X}",
                "before": _without_invisible(text[max(0, position - CONTEXT_LENGTH) : position]),
            }
            if not values["before"]:
                return _("It begins with a sign that cannot be seen (%(code)s). Type the beginning anew.") % values
            reason = _(
                "After “%(before)s” stands a sign that cannot be seen (%(code)s). Delete this place and retype it."
            )
            return reason % values
    return ""


def _without_invisible(text: str) -> str:
    return "".join(
        character for character in text if unicodedata.category(character) not in INVISIBLE_CATEGORIES
    ).strip()


def validate_no_invisible_characters(text: str) -> None:
    """Raise `ValidationError` if the text contains an invisible character."""
    if reason := invisible_character_message(text):
        raise ValidationError(reason, code="hidden_sign")
