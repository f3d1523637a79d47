"""落实情况 in the admin: the list of all progress reports. Each report is shown on the page of its resolution."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from meetings.admin.core.attachments import FILE_OPERATIONS
from meetings.admin.core.listing import Field, RadioFilter, RecordFilterSet, RecordIndexView, StageField
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import status_badge
from meetings.admin.core.viewset import GuardedModelViewSet
from meetings.enums import ReportVerdict
from meetings.models import ProgressReport


class ReportFilterSet(RecordFilterSet):
    """The filters of the list of reports."""

    conference_path = "part__resolution__minutes__meeting__conference"
    verdict = django_filters.MultipleChoiceFilter(
        label=_("Verification"), choices=ReportVerdict.choices, widget=forms.CheckboxSelectMultiple
    )
    claims_done = RadioFilter(label=_("Kind"), choices=[("yes", _("Reported done"))], method="only_done")

    class Meta:
        model = ProgressReport
        fields: list[str] = []

    def only_done(self, rows: QuerySet[ProgressReport], name: str, value: str) -> QuerySet[ProgressReport]:
        """Keep reports of completion only."""
        return rows.filter(claims_done=True) if value else rows


class ReportIndexView(RecordIndexView[ProgressReport]):
    """The list of reports."""

    page_title = _("Progress reports")
    empty_message = _("A department reports on the page of its resolution, once it is assigned.")
    fields = (
        Field("resolution", _("Resolution"), lambda r: r.part.resolution.title, sort="part__resolution__title"),
        Field("department", _("Department"), lambda r: r.part.department.name, width="13%"),
        Field.of(ProgressReport, "on", sort="on", width="10%", classname="day"),
        Field("text", _("What was reported"), lambda r: Truncator(r.text).chars(60), width="30%"),
        StageField("verdict", _("Verification"), status_badge, sort="verdict"),
    )

    def prepare(self, rows: QuerySet[ProgressReport]) -> QuerySet[ProgressReport]:
        return rows.select_related("part__department", "part__resolution")

    def record_url(self, record: ProgressReport) -> str:
        """Return the URL of the report on the page of its resolution: reports have no page of their own."""
        return url_of(record)


class ReportViewSet(GuardedModelViewSet):
    """The viewset of reports: a list, and their files."""

    model = ProgressReport
    icon = "list-ul"
    excluded_views = frozenset({"add", "edit", "history", "history_results"})
    index_view_class = ReportIndexView
    filterset_class = ReportFilterSet
    search_fields = ["text", "part__resolution__title", "part__department__name"]
    form_fields = ()
    operations = FILE_OPERATIONS
