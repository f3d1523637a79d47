"""Progress reports as documents for staff."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from meetings.models import ProgressReport
from search.document import Choice, Document
from search.sources.record_source import RecordSource
from search.sources.values import (
    as_choices,
    category_choice,
    conference_choice,
    conference_fields,
    department_fields,
    names_of,
    stage_choice,
)


class ReportSource(RecordSource[ProgressReport]):
    """Progress reports. Their result lines lead to the resolution."""

    name, model = "report", ProgressReport

    def rows(self) -> QuerySet[ProgressReport]:
        rows = ProgressReport.objects.select_related(
            "part__department__successor__successor", "part__resolution__minutes__meeting__conference"
        )
        return rows.only(
            *("on", "text", "verdict", "verdict_reason", *department_fields("part__department")),
            *("part__resolution__title", "part__resolution__facet"),
            *conference_fields("part__resolution__minutes__meeting__conference"),
        )

    def document(self, row: ProgressReport, tokens: frozenset[str]) -> Document:
        """Return the document of a report, dated with its own day. Its title does not repeat the resolution's."""
        department, resolution = row.part.department, row.part.resolution
        conference = resolution.minutes.meeting.conference
        return Document(
            key=self.key(row.pk),
            kind=Choice("report", _("Progress report")),
            number=row.pk,
            title=_("Progress report of %(department)s") % {"department": department.name},
            texts=(row.text, row.verdict_reason),
            keywords=(resolution.title, *names_of(department), conference.name),
            day=row.on,
            url="",
            tokens=tokens,
            facets={
                "conference": (conference_choice(conference),),
                "department": as_choices([department.name]),
                "stage": (stage_choice(row, "verdict"),),
                "category": (category_choice(resolution.facet),),
            },
            data={
                "record": resolution.pk,
                "place": conference.short_name,
                "about": resolution.title,
                "who": department.name,
                "stage": row.verdict,
            },
        )
