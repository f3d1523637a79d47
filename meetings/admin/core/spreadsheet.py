"""A list as a spreadsheet: the columns of the page, opened by Chinese office software as they are, told in the log.

Key concepts
- `SpreadsheetOfFields`: mixed in front of Wagtail's export; `fields` are those of the page
  (`meetings.admin.core.listing`).
- `AuditedExport`: mixed in front of a list whose spreadsheet is for auditors alone.
"""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.functional import cached_property
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from meetings.admin.core.access_log import note_export
from meetings.admin.core.guard import seen_by
from meetings.models import JointConference
from meetings.queries.access import audited

FORMULA = ("=", "+", "-", "@", "\t", "\r")


class SpreadsheetOfFields(SpreadsheetExportMixin):
    """Wagtail's export of the fields that the page shows."""

    request: HttpRequest
    fields: tuple[Any, ...] = ()
    filters: Any

    @property
    def list_export(self) -> list[str]:  # type: ignore[override]  # an attribute in the base
        """The columns of the spreadsheet: those of the page."""
        return [field.name for field in self.fields]

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        """A row of the spreadsheet."""
        return {field.name: field.exported(item) for field in self.fields}

    def get_heading(self, queryset: Any, field: str) -> str:
        """The heading of the page's column."""
        return next(str(f.label) for f in self.fields if f.name == field)

    def stream_csv(self, queryset: Any) -> Iterator[bytes]:
        """As Wagtail's, with the mark by which Chinese office software knows UTF-8."""
        yield b"\xef\xbb\xbf"
        yield from super().stream_csv(queryset)

    def write_csv_row(self, writer: Any, row_dict: dict[str, Any]) -> Any:
        """As Wagtail's; text that a spreadsheet would run as a formula stays text."""
        safe = {k: f"'{v}" if isinstance(v, str) and v.startswith(FORMULA) else v for k, v in row_dict.items()}
        return super().write_csv_row(writer, safe)

    def exported_conference(self) -> JointConference | None:
        """The conference that was filtered by, or the only one that the reader sees."""
        chosen = self.filters.form.cleaned_data.get("conference") if self.filters else None
        places = [chosen] if chosen else list(seen_by(self.request.user, JointConference)[:2])
        return places[0] if len(places) == 1 else None

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponse | StreamingHttpResponse:
        """As Wagtail's, noted in the access log, never kept by a browser or proxy."""
        title = str(self.get_page_title())  # type: ignore[attr-defined]  # mixed in
        note_export(self.request, title, queryset, spreadsheet_format, self.exported_conference())
        response: HttpResponse | StreamingHttpResponse = super().as_spreadsheet(queryset, spreadsheet_format)
        response["Cache-Control"] = "private, no-store"
        return response


class AuditedExport:
    """Mixed into a list in front of Wagtail's: its spreadsheet is for auditors alone."""

    request: HttpRequest
    is_export: bool

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Answer with the page where a spreadsheet is not for this reader."""
        super().setup(request, *args, **kwargs)  # type: ignore[misc]  # mixed in
        self.is_export = self.is_export and bool(audited(request.user))

    @cached_property
    def show_export_buttons(self) -> bool:
        """Offered to whoever gets it."""
        return bool(audited(self.request.user))
