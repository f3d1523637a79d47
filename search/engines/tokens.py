"""Tokens as the full-text tables of both databases keep them.

Each run of Chinese characters becomes its adjacent pairs and, as its tail, its last character alone; a run of digits
or of letters is one token; a break leaves a token of its own. A phrase of pairs is the substring, and a last character
that stands alone is asked as the beginning of a pair. So a table of these tokens in their order answers exactly what
`search.text` defines.

Key concepts
- `tokens(text)`: what is kept of a text. `asked(phrase)`: what is asked for a phrase.
"""

from operator import add
from typing import NamedTuple

from search.text import Phrase, is_chinese, stretches

STOP = "。"  # a break; never part of a token: it is punctuation


class Asked(NamedTuple):
    """Tokens that follow one another; with `beginning`, the last one is only how a token begins."""

    tokens: list[str]
    beginning: bool


def tokens(text: str) -> list[str]:
    """Return the tokens of `text` in their order, `STOP` for each break."""
    found: list[str] = []
    for chinese, word in stretches(text):
        if chinese:
            found.extend(map(add, chinese, chinese[1:]))
            found.append(chinese[-1])
        else:
            found.append(word or STOP)
    return found


def asked(phrase: Phrase) -> Asked:
    """Return what finds `phrase`: pairs where two Chinese characters meet, a last one alone as a beginning."""
    found: list[str] = []
    last = len(phrase) - 1
    for index, token in enumerate(phrase):
        chinese = is_chinese(token)
        if chinese and index < last and is_chinese(phrase[index + 1]):
            found.append(token + phrase[index + 1])
        elif not (chinese and index == last > 0 and is_chinese(phrase[index - 1])):
            found.append(token)
    return Asked(found, beginning=found[-1] == phrase[-1] and is_chinese(phrase[-1]))
