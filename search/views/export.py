"""All hits of a search as a spreadsheet: what a line of the page shows, in columns.

Every hit is written, whatever page it stands on; rows are read and written a few at a time.

Key concepts
- `HitsSheet`: mixed into both doors; each says what a row tells.
- `too_often(address)`: keeps a visitor from asking for one spreadsheet after the other.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings import clock
from meetings.admin.core.listing import Field
from meetings.admin.core.spreadsheet import SpreadsheetOfFields
from search.batches import batches
from search.engines.base import Row
from search.engines.selection import finder
from search.query import Query

BATCH = 500
AT_MOST, WITHIN = 10, 60  # exports of one address, seconds


@dataclass(frozen=True)
class Told:
    """A row of the spreadsheet."""

    kind: str
    title: str
    number: str
    place: str
    lead: str
    co: str
    when: str
    stage: str
    day: date | None
    url: str


class Hits:
    """Every hit of a query; counted beforehand, read when the spreadsheet is written."""

    def __init__(self, query: Query, tell: Callable[[Sequence[Row]], Iterator[Told]]) -> None:
        self.query, self.tell = query, tell
        self.total = finder().search(query).total

    def __len__(self) -> int:
        return self.total

    def __iter__(self) -> Iterator[Told]:
        for rows in batches(finder().every(self.query), BATCH):
            yield from self.tell(rows)


class HitsSheet(SpreadsheetOfFields):
    """Mixed into a view whose `?export=xlsx` or `?export=csv` is all that the query finds."""

    is_export: bool
    show_export_buttons: Any = False  # the page has links of its own, beside the number of results
    fields = (
        Field("kind", _("Kind"), lambda row: row.kind),
        Field("title", _("Title"), lambda row: row.title),
        Field("number", _("Number"), lambda row: row.number),
        Field("place", _("Joint conference"), lambda row: row.place),
        Field("lead", _("Led, proposed or reported by"), lambda row: row.lead),
        Field("co", _("With"), lambda row: row.co),
        Field("when", _("Deadline"), lambda row: row.when),
        Field("stage", _("Progress"), lambda row: row.stage),
        Field("day", _("Day"), lambda row: row.day),
        Field("url", _("Address"), lambda row: row.url),
    )

    def get_page_title(self) -> str:
        """What the access log calls it."""
        return gettext("Search")

    def get_filename(self) -> str:
        """With the day, for a spreadsheet is true of one."""
        return f"search-{clock.today():%Y%m%d}"

    def told(self, rows: Sequence[Row]) -> Iterator[Told]:
        """Yield what the spreadsheet tells of some hits."""
        raise NotImplementedError

    def sheet(self, query: Query) -> HttpResponseBase:
        """The spreadsheet that was asked for, of everything that `query` finds."""
        response: HttpResponseBase = self.as_spreadsheet(Hits(query, self.told), self.request.GET["export"])
        return response


def too_often(address: str | None) -> bool:
    """Count an export of this address; True if there were more of them within a minute than anybody reads."""
    key = f"search-export-{address}"
    cache.add(key, 0, WITHIN)
    try:
        return cache.incr(key) > AT_MOST
    except ValueError:  # the minute ended between the two
        return False
