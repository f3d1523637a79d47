"""Spreadsheet export of all hits of a search, with the columns of the result line.

Every hit is written, whatever the page. Rows are read and written in batches.

- `HitsExportMixin`: mixin of the staff and the public view; each defines the content of a row.
- `export_wait(address)`: counts a public export, and returns how long to wait for it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings import clock
from meetings.admin.core.listing import Field
from meetings.admin.core.spreadsheet import SpreadsheetOfFields
from meetings.operations.attempts import Limit, LimitReached, count_attempt, network_of
from search.batches import batches
from search.engines.base import Row
from search.engines.selection import finder
from search.query import Query

BATCH = 500
EXPORTS = Limit(name="export", attempts=10, window=60, first_wait=60, longest_wait=60)  # of one address, in a minute


@dataclass(frozen=True)
class ExportRow:
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

    @classmethod
    def of(cls, row: Row, *, title: str, stage: str, url: str) -> "ExportRow":
        """Return the row of a hit, with the title, stage and absolute URL that the reader may see."""
        data = row.data
        return cls(
            kind=row.kind_label,
            title=title,
            number=data.get("number", ""),
            place=data["place"],
            lead=data.get("who", ""),
            co=data.get("co", ""),
            when=data.get("when", ""),
            stage=stage,
            day=row.day,
            url=url,
        )


class AllHits:
    """All hits of a query. They are counted first and read while the spreadsheet is written."""

    def __init__(self, query: Query, to_rows: Callable[[Sequence[Row]], Iterator[ExportRow]]) -> None:
        self.query, self.to_rows = query, to_rows
        self.total = finder().search(query).total

    def __len__(self) -> int:
        return self.total

    def __iter__(self) -> Iterator[ExportRow]:
        for rows in batches(finder().all_rows(self.query), BATCH):
            yield from self.to_rows(rows)


class HitsExportMixin(SpreadsheetOfFields):
    """Mixin for a view that exports all hits of its query for `?export=xlsx` or `?export=csv`."""

    is_export: bool
    show_export_buttons = False  # the page has its own links beside the number of results
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
        """Return the title of the export in the access log."""
        return gettext("Search")

    def get_filename(self) -> str:
        """Return a file name with today's date."""
        return f"search-{clock.today():%Y%m%d}"

    def export_rows(self, rows: Sequence[Row]) -> Iterator[ExportRow]:
        """Yield the spreadsheet rows of some hits."""
        raise NotImplementedError

    def export_response(self, query: Query) -> HttpResponseBase:
        """Return the spreadsheet of all hits of `query`, in the requested format."""
        response: HttpResponseBase = self.as_spreadsheet(AllHits(query, self.export_rows), self.request.GET["export"])
        return response


def export_wait(address: str | None) -> int:
    """Count a public export of this address. Return how many seconds to wait for it; 0 if it may be made now."""
    try:
        count_attempt(EXPORTS.counter(network_of(address) if address else ""))
    except LimitReached as reached:
        return reached.seconds
    return 0
