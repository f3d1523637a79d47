"""What a typed text asks for.

White space parts terms, and each term must be found; a break inside a term parts it likewise. Brackets part tokens
only, so 垣政办发〔2024〕19号 is one phrase. White space between quotation marks ("…" or “…”) parts nothing either. What
a term with a minus before it names must not be found.

When nothing is found, a text can be asked more loosely (`relaxed`): words that only ask (怎么办, 的 …) are left out,
and what remains is cut into pairs of neighbouring tokens, of which at least half must occur; what was excluded stays
so. The index stays as it is.

Key concepts
- `Wanted`: phrases, how many of them a document must hold, and those that it must not.
- `wanted(text)`: every term. `relaxed(text)`: half of its pairs, or None when that asks for nothing else.
- `refusal(text)`: why a text finds nothing whatever the index holds, in words for the reader.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

from search.text import Phrase, breaks, fold

LONGEST_TERM = 255
MOST_PAIRS = 200
# Words by which people ask rather than name. Longer ones first: the pattern takes the first that fits.
ASKING = re.compile(
    "怎么办|怎么样|为什么|有没有|是不是|能不能|可不可以|怎么|怎样|如何|什么|哪些|哪里|哪个|多少|是否|关于|有关|请问|问题|情况|的|吗|呢"
)


# A term begins behind white space: in quotation marks, or up to the next white space.
_TERM = re.compile(
    r"""
    (?:(?<!\S)(?P<minus>-)(?=[^\s-]))?
    (?:(?<![^\s-])(?:"(?P<quoted>[^"]+)"|“(?P<curly>[^“”]+)”)|(?P<plain>\S+))
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Wanted:
    """A document is found when at least `need` of `phrases` occur in it, and none of `without`.

    Nothing wanted: every document is found.
    """

    phrases: tuple[Phrase, ...] = ()
    need: int = 0
    without: tuple[Phrase, ...] = ()

    @property
    def all(self) -> bool:
        """True when no phrase may be missing."""
        return self.need == len(self.phrases)


class Term(NamedTuple):
    """A folded term, without its quotation marks and its minus."""

    text: str
    excluded: bool


def terms(text: str) -> list[Term]:
    """Return the terms of `text` in their order. A minus counts right before a term, and behind white space alone."""
    return [
        Term(match["quoted"] or match["curly"] or match["plain"], bool(match["minus"]))
        for match in _TERM.finditer(fold(text))
    ]


def _phrases(terms: Iterable[str]) -> tuple[Phrase, ...]:
    """Return the phrases of `terms`, each once."""
    return tuple(dict.fromkeys(phrase for term in terms for phrase in breaks(term)))


def wanted(text: str) -> Wanted:
    """Return what `text` asks for, every term of it."""
    found = terms(text)
    phrases = _phrases(term.text for term in found if not term.excluded)
    return Wanted(phrases, len(phrases), _phrases(term.text for term in found if term.excluded))


def relaxed(text: str) -> Wanted | None:
    """Return the looser reading of `text`; None when it is the exact one or has too many pairs to be meant so."""
    exact = wanted(text)
    asked = [term.text for term in terms(text) if not term.excluded]
    strict = _phrases(ASKING.sub("。", term) for term in asked) or exact.phrases
    pairs = dict.fromkeys(pair for phrase in strict for pair in (pairwise(phrase) if len(phrase) > 1 else [phrase]))
    loose = Wanted(tuple(pairs), (len(pairs) + 1) // 2, exact.without)
    return None if not 0 < len(pairs) <= MOST_PAIRS or loose == exact else loose


def refusal(text: str) -> str:
    """Return why `text` finds nothing, or an empty string: a term is too long, or nothing in it can be searched."""
    if any(len(term.text) > LONGEST_TERM for term in terms(text)):
        return _(
            "A search term may have at most %(most)s characters. Please shorten it or put spaces between terms."
        ) % {"most": LONGEST_TERM}
    if text.strip() and wanted(text) == Wanted():
        return _("Punctuation and symbols alone cannot be searched. Please enter Chinese characters, words or numbers.")
    return ""
