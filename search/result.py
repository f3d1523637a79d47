"""The one result object: how many, the hits of the page, how they divide, and what a page must say about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from search.document import FACETS
from search.text import Phrase


@dataclass(frozen=True)
class FacetCount:
    """A value of a facet, the words for it, and how many would be found with it chosen."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Hit:
    """A found document: what its line shows, plain and marked up. The marked texts are escaped."""

    key: str
    kind: str
    kind_label: str
    title: str
    snippet: str
    title_html: SafeString
    snippet_html: SafeString
    day: date | None
    url: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """What a search found, looking for `phrases`. Counts of a facet ignore what was chosen of the facet itself.

    `standby`: the engine that should have answered could not, and the embedded one did; nothing is missing.
    """

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=lambda: dict.fromkeys(FACETS, ()))
    phrases: tuple[Phrase, ...] = ()
    relaxed: bool = False
    message: str = ""
    page: int = 1
    pages: int = 1
    standby: bool = False
