"""Resolutions as documents for staff, with the departments and tags of each."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, TypedDict

from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _

from meetings.enums import UNFINISHED, PartRole
from meetings.models import Resolution, ResolutionPart, TaggedResolution
from meetings.models.resolution_fields import SEARCHED, searched_texts
from meetings.queries.json_list import JSONList
from meetings.queries.parts import acting_department, department_label
from meetings.queries.resolution import without_amendments
from meetings.queries.visibility import audience_in, with_audience
from meetings.rules.deadline import deadline_display
from search.document import Choice, Document, LineData
from search.sources.base import Source
from search.sources.values import (
    MEETING_FIELDS,
    as_choices,
    category_choice,
    conference_choice,
    conference_fields,
    day_of,
    department_fields,
    merged_into,
    names_of,
    stage_choice,
)

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class PartLists(TypedDict):
    """What the query of a part reads besides: the tags of its resolution, departments merged into its department."""

    tags: list[dict[str, str]] | None
    merged: list[dict[str, str]] | None


def _ledger_data(row: Resolution, lead: Iterable[ResolutionPart], co: Iterable[ResolutionPart]) -> LineData:
    """Return the data of a resolution's result line. Whether it is overdue depends on the day and is not stored."""
    return {
        "record": row.pk,
        "place": row.minutes.meeting.conference.short_name,
        "who": "、".join(map(department_label, lead)),
        "co": "、".join(map(department_label, co)),
        "when": deadline_display(row.deadline_text, row.deadline),
        "number": row.minutes.number,
        "stage": row.state,
    }


def _tags(resolution_field: str) -> JSONList:
    """Return an expression that reads the tags of the resolution in a row's field `resolution_field`."""
    return JSONList(TaggedResolution.objects.filter(content_object=OuterRef(resolution_field)), name="tag__name")


class ResolutionSource(Source):
    """Resolutions, with all names of their departments."""

    name, model = "resolution", Resolution

    def rows(self) -> QuerySet[Resolution]:
        """Return all resolutions, including those of draft minutes, whose audience is small."""
        return without_amendments(Resolution.objects.all())

    def read(self, subjects: Collection[int]) -> Iterator[Document]:
        """Yield the document of each resolution.

        Resolutions are read together with their parts. Those without parts take one more query.
        """
        without = set(subjects)
        found = sorted(self._parts.filter(resolution__in=subjects), key=attrgetter("resolution_id", "pk"))
        for pk, group in groupby(found, attrgetter("resolution_id")):
            without.remove(pk)
            parts = list(group)
            tokens = audience_in(parts[0], Resolution, "resolution")
            yield self._document(parts[0].resolution, parts, parts[0].tags, tokens)
        if without:
            rows = self.rows().filter(pk__in=without).select_related("minutes__meeting__conference").order_by()
            for row in with_audience(rows.annotate(tag_list=_tags("pk"))):
                yield self._document(row, [], row.tag_list, audience_in(row))

    @cached_property
    def _parts(self) -> "QuerySet[WithAnnotations[ResolutionPart, PartLists]]":
        rows = without_amendments(ResolutionPart.objects.order_by(), "resolution__")
        rows = rows.select_related("department__successor__successor", "resolution__minutes__meeting__conference")
        rows = rows.annotate(tags=_tags("resolution"), merged=merged_into("department"))
        resolution_fields = (
            *("title", "facet", "deadline_text", "deadline", "suspended_reason", "state"),
            *SEARCHED,
        )
        return with_audience(rows, Resolution, "resolution").only(
            *("role", "name", "task", *department_fields("department")),
            *(f"resolution__{field}" for field in (*resolution_fields, "public_number", "minutes__number")),
            *(
                f"resolution__minutes__{field}"
                for field in (*MEETING_FIELDS, *conference_fields("meeting__conference"))
            ),
        )

    def _document(
        self,
        row: Resolution,
        parts: "list[WithAnnotations[ResolutionPart, PartLists]]",
        tagged: Iterable[Mapping[str, str]] | None,
        tokens: set[str],
    ) -> Document:
        """Return the document of a resolution, dated with the day of its meeting.

        An open resolution is also found by the departments that are responsible today.
        """
        meeting, open_ = row.minutes.meeting, row.state in UNFINISHED
        lead = [part for part in parts if part.role == PartRole.LEAD]
        co = [part for part in parts if part.role != PartRole.LEAD]
        parts = [*lead, *co]
        departments = [part.department for part in parts]
        acting = [acting_department(department) for department in departments] if open_ else []
        tags = sorted(tag["name"] for tag in tagged or ())
        return Document(
            key=self.key(row.pk),
            kind=Choice("resolution", _("Resolution")),
            number=row.pk,
            title=row.title,
            texts=(
                *(*searched_texts(row), row.suspended_reason),
                *(part.task for part in parts),
            ),
            keywords=(
                *(row.deadline_text, row.public_number or ""),
                *(name for part in parts for name in names_of(part.department, part.merged if open_ else ())),
                *(*tags, row.minutes.number, meeting.title, meeting.conference.name),
            ),
            day=day_of(meeting),
            url="",
            tokens=frozenset(tokens),
            facets={
                "conference": (conference_choice(meeting.conference),),
                "department": as_choices(department.name for department in (*departments, *acting)),
                "stage": (stage_choice(row),),
                "category": (category_choice(row.facet),),
                "tag": as_choices(tags),
            },
            data=_ledger_data(row, lead, co),
        )
