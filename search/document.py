"""The document: what a search engine stores of one record or page."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypedDict

FACETS = ("kind", "conference", "year", "department", "stage", "category", "tag")


class Choice(NamedTuple):
    """A value of a facet as used in URLs, and its label."""

    value: str
    label: str


class LineData(TypedDict, total=False):
    """What a result line shows of a document besides its texts; each kind of document has some of it.

    `record` is the id of the record whose page the line links to, `about` the title of the resolution of a report or an
    explanation, `place` the short name of the conference. `who`, `co` and `when` are departments and deadline as the
    ledger shows them. `stage` is the state as stored, `word` its label.
    """

    record: int
    about: str
    place: str
    number: str
    who: str
    co: str
    when: str
    stage: str
    word: str


@dataclass(frozen=True)
class Document:
    """A searchable document: texts, facets, visibility tokens, and the data that its line in a result shows.

    `texts` are the searchable fields besides the title. `keywords` are searchable too, but no snippet is taken from
    them; they hold names that the line shows anyway. No phrase matches across two of these fields. A document without a
    `day` sorts before all dated ones. `number` is the id of the record and orders documents of the same day. `data` is
    displayed and never searched.
    """

    key: str
    kind: Choice
    number: int
    title: str
    texts: tuple[str, ...]
    day: date | None
    url: str
    tokens: frozenset[str]
    keywords: tuple[str, ...] = ()
    facets: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    data: LineData = field(default_factory=LineData)

    def choices(self) -> list[tuple[str, Choice]]:
        """Return the pairs of facet and value of this document, including its kind and year."""
        year = str(self.day.year) if self.day else ""
        facets = {**self.facets, "kind": (self.kind,), "year": (Choice(year, year),) if year else ()}
        return [(name, choice) for name in FACETS for choice in dict.fromkeys(facets.get(name, ()))]

    def checksum(self) -> str:
        """Return a hash of the whole content, to compare the index with its sources."""
        shown = [self.key, self.kind, self.number, self.title, self.texts, str(self.day), self.url, self.data]
        content = json.dumps([*shown, self.keywords, sorted(self.tokens), self.choices()], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()
