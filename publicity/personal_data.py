"""Detection of personal data in texts that are about to be published.

- `find_personal_data(text)`: identity numbers (check character and date of birth), mobile numbers and bank cards
  (Luhn), in the order of the text.
- `Finding`: a number, with the masked form that may replace it.
- `html_to_text(html)`: the text of rich text; a tag inside a number does not hide the number.

Identity numbers follow GB 11643. The masks are those in common use: an identity number keeps its first six and last
four characters, a mobile number its first three and last four, a bank card its last four.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from django.utils.translation import gettext_lazy as _
from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

IDENTITY, MOBILE, CARD = "identity", "mobile", "card"
LABELS: dict[str, object] = {
    IDENTITY: _("an identity number"),
    MOBILE: _("a mobile number"),
    CARD: _("a bank card number"),
}

# Digits as people write them: in groups separated by one space or hyphen.
_RUN = re.compile(r"(?<![0-9])(?:\+?86[ -]?)?[0-9](?:[ -]?[0-9]){10,18}[ -]?[Xx]?(?![0-9])")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_BLOCK = re.compile(r"</?(?:p|h[1-6]|li|ul|ol|br|div|tr|td|th|blockquote|hr)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])


@dataclass(frozen=True)
class Finding:
    """A number that identifies a person: its kind, its bare digits and its masked form."""

    kind: str
    value: str
    masked: str

    @property
    def label(self) -> str:
        """The kind of the number, for messages."""
        return str(LABELS[self.kind])

    @property
    def digest(self) -> str:
        """The SHA-256 digest of the number, by which exceptions recognise it without storing it."""
        return hashlib.sha256(f"{self.kind}:{self.value}".encode()).hexdigest()


def html_to_text(html: str) -> str:
    """Return the text of rich text: block tags become line breaks, other tags vanish, entities are resolved."""
    return unescape(_TAG.sub("", _BLOCK.sub("\n", html)))


def find_personal_data(text: str) -> list[Finding]:
    """Return the personal numbers in a text, each once, in the order of their first appearance."""
    folded = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    folded = re.sub(r"[\u2010-\u2015\u2212]", "-", folded)
    return list(dict.fromkeys(finding for match in _RUN.finditer(folded) for finding in _classify_run(match.group())))


def _classify_run(written: str) -> Iterator[Finding]:
    """Yield the personal numbers in a run of digits.

    A run that is none as a whole may hold several numbers separated by spaces: each part is checked too.
    """
    whole = re.sub(r"[ -]", "", written).upper()
    found = _classify_number(whole)
    if found:
        yield found
        return
    for part in re.split(r"[ -]", written.upper()):
        if part != whole and (inner := _classify_number(part)):
            yield inner


def _classify_number(digits: str) -> Finding | None:
    bare = digits.removeprefix("+")
    if is_identity_number(bare):
        return Finding(IDENTITY, bare, f"{bare[:6]}********{bare[-4:]}")
    number = bare.removeprefix("86") if len(bare) == 13 else bare
    if _MOBILE.fullmatch(number):
        return Finding(MOBILE, number, f"{number[:3]}****{number[-4:]}")
    if bare.isdigit() and 16 <= len(bare) <= 19 and passes_luhn(bare):
        return Finding(CARD, bare, "*" * (len(bare) - 4) + bare[-4:])
    return None


def is_identity_number(text: str) -> bool:
    """Return True for a valid identity number (GB 11643).

    It has 18 characters, an existing date of birth and the right check character.
    """
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", text):
        return False
    try:
        born = ric.get_birth_date(text)
    except InvalidComponent:
        return False
    # Not `ric.is_valid`: that knows the areas of its own list only, and would let the numbers of others pass.
    return born.year >= 1880 and text[-1] == ric.calc_check_digit(text)


def passes_luhn(digits: str) -> bool:
    """Return True if the digits pass the Luhn check and are not all the same."""
    return len(set(digits)) > 1 and luhn.is_valid(digits)
