"""Recall and precision of a search, against plain Python over the texts, by the one definition (`search.text`)."""

from collections.abc import Callable, Iterable

from search.terms import wanted
from search.text import Phrase, breaks


class Oracle:
    """Says which rows hold every phrase that a text asks for."""

    def __init__(self, rows: Iterable[tuple[int, str, str]]) -> None:
        self._rows = [(pk, [*map(_written, breaks(title)), *map(_written, breaks(body))]) for pk, title, body in rows]

    def found(self, text: str) -> set[int]:
        """Return the ids of those rows."""
        phrases = [_written(phrase) for phrase in wanted(text).phrases]
        return {pk for pk, parts in self._rows if all(any(phrase in part for part in parts) for phrase in phrases)}


def _written(phrase: Phrase) -> str:
    return f" {'  '.join(phrase)} "


def judged(oracle: Oracle, texts: Iterable[str], search: Callable[[str], set[int]]) -> dict[str, float]:
    """Return recall, the mean over the texts that have something to be found, and how often nothing was found.

    Precision is the mean over the texts that found something.
    """
    recalls, precisions = [], []
    for text in texts:
        if right := oracle.found(text):
            found = search(text)
            recalls.append(len(found & right) / len(right))
            precisions += [len(found & right) / len(found)] if found else []
    return {
        "texts": len(recalls),
        "recall": sum(recalls) / len(recalls),
        "precision": sum(precisions) / max(1, len(precisions)),
        "nothing found": sum(not each for each in recalls),
    }
