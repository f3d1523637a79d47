"""Measure recall and precision of a search against a plain Python search, by the definition in `search.text`."""

from collections.abc import Callable, Iterable

from search.terms import parse_query
from search.text import Phrase, split_phrases


class Oracle:
    """The reference search: finds the rows that contain every phrase of a text."""

    def __init__(self, rows: Iterable[tuple[int, str, str]]) -> None:
        self._rows = [
            (pk, [*map(_padded, split_phrases(title)), *map(_padded, split_phrases(body))]) for pk, title, body in rows
        ]

    def found(self, text: str) -> set[int]:
        """Return the ids of the rows that match."""
        phrases = [_padded(phrase) for phrase in parse_query(text).phrases]
        return {pk for pk, parts in self._rows if all(any(phrase in part for part in parts) for phrase in phrases)}


def _padded(phrase: Phrase) -> str:
    return f" {'  '.join(phrase)} "


def measure_quality(oracle: Oracle, texts: Iterable[str], search: Callable[[str], set[int]]) -> dict[str, float]:
    """Return recall, precision, and how often nothing was found.

    Recall is the mean over the texts with at least one correct row, precision the mean over the texts that found any.
    """
    recalls, precisions = [], []
    for text in texts:
        if expected := oracle.found(text):
            found = search(text)
            recalls.append(len(found & expected) / len(expected))
            precisions += [len(found & expected) / len(found)] if found else []
    return {
        "texts": len(recalls),
        "recall": sum(recalls) / len(recalls),
        "precision": sum(precisions) / max(1, len(precisions)),
        "nothing found": sum(not each for each in recalls),
    }
