"""What an engine keeps of a thing that can be found."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

FACETS = ("kind", "conference", "year", "department", "stage", "category", "tag")


class Choice(NamedTuple):
    """A value of a facet, as the address holds it, and the words for it."""

    value: str
    label: str


@dataclass(frozen=True)
class Document:
    """One findable thing: what it says, where it stands, who may see it, and what its line in a list shows.

    `texts` are its searchable fields besides the title, `words` those that no passage is taken from, such as names that
    its line shows anyway; no phrase runs from one into the next. What has no `day` yet stands before all that has one.
    `number` is the id of what it stands for and orders what bears the same day. `data` is shown and never searched.
    """

    key: str
    kind: Choice
    number: int
    title: str
    texts: tuple[str, ...]
    day: date | None
    url: str
    tokens: frozenset[str]
    words: tuple[str, ...] = ()
    facets: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)

    def choices(self) -> list[tuple[str, Choice]]:
        """Return each facet with each value of this document, its kind and year among them."""
        year = str(self.day.year) if self.day else ""
        facets = {**self.facets, "kind": (self.kind,), "year": (Choice(year, year),) if year else ()}
        return [(name, choice) for name in FACETS for choice in dict.fromkeys(facets.get(name, ()))]

    def checksum(self) -> str:
        """Return a hash of all that the document holds, so that an index can be compared with its source."""
        shown = [self.key, self.kind, self.number, self.title, self.texts, str(self.day), self.url, self.data]
        content = json.dumps([*shown, self.words, sorted(self.tokens), self.choices()], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()
