"""Tokens as the full-text tables of both databases store them.

A run of Chinese characters is stored as its pairs of adjacent characters, followed by its last character alone. A run
of digits or of letters is one token. A break is a token of its own. A phrase of pairs matches a substring; a single
Chinese character at the end of a phrase is searched as a prefix. So these tables match exactly as `search.text`
defines.

- `index_tokens(text)`: the tokens to store. `phrase_tokens(phrase)`: the tokens to search for.
- `Text`: what a full-text table stores of a document. `marks_of(kind, tokens)`: its marks.
"""

from collections.abc import Collection, Iterable
from operator import add
from typing import NamedTuple

from search.text import Phrase, is_chinese, segments

BREAK = "。"  # never part of another token, because it is punctuation


Marks = Collection[str]


class Text(NamedTuple):
    """The texts of a document under its id, and its marks: its kind and the visibility tokens of its readers."""

    pk: int
    title: str
    body: str
    marks: Marks = ()


def kind_mark(kind: str) -> str:
    """Return the mark of the documents of a kind."""
    return f"kind:{kind}"


def marks_of(kind: str, tokens: Iterable[str]) -> list[str]:
    """Return the marks of a document of this kind with these visibility tokens."""
    return [kind_mark(kind), *sorted(tokens)]


class PhraseTokens(NamedTuple):
    """Consecutive tokens to search for. If `is_prefix`, the last one is a prefix."""

    tokens: list[str]
    is_prefix: bool


def index_tokens(text: str) -> list[str]:
    """Return the tokens of `text` in order, with `BREAK` for each break."""
    found: list[str] = []
    for chinese, word in segments(text):
        if chinese:
            found.extend(map(add, chinese, chinese[1:]))
            found.append(chinese[-1])
        else:
            found.append(word or BREAK)
    return found


def phrase_tokens(phrase: Phrase) -> PhraseTokens:
    """Return the tokens that find `phrase`: pairs of adjacent Chinese characters, and a single last one as a prefix."""
    found: list[str] = []
    last = len(phrase) - 1
    for index, token in enumerate(phrase):
        chinese = is_chinese(token)
        if chinese and index < last and is_chinese(phrase[index + 1]):
            found.append(token + phrase[index + 1])
        elif not (chinese and index == last > 0 and is_chinese(phrase[index - 1])):
            found.append(token)
    return PhraseTokens(found, is_prefix=found[-1] == phrase[-1] and is_chinese(phrase[-1]))
