"""Detection of what makes a short public text more than a sentence: an address, or digits in a row.

A number or an address in a text leads readers to somebody. It is found however it is written: in full-width forms, in
other scripts or Chinese numerals, with invisible characters, spaces or punctuation inside. Too much is found rather
than too little, because the only consequence is that a second person reads the text.

- `has_address(text)`: an address of the web, of a machine or of mail.
- `longest_digit_run(text)`: how many digits stand in a row; only letters end a row.
"""

import re
import unicodedata

_DIGITS = frozenset(range(10))
_ROUND_ZERO_AND_YAO = "○幺"  # used as digits, but without a numeric value in Unicode
# Browsers accept the Chinese full stop in a host name; people write 点 or (dot) for it.
_DOT = re.compile(r"[。｡․‧·•]|(?<=[a-z0-9])[(\[【]?(?:dot|点)[)\]】]?(?=[a-z])", re.IGNORECASE)
# A name, a dot, and a top-level domain: letters of any alphabet, or one of the Chinese ones in use.
_HOST = re.compile(r"[^\W_]\.(?:[^\W\d_\u2e80-\u9fff]{2,}|中国|中國|公司|网络|網絡|网址|政务|公益|商城|网店|集团|在线)")
_ADDRESS = re.compile(r"@|://|www\.|\d{1,3}(?:\.\d{1,3}){3}|(?:https?|ftp|mailto|tel|weixin):", re.IGNORECASE)


def _normalized(text: str) -> str:
    """Return the text in normal forms, without what is not visible."""
    visible = (sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) not in {"Cf", "Cc"})
    return unicodedata.normalize("NFKC", "".join(visible))


def has_address(text: str) -> bool:
    """Return True if a text holds an address of the web, of a machine or of mail, or an account name with @."""
    dotted = _DOT.sub(".", re.sub(r"\s+", "", _normalized(text)))
    return bool(_ADDRESS.search(dotted) or _HOST.search(dotted))


def longest_digit_run(text: str) -> int:
    """Return the length of the longest row of digits; spaces, punctuation and marks between them do not end it.

    Chinese numerals count as digits, except 十, 百, 千 and 万, which end a row: they write numbers out in words.
    """
    longest = run = 0
    for sign in _normalized(text):
        if unicodedata.numeric(sign, -1) in _DIGITS or sign in _ROUND_ZERO_AND_YAO:
            run += 1
        elif unicodedata.category(sign)[0] in {"L", "N"}:
            run = 0
        longest = max(longest, run)
    return longest
