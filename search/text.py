"""Tokenization: when two texts match. Indexing, queries and highlighting share this definition.

A text is folded (NFKC, lower case) and split into tokens. Each Chinese character is a token. A run of digits is a
token, including decimal points between digits. A run of other letters is a token. White space and brackets of every
kind only separate tokens: 〔2024〕 = [2024] = （2024） = 2024 between spaces. Every other character (punctuation,
symbols, control characters) is a break. A phrase matches where its tokens follow one another without a break between
them. So Chinese text matches by substring, and 50万 does not match 150万.

- `fold(text)`: the normalized text that is compared.
- `segments(text)`: the runs of Chinese characters, the numbers and words, and the breaks, in order.
- `split_phrases(text)`: the tokens, one phrase per part without a break.
- `find_spans(phrases, text)`: the positions of phrases in the original text, for highlighting.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

Phrase = tuple[str, ...]
Segment = tuple[str, str]  # (Chinese run, number or word); both are empty for a break

# Scripts without spaces between words: Han with its iteration marks and 〇, kana, bopomofo.
_CHINESE = (
    "\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_LETTER = rf"[^\W\d_{_CHINESE}]"
# Unicode categories of opening and closing punctuation. Quotation marks do not belong to them.
_BRACKETS = "".join(char for char in map(chr, range(0x10000)) if unicodedata.category(char) in {"Ps", "Pe"})
_GAP = rf"[\s{re.escape(_BRACKETS)}]"

# Gaps match no alternative and are skipped.
_SEGMENT = re.compile(rf"([{_CHINESE}]+)|(\d+(?:\.\d+)*|{_LETTER}+)|(?!{_GAP}).", re.DOTALL)
_INSIDE_CHINESE = re.compile(rf"(?<=[{_CHINESE}]){_GAP}+(?=[{_CHINESE}])")
_ONE_CHINESE = re.compile(f"[{_CHINESE}]")
_ONE_DIGIT = re.compile(r"\d")
# A text of only these characters folds one to one, so positions need no mapping.
_PLAIN = re.compile(
    "[\x00-\x7f\u00b7\u2014\u2018\u2019\u201c\u201d\u241e\u241f\u3000-\u3029\u3030-\u303f\u4e00-\u9fff\uff01-\uff5e]*"
)
# NFKC of those characters of `_PLAIN` that it changes. A table lookup is several times as fast as `normalize`.
_WIDE = re.compile("[\u3000\u3036\u3038-\u303a\uff01-\uff5e]")
_NARROW = {char: unicodedata.normalize("NFKC", char) for char in map(chr, range(0x10000)) if _WIDE.match(char)}


_CAPITAL = re.compile("[A-Z]")


class Span(NamedTuple):
    """A half-open range of character positions in an original text."""

    start: int
    end: int


def fold(text: str) -> str:
    """Return `text` in NFKC and lower case.

    Format characters (a zero width space, a byte order mark) and combining marks that NFKC leaves are removed.
    """
    if _PLAIN.fullmatch(text):
        folded = _WIDE.sub(lambda match: _NARROW[match.group()], text)
        return folded.lower() if _CAPITAL.search(folded) else folded  # only Latin letters have case here
    return "".join(char for char in unicodedata.normalize("NFKC", text).lower() if _is_significant(char))


def _is_significant(char: str) -> bool:
    return unicodedata.category(char) not in {"Mn", "Mc", "Me", "Cf"}


def segments(text: str) -> list[Segment]:
    """Return the runs of Chinese characters, the numbers and words, and the breaks of `text`.

    White space and brackets are left out. Between two Chinese characters they are removed first, so the characters on
    both sides belong to one run.
    """
    return _SEGMENT.findall(_INSIDE_CHINESE.sub("", fold(text)))


def split_phrases(text: str) -> list[Phrase]:
    """Return the tokens of `text`, one phrase per part without a break. Parts without tokens are left out."""
    part: list[str] = []
    found = [part]
    for chinese, word in segments(text):
        if chinese:
            part.extend(chinese)
        elif word:
            part.append(word)
        else:
            part = []
            found.append(part)
    return [tuple(tokens) for tokens in found if tokens]


def is_chinese(token: str) -> bool:
    """Return whether `token` is a character of a script without spaces, which also matches inside longer runs."""
    return _ONE_CHINESE.match(token) is not None


def find_spans(phrases: Iterable[Phrase], text: str) -> list[Span]:
    """Return where any of `phrases` occurs in `text`, in order. Adjacent and overlapping spans are merged."""
    folded = fold(text)
    # Most texts contain no phrase. Looking for its first and last token is a cheap filter.
    held = (phrase for phrase in phrases if phrase[0] in folded and phrase[-1] in folded)
    found = sorted(place for phrase in held for place in _match_spans(_pattern(phrase), folded))
    spans: list[Span] = []
    if found:
        origins = _source_positions(text)
        for start, end in found:
            _append_merged(spans, Span(origins[start], _source_end(origins, end, len(text))))
    return spans


def _match_spans(pattern: re.Pattern[str], folded: str) -> Iterator[tuple[int, int]]:
    """Yield every match of `pattern`, including matches that begin inside an earlier match."""
    start = 0
    while match := pattern.search(folded, start):
        yield match.span()
        start = match.start() + 1


@lru_cache(maxsize=1000)
def _pattern(phrase: Phrase) -> re.Pattern[str]:
    """Return a pattern that finds `phrase` in a folded text.

    After the lookbehinds it starts with the literal first token, so most of a text is skipped quickly.
    """
    return re.compile(f"{_GAP}*".join(map(_token_pattern, phrase)))


def _token_pattern(token: str) -> str:
    if is_chinese(token):
        return token
    if _ONE_DIGIT.match(token):
        return rf"(?<!\d)(?<!\d\.){re.escape(token)}(?!\d)(?!\.\d)"
    return f"(?<!{_LETTER}){token}(?!{_LETTER})"


def _source_positions(text: str) -> Sequence[int]:
    """Return, for each character of the folded `text`, its position in `text`."""
    if _PLAIN.fullmatch(text):
        return range(len(text))
    origins: list[int] = []
    starts = [index for index, char in enumerate(text) if index == 0 or not _is_combining(char)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        piece = unicodedata.normalize("NFKC", text[start:end]).lower()
        origins += [start] * sum(map(_is_significant, piece))
    return origins


def _is_combining(char: str) -> bool:
    """Return whether NFKC may merge `char` into the character before it.

    This holds for marks and for the second and third letters of a Korean syllable.
    """
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"


def _source_end(origins: Sequence[int], end: int, length: int) -> int:
    """Return the position in the original text just after the folded character `end - 1`."""
    last = origins[end - 1]
    while end < len(origins) and origins[end] == last:  # one original character may fold to several
        end += 1
    return origins[end] if end < len(origins) else length


def _append_merged(spans: list[Span], span: Span) -> None:
    """Append `span`, or merge it into the last span if they touch. Spans come in the order of their starts."""
    if spans and span.start <= spans[-1].end:
        spans[-1] = Span(spans[-1].start, max(spans[-1].end, span.end))
    else:
        spans.append(span)
