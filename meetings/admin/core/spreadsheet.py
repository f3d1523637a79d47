"""Export of a list as a spreadsheet with the columns of the page; each export is logged in the access log.

CSV files begin with a byte order mark, so that Chinese office software reads them as UTF-8.
"""

from collections.abc import Iterator, Sized
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.functional import cached_property
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from meetings.admin.core.access_log import note_export
from meetings.admin.core.guard import seen_by
from meetings.models import JointConference
from meetings.queries.access import audited

FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")


class SpreadsheetOfFields(SpreadsheetExportMixin):
    """A mixin for list views that exports the `fields` of the page (see `meetings.admin.core.listing`)."""

    request: HttpRequest
    fields: tuple[Any, ...] = ()  # of `listing.Field`
    filters: Any

    @property
    def list_export(self) -> list[str]:  # type: ignore[override]  # an attribute in the base
        return [field.name for field in self.fields]

    def to_row_dict(self, item: Model) -> dict[str, object]:
        return {field.name: field.export_value(item) for field in self.fields}

    def get_heading(self, queryset: Sized, field: str) -> str:
        return next(str(f.label) for f in self.fields if f.name == field)

    def stream_csv(self, queryset: Sized) -> Iterator[bytes]:
        """Write a byte order mark first: without it Chinese office software does not recognise UTF-8."""
        yield b"\xef\xbb\xbf"
        yield from super().stream_csv(queryset)

    def write_csv_row(self, writer: object, row_dict: dict[str, object]) -> object:
        """Prefix text that a spreadsheet would execute as a formula with an apostrophe (CSV injection)."""
        safe = {k: f"'{v}" if isinstance(v, str) and v.startswith(FORMULA_PREFIXES) else v for k, v in row_dict.items()}
        return super().write_csv_row(writer, safe)

    def exported_conference(self) -> JointConference | None:
        """Return the conference of the filter, or the only one that the reader sees; None otherwise."""
        chosen = self.filters.form.cleaned_data.get("conference") if self.filters else None
        conferences = [chosen] if chosen else list(seen_by(self.request.user, JointConference)[:2])
        return conferences[0] if len(conferences) == 1 else None

    def as_spreadsheet(self, queryset: Sized, spreadsheet_format: str) -> HttpResponse | StreamingHttpResponse:
        """Log the export in the access log, and forbid browsers and proxies to store it."""
        title = str(self.get_page_title())  # type: ignore[attr-defined]  # mixed in
        note_export(self.request, title, queryset, spreadsheet_format, self.exported_conference())
        response: HttpResponse | StreamingHttpResponse = super().as_spreadsheet(queryset, spreadsheet_format)
        response["Cache-Control"] = "private, no-store"
        return response


class AuditorsOnlyExport:
    """A mixin in front of a list view whose export is for auditors only."""

    request: HttpRequest
    is_export: bool

    def setup(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        """Show the page instead of the export to everybody else."""
        super().setup(request, *args, **kwargs)  # type: ignore[misc]  # mixed in
        self.is_export = self.is_export and bool(audited(request.user))

    @cached_property
    def show_export_buttons(self) -> bool:
        """True for auditors."""
        return bool(audited(self.request.user))
