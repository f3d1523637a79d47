"""What a text may not hold: signs that nobody sees, which turn the order of reading around or hide what stands there.

Key concepts
- `hidden_sign(text)`: the first of them, with the words before it; tabs and ends of lines are none.
- `demand_visible(text)`: the validator of every text that somebody types.
"""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

KINDS = {"Cc", "Cf", "Zl", "Zp"}  # of Unicode: controls, formats (U+202E, U+200B, U+FEFF), ends of lines and paragraphs
LINES = "\t\r\n"
SHOWN_BEFORE = 8


def hidden_sign(text: str) -> str:
    """Say where a text holds a sign that cannot be seen, and what to do; empty if it holds none."""
    for place, sign in enumerate(text):
        if unicodedata.category(sign) in KINDS and sign not in LINES:
            told = {"code": f"U+{ord(sign):04X}", "before": _shown(text[max(0, place - SHOWN_BEFORE) : place])}
            if not told["before"]:
                return _("It begins with a sign that cannot be seen (%(code)s). Type the beginning anew.") % told
            reason = _(
                "After “%(before)s” stands a sign that cannot be seen (%(code)s). Delete this place and retype it."
            )
            return reason % told
    return ""


def _shown(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign) not in KINDS).strip()


def demand_visible(text: str) -> None:
    """Refuse a text that holds a sign that cannot be seen."""
    if reason := hidden_sign(text):
        raise ValidationError(reason, code="hidden_sign")
