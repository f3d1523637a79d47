"""Parser for the text of a query.

White space separates terms, and every term must occur. A break inside a term separates it as well. Brackets only
separate tokens, so 垣政办发〔2024〕19号 is one phrase. White space between quotation marks ("…" or “…”) does not
separate terms. A minus before a term excludes documents that contain it.

If nothing is found, the query can be relaxed (`relax_query`): question words (怎么办, 的 …) are removed, the rest is
cut into pairs of adjacent tokens, and at least half of the pairs must occur. Excluded terms stay excluded. The index
does not change.

- `TextQuery`: phrases, how many of them a document must contain, and excluded phrases.
- `parse_query(text)`: the query for every term. `relax_query(text)`: the relaxed query, or None.
- `refusal(text)`: a message for the reader if a text can never match, whatever the index contains.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

from search.text import Phrase, fold, split_phrases

LONGEST_TERM = 255
MOST_PAIRS = 200
# Words that form a question and name nothing. Longer words come first: the pattern takes the first alternative.
QUESTION_WORDS = re.compile(
    "怎么办|怎么样|为什么|有没有|是不是|能不能|可不可以|怎么|怎样|如何|什么|哪些|哪里|哪个|多少|是否|关于|有关|请问|问题|情况|的|吗|呢"
)


# A term begins after white space. It ends at its quotation mark or at the next white space.
_TERM = re.compile(
    r"""
    (?:(?<!\S)(?P<minus>-)(?=[^\s-]))?
    (?:(?<![^\s-])(?:"(?P<quoted>[^"]+)"|“(?P<curly>[^“”]+)”)|(?P<plain>\S+))
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class TextQuery:
    """A condition on documents: at least `min_match` of `phrases` occur, and none of `excluded` does.

    An empty query matches every document.
    """

    phrases: tuple[Phrase, ...] = ()
    min_match: int = 0
    excluded: tuple[Phrase, ...] = ()

    @property
    def all(self) -> bool:
        """True if every phrase must occur."""
        return self.min_match == len(self.phrases)


class Term(NamedTuple):
    """A folded term, without its quotation marks and its minus."""

    text: str
    excluded: bool


def terms(text: str) -> list[Term]:
    """Return the terms of `text` in order. A minus excludes only directly before a term and after white space."""
    return [
        Term(match["quoted"] or match["curly"] or match["plain"], bool(match["minus"]))
        for match in _TERM.finditer(fold(text))
    ]


def _phrases(terms: Iterable[str]) -> tuple[Phrase, ...]:
    """Return the distinct phrases of `terms`."""
    return tuple(dict.fromkeys(phrase for term in terms for phrase in split_phrases(term)))


def parse_query(text: str) -> TextQuery:
    """Return the query that requires every term of `text`."""
    found = terms(text)
    phrases = _phrases(term.text for term in found if not term.excluded)
    return TextQuery(phrases, len(phrases), _phrases(term.text for term in found if term.excluded))


def relax_query(text: str) -> TextQuery | None:
    """Return the relaxed query for `text`. None if it equals the exact query or has more than `MOST_PAIRS` pairs."""
    exact = parse_query(text)
    asked = [term.text for term in terms(text) if not term.excluded]
    strict = _phrases(QUESTION_WORDS.sub("。", term) for term in asked) or exact.phrases
    pairs = dict.fromkeys(pair for phrase in strict for pair in (pairwise(phrase) if len(phrase) > 1 else [phrase]))
    loose = TextQuery(tuple(pairs), (len(pairs) + 1) // 2, exact.excluded)
    return None if not 0 < len(pairs) <= MOST_PAIRS or loose == exact else loose


def refusal(text: str) -> str:
    """Return why `text` cannot match, or an empty string. A term is too long, or `text` has no token."""
    if any(len(term.text) > LONGEST_TERM for term in terms(text)):
        return _(
            "A search term may have at most %(most)s characters. Please shorten it or put spaces between terms."
        ) % {"most": LONGEST_TERM}
    if text.strip() and parse_query(text) == TextQuery():
        return _("Punctuation and symbols alone cannot be searched. Please enter Chinese characters, words or numbers.")
    return ""
