"""What a typed text asks for.

White space parts terms, and each term must be found; a break inside a term parts it likewise. Brackets part tokens
only, so 垣政办发〔2024〕19号 is one phrase.

When nothing is found, a text can be asked more loosely (`relaxed`): words that only ask (怎么办, 的 …) are left out,
and what remains is cut into pairs of neighbouring tokens, of which at least half must occur. The index stays as it is.

Key concepts
- `Wanted`: phrases, and how many of them a document must hold.
- `wanted(text)`: every term. `relaxed(text)`: half of its pairs, or None when that asks for nothing else.
- `refusal(text)`: why a text finds nothing whatever the index holds, in words for the reader.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from search.text import Phrase, breaks, fold

LONGEST_TERM = 255
MOST_PAIRS = 200
# Words by which people ask rather than name. Longer ones first: the pattern takes the first that fits.
ASKING = re.compile(
    "怎么办|怎么样|为什么|有没有|是不是|能不能|可不可以|怎么|怎样|如何|什么|哪些|哪里|哪个|多少|是否|关于|有关|请问|问题|情况|的|吗|呢"
)


@dataclass(frozen=True)
class Wanted:
    """A document is found when at least `need` of `phrases` occur in it. Nothing wanted: every document is found."""

    phrases: tuple[Phrase, ...] = ()
    need: int = 0

    @property
    def all(self) -> bool:
        """True when no phrase may be missing."""
        return self.need == len(self.phrases)


def _terms(text: str) -> list[str]:
    return fold(text).split()


def _unique(phrases: Iterable[Phrase]) -> tuple[Phrase, ...]:
    return tuple(dict.fromkeys(phrases))


def wanted(text: str) -> Wanted:
    """Return what `text` asks for, every term of it."""
    phrases = _unique(phrase for term in _terms(text) for phrase in breaks(term))
    return Wanted(phrases, len(phrases))


def relaxed(text: str) -> Wanted | None:
    """Return the looser reading of `text`; None when it is the exact one or has too many pairs to be meant so."""
    kept = ASKING.sub("。", " ".join(_terms(text)))
    strict = wanted(kept if breaks(kept) else text)
    pairs = _unique(pair for phrase in strict.phrases for pair in (pairwise(phrase) if len(phrase) > 1 else [phrase]))
    loose = Wanted(pairs, (len(pairs) + 1) // 2)
    return None if not 0 < len(pairs) <= MOST_PAIRS or loose == wanted(text) else loose


def refusal(text: str) -> str:
    """Return why `text` finds nothing, or an empty string: a term is too long, or nothing in it can be searched."""
    if any(len(term) > LONGEST_TERM for term in _terms(text)):
        return _(
            "A search term may have at most %(most)s characters. Please shorten it or put spaces between terms."
        ) % {"most": LONGEST_TERM}
    if text.strip() and not wanted(text).phrases:
        return _("Punctuation and symbols alone cannot be searched. Please enter Chinese characters, words or numbers.")
    return ""
