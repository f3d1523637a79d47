"""The result object: the total, the hits of the page, the facet counts and the messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.safestring import SafeString

from search.document import FACETS, LineData
from search.text import Phrase


@dataclass(frozen=True)
class FacetCount:
    """A facet value, its label, and the number of hits with it selected."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Hit:
    """A matching document as its line shows it, as plain text and as HTML. The HTML fields are escaped."""

    key: str
    kind: str
    kind_label: str
    title: str
    snippet: str
    title_html: SafeString
    snippet_html: SafeString
    day: date | None
    url: str
    data: LineData


@dataclass(frozen=True)
class Result:
    """The result of a search for `phrases`. Counts of a facet ignore the values selected in that facet.

    `standby`: Elasticsearch was configured but could not answer, and the embedded engine did. The result is complete.
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
