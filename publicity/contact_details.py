"""Detection of what makes a short public text more than a sentence: an address, or digits in a row.

A number or an address in a text leads readers to somebody. It is found however it is written: in full-width forms, in
other scripts or Chinese numerals, with invisible characters, spaces or punctuation inside. Too much is found rather
than too little, because the only consequence is that a second person reads the text.

- `has_address(text)`: an address of the web, of a machine or of mail, or an account of a messenger.
- `longest_digit_run(text)`: how many digits stand in a row; only letters end a row.
"""

import re
import unicodedata

_DIGITS = frozenset(range(10))
_ROUND_ZERO_AND_YAO = "○幺"  # used as digits, but without a numeric value in Unicode
# Words for the signs inside a number; 分机 (extension) is left out before.
_BETWEEN_DIGITS = frozenset("转轉点點杠槓横橫减減")
_NAMES_OF_DOTS = ("DOT", "FULL STOP", "BULLET", "HYPHENATION POINT", "KATAKANA MIDDLE")
_LATIN_ENDINGS = "com|cn|net|org|gov|edu|top|xyz|vip|info|biz|site|shop|club|online|mobi|cc|tv|io|me|wang|ren|ltd|link"
# Browsers accept the Chinese full stop in a host name; people write 点, (dot) or [.] for it.
_DOT = re.compile(
    r"[(\[{<【〔（]?[.。][)\]}>】〕）]?"
    r"|(?<=[a-z0-9])[(\[{<【〔]?(?:dot|点|點)[)\]}>】〕]?(?=[a-z])"
    rf"|[(\[{{<【〔]?(?:dot|点|點)[)\]}}>】〕]?(?=(?:{_LATIN_ENDINGS})(?![a-z]))",
    re.IGNORECASE,
)
# A name, a dot, and a top-level domain: letters of any alphabet, or one of the Chinese ones in use.
_HOST = re.compile(r"[^\W_]\.(?:[^\W\d_\u2e80-\u9fff]{2,}|中国|中國|公司|网络|網絡|网址|政务|公益|商城|网店|集团|在线)")
_ADDRESS = re.compile(r"@|//\w|www\.|\d{1,3}(?:\.\d{1,3}){3}|(?:https?|ftp|mailto|tel|weixin):", re.IGNORECASE)
_AT = re.compile(r"[a-z0-9][^a-z0-9]+at[^a-z0-9]+[a-z0-9]|[a-z0-9]\W*艾特\W*[a-z0-9]", re.IGNORECASE)
_ACCOUNT = re.compile(
    r"(?:微信|薇信|威信|微[xX]|q\W?q|扣扣|wx|vx|v信|we-?chat|weixin|公众号|小程序|抖音|快手|微博|群号|telegram)"
    r"(?:号码|号|群|账户|账号|帐号|搜索?|加|是|为|\W)*[a-z0-9]",
    re.IGNORECASE,
)


def _plain(sign: str) -> str:
    """Return one sign in its normal form: a dot of any script as a full stop, nothing for what is not visible."""
    category = unicodedata.category(sign)
    if category in {"Cf", "Cc"} and not sign.isspace():
        return ""
    if category[0] in {"P", "S", "M"} and any(name in unicodedata.name(sign, "") for name in _NAMES_OF_DOTS):
        return "."
    return unicodedata.normalize("NFKC", sign)


def _normalized(text: str) -> str:
    return unicodedata.normalize("NFKC", "".join(map(_plain, text)))


def has_address(text: str) -> bool:
    """Return True if a text holds an address of the web, of a machine or of mail, or an account."""
    spaced = _normalized(text)
    dotted = _DOT.sub(".", re.sub(r"\s+", "", spaced))
    return any(found.search(dotted) for found in (_ADDRESS, _HOST, _ACCOUNT)) or bool(_AT.search(spaced))


def longest_digit_run(text: str) -> int:
    """Return the length of the longest row of digits; spaces, punctuation and marks between them do not end it.

    Neither do words that are said for such signs, such as 转 and 杠. Every numeric character counts, with as many
    digits as its value has (Ⅻ: two). Chinese numerals count as digits, except 十, 百, 千 and 万, which end a row: they
    write numbers out in words.
    """
    longest = run = 0
    for sign in text.replace("分机", ""):
        width = _digits_in(sign)
        if width:
            run += width
        elif sign not in _BETWEEN_DIGITS and unicodedata.category(sign)[0] == "L":
            run = 0
        longest = max(longest, run)
    return longest


def _digits_in(sign: str) -> int:
    """Return how many digits a sign stands for."""
    if unicodedata.category(sign)[0] == "N":
        return len(str(abs(int(unicodedata.numeric(sign, 0)))))
    plain = unicodedata.normalize("NFKC", sign)  # ㊀ is 一, 🄀 is 0.
    return sum(unicodedata.numeric(part, -1) in _DIGITS or part in _ROUND_ZERO_AND_YAO for part in plain)
