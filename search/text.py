"""What equals what: the one definition that indexing, asking and highlighting share.

A text is folded (NFKC, lower case) and cut into tokens. A Chinese character is a token, a run of digits is one (a
decimal point inside a number holds), a run of other letters is one. Brackets of every form and white space part tokens,
no more: 〔2024〕 = [2024] = （2024） = a space. Everything else (punctuation, symbols, control characters) is a break.
A phrase is found where its tokens follow one another without a break between. So Chinese is found as a substring, and
50万 does not find 150万.

Key concepts
- `fold(text)`: the text as it is compared.
- `stretches(text)`: its runs of Chinese characters, its numbers and words, and its breaks, in order.
- `breaks(text)`: its tokens, one phrase per part without a break.
- `find(phrases, text)`: where phrases occur in a text as it was written, for highlights.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

Phrase = tuple[str, ...]
Stretch = tuple[str, str]  # Chinese, or a number or a word; of a break, neither

# Scripts that write no space between words: Han with its marks of repetition and 〇, kana, bopomofo.
_CHINESE = (
    "\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_LETTER = rf"[^\W\d_{_CHINESE}]"
# What Unicode calls opening and closing punctuation; quotation marks are not among them.
_BRACKETS = "".join(char for char in map(chr, range(0x10000)) if unicodedata.category(char) in {"Ps", "Pe"})
_GAP = rf"[\s{re.escape(_BRACKETS)}]"

# Gaps match none of it, and are passed over.
_STRETCH = re.compile(rf"([{_CHINESE}]+)|(\d+(?:\.\d+)*|{_LETTER}+)|(?!{_GAP}).", re.DOTALL)
_INSIDE_CHINESE = re.compile(rf"(?<=[{_CHINESE}]){_GAP}+(?=[{_CHINESE}])")
_ONE_CHINESE = re.compile(f"[{_CHINESE}]")
_ONE_DIGIT = re.compile(r"\d")
# A text of these alone folds character by character, so that its places need no working out.
_PLAIN = re.compile(
    "[\x00-\x7f\u00b7\u2014\u2018\u2019\u201c\u201d\u241e\u241f\u3000-\u3029\u3030-\u303f\u4e00-\u9fff\uff01-\uff5e]*"
)
# What NFKC makes of those of them that it changes; several times as fast as asking for it.
_WIDE = re.compile("[\u3000\u3036\u3038-\u303a\uff01-\uff5e]")
_NARROW = {char: unicodedata.normalize("NFKC", char) for char in map(chr, range(0x10000)) if _WIDE.match(char)}


_CAPITAL = re.compile("[A-Z]")


class Span(NamedTuple):
    """A part of a text as it was written."""

    start: int
    end: int


def fold(text: str) -> str:
    """Return `text` in NFKC and lower case.

    Combining marks that NFKC leaves and format characters (a zero width space, a byte order mark) count for nothing.
    """
    if _PLAIN.fullmatch(text):
        folded = _WIDE.sub(lambda match: _NARROW[match.group()], text)
        return folded.lower() if _CAPITAL.search(folded) else folded  # Latin letters alone have two cases here
    return "".join(char for char in unicodedata.normalize("NFKC", text).lower() if _counts(char))


def _counts(char: str) -> bool:
    return unicodedata.category(char) not in {"Mn", "Mc", "Me", "Cf"}


def stretches(text: str) -> list[Stretch]:
    """Return the runs of Chinese characters, the numbers and words, and the breaks of `text`; gaps are left out.

    A gap inside Chinese is closed: the characters on either side follow one another.
    """
    return _STRETCH.findall(_INSIDE_CHINESE.sub("", fold(text)))


def breaks(text: str) -> list[Phrase]:
    """Return the tokens of `text`, one phrase per part without a break; parts without a token are left out."""
    part: list[str] = []
    found = [part]
    for chinese, word in stretches(text):
        if chinese:
            part.extend(chinese)
        elif word:
            part.append(word)
        else:
            part = []
            found.append(part)
    return [tuple(tokens) for tokens in found if tokens]


def is_chinese(token: str) -> bool:
    """Tell whether `token` is a character of a script without spaces, which is found inside longer runs."""
    return _ONE_CHINESE.match(token) is not None


def find(phrases: Iterable[Phrase], text: str) -> list[Span]:
    """Return where any of `phrases` occurs in `text`, in order; touching and overlapping places are one."""
    folded = fold(text)
    # Most texts hold no phrase, and to look for its ends is cheap.
    held = (phrase for phrase in phrases if phrase[0] in folded and phrase[-1] in folded)
    found = sorted(place for phrase in held for place in _places(_pattern(phrase), folded))
    spans: list[Span] = []
    if found:
        origins = _origins(text)
        for start, end in found:
            _add(spans, Span(origins[start], _end(origins, end, len(text))))
    return spans


def _places(pattern: re.Pattern[str], folded: str) -> Iterator[tuple[int, int]]:
    """Yield every place where `pattern` begins, also within one that began before."""
    start = 0
    while match := pattern.search(folded, start):
        yield match.span()
        start = match.start() + 1


@lru_cache(maxsize=1000)
def _pattern(phrase: Phrase) -> re.Pattern[str]:
    """Return what finds `phrase` in a folded text. It begins with a letter, so that most of a text is passed over."""
    return re.compile(f"{_GAP}*".join(map(_token_pattern, phrase)))


def _token_pattern(token: str) -> str:
    if is_chinese(token):
        return token
    if _ONE_DIGIT.match(token):
        return rf"(?<!\d)(?<!\d\.){re.escape(token)}(?!\d)(?!\.\d)"
    return f"(?<!{_LETTER}){token}(?!{_LETTER})"


def _origins(text: str) -> Sequence[int]:
    """Return, for each character of the folded `text`, where in `text` it came from."""
    if _PLAIN.fullmatch(text):
        return range(len(text))
    origins: list[int] = []
    starts = [index for index, char in enumerate(text) if index == 0 or not _joins(char)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        piece = unicodedata.normalize("NFKC", text[start:end]).lower()
        origins += [start] * sum(map(_counts, piece))
    return origins


def _joins(char: str) -> bool:
    """Tell whether NFKC may melt `char` into the one before it: marks, and the later letters of a Korean syllable."""
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"


def _end(origins: Sequence[int], end: int, length: int) -> int:
    """Return the index in the written text just behind the folded character `end - 1`."""
    last = origins[end - 1]
    while end < len(origins) and origins[end] == last:  # one written character may fold to several
        end += 1
    return origins[end] if end < len(origins) else length


def _add(spans: list[Span], span: Span) -> None:
    """Add `span`, which starts no earlier than those before, and melt it into the last one that it touches."""
    if spans and span.start <= spans[-1].end:
        spans[-1] = Span(spans[-1].start, max(spans[-1].end, span.end))
    else:
        spans.append(span)
