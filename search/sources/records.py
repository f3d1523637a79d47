"""Record documents for staff: topics, minutes, resolutions, explanations and progress reports.

Record pages belong to the admin. A document stores the id of the record (`data["record"]`), and the result page builds
the URL. The tokens of a document are those of `meetings.queries.visibility`: it is visible to everyone who may see the
record.
"""

from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Exists, Model, OuterRef, Prefetch, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from meetings.enums import UNFINISHED, Facet, MinutesState, PartRole
from meetings.models import (
    Department,
    Explanation,
    JointConference,
    Meeting,
    Minutes,
    Opinion,
    ProgressReport,
    Resolution,
    ResolutionPart,
    TaggedResolution,
    Topic,
)
from meetings.models.resolution_fields import SEARCHED
from meetings.queries.json_list import JSONList
from meetings.queries.parts import acting_department, department_label
from meetings.queries.resolution import without_amendments
from meetings.queries.visibility import audience_in, audience_of_both, with_audience
from meetings.rules.deadline import deadline_display
from search.document import Choice, Document
from search.sources.base import Source, register, text_blocks


def conference_choice(conference: JointConference) -> Choice:
    """Return the conference as a facet value."""
    return Choice(conference.slug, conference.short_name)


def merged_into(department: str) -> JSONList:
    """Return an expression that reads the departments merged into a row's `department`, for `names_of`."""
    rows = Department.objects.filter(successor=OuterRef(department))
    return JSONList(rows, name="name", former_names="former_names")


def names_of(department: Department, merged: Iterable[Mapping[str, str]] | None = None) -> tuple[str, ...]:
    """Return every name under which a department is found: its own, former ones, and that of its present successor.

    `merged` adds the departments that were merged into it (`merged_into`), so that open items of the successor are
    found by the old names as well.
    """
    all_ = ({"name": department.name, "former_names": department.former_names}, *(merged or ()))
    own = (name for each in all_ for name in (each["name"], *each["former_names"].split("、")))
    names = (name.strip() for name in (*own, acting_department(department).name))
    return tuple(dict.fromkeys(name for name in names if name))


def department_fields(department: str) -> tuple[str, ...]:
    """Return the fields of the foreign key `department` that `names_of` needs, for `only`."""
    own = ("name", "former_names", "successor__name", "successor__successor__name", "successor__successor__successor")
    return tuple(f"{department}__{field}" for field in own)


def conference_fields(conference: str) -> tuple[str, ...]:
    """Return the fields of the foreign key `conference` that documents need, for `only`."""
    return tuple(f"{conference}__{field}" for field in ("name", "short_name", "slug"))


def as_choices(names: Iterable[str]) -> tuple[Choice, ...]:
    """Return names as facet values that are their own labels."""
    return tuple(Choice(name, name) for name in names)


def category_choice(facet: str) -> Choice:
    """Return a common topic category as a facet value."""
    return Choice(facet, str(Facet(facet).label))


def day_of(meeting: Meeting) -> date:
    """Return the day on which a meeting was held, or for which it is planned."""
    return meeting.held_on or localtime(meeting.time).date()


def _stage(record: Model, field: str = "state") -> Choice:
    """Return a state as a facet value. States of different models have different values."""
    state, word = getattr(record, field), getattr(record, f"get_{field}_display")()
    return Choice(f"{record._meta.model_name}-{state}", str(word))


class RecordSource(Source):
    """A source whose documents are visible to everyone who may see the record."""

    def read(self, subjects: Collection[int]) -> Iterator[Document]:
        """Yield the document of each record, with the tokens of its audience."""
        rows = self._full_rows.filter(pk__in=subjects)
        return (self.document(row, frozenset(audience_in(row))) for row in rows)

    @cached_property
    def _full_rows(self) -> QuerySet[Any]:
        return with_audience(self.rows()).order_by()

    @abstractmethod
    def document(self, row: Any, tokens: frozenset[str]) -> Document:
        """Return the document of one record."""


@register
class TopicSource(RecordSource):
    """Topics with their research, opinions and proposal report."""

    name, model = "topic", Topic

    def rows(self) -> QuerySet[Topic]:
        opinions = Opinion.objects.select_related("department__successor__successor")
        opinions = opinions.only("topic", "text", "override_reason", *department_fields("department"))
        rows = Topic.objects.select_related("conference", "proposer__successor__successor", "category")
        return rows.prefetch_related(Prefetch("opinions", opinions)).only(
            *("title", "text", "research", "joint_research", "proposal_report", "return_reason", "state"),
            *("submitted_on", "category__title", "category__clause", "category__facet"),
            *(*conference_fields("conference"), *department_fields("proposer")),
        )

    def document(self, row: Topic, tokens: frozenset[str]) -> Document:
        """Return the document of a topic. A draft has no day yet."""
        opinions = row.opinions.all()
        consulted = [opinion.department for opinion in opinions]
        return Document(
            key=self.key(row.pk),
            kind=Choice("topic", _("Topic")),
            number=row.pk,
            title=row.title,
            texts=(
                *(row.text, row.research, row.joint_research, row.proposal_report, row.return_reason),
                *(text for opinion in opinions for text in (opinion.text, opinion.override_reason)),
            ),
            keywords=(
                *(name for department in (row.proposer, *consulted) for name in names_of(department)),
                *(row.category.title, row.category.clause, row.conference.name),
            ),
            day=row.submitted_on,
            url="",
            tokens=tokens,
            facets={
                "conference": (conference_choice(row.conference),),
                "department": as_choices([row.proposer.name]),
                "stage": (_stage(row),),
                "category": (category_choice(row.category.facet),),
            },
            data={
                "record": row.pk,
                "place": row.conference.short_name,
                "who": row.proposer.name,
                "stage": row.state,
            },
        )


_MEETING_FIELDS = ("meeting__title", "meeting__time", "meeting__held_on")


@register
class MinutesSource(RecordSource):
    """Minutes: their text and number."""

    name, model = "minutes", Minutes

    def rows(self) -> QuerySet[Minutes]:
        """Return all minutes, annotated with whether they were corrected."""
        newer = Minutes.objects.filter(corrects=OuterRef("pk"), state=MinutesState.ISSUED)
        rows = Minutes.objects.select_related("meeting__conference").annotate(corrected=Exists(newer))
        return rows.only(
            "title",
            "body",
            "number",
            "state",
            *_MEETING_FIELDS,
            "meeting__place",
            *conference_fields("meeting__conference"),
        )

    def document(self, row: Any, tokens: frozenset[str]) -> Document:
        """Return the document of minutes, dated with the day of their meeting."""
        meeting = row.meeting
        conference = meeting.conference
        return Document(
            key=self.key(row.pk),
            kind=Choice("minutes", _("Minutes")),
            number=row.pk,
            title=_("%(title)s (corrected)") % {"title": row.title} if row.corrected else row.title,
            texts=text_blocks(row.body),
            keywords=(row.number, meeting.title, meeting.place, conference.name),
            day=day_of(meeting),
            url="",
            tokens=tokens,
            facets={"conference": (conference_choice(conference),), "stage": (_stage(row),)},
            data={
                "record": row.pk,
                "place": conference.short_name,
                "number": row.number,
                "stage": row.state,
            },
        )


def _ledger_data(row: Resolution, lead: Iterable[ResolutionPart], co: Iterable[ResolutionPart]) -> Mapping[str, object]:
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


@register
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
    def _parts(self) -> QuerySet[Any]:
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
                for field in (*_MEETING_FIELDS, *conference_fields("meeting__conference"))
            ),
        )

    def _document(
        self, row: Resolution, parts: list[Any], tagged: Iterable[Mapping[str, str]] | None, tokens: set[str]
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
                *(*(getattr(row, name) for name in SEARCHED), row.suspended_reason),
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
                "stage": (_stage(row),),
                "category": (category_choice(row.facet),),
                "tag": as_choices(tags),
            },
            data=_ledger_data(row, lead, co),
        )


@register
class ExplanationSource(Source):
    """Explanations of unfinished resolutions to a meeting. Readers must be permitted to see both.

    A liaison may see the resolution, but explanations to a meeting in preparation are not meant for everyone who may.
    """

    name, model = "explanation", Explanation

    def rows(self) -> QuerySet[Explanation]:
        return Explanation.objects.select_related("meeting__conference", "resolution").only(
            *("text", "opinion", "on", "meeting__title", *conference_fields("meeting__conference")),
            *("resolution__title", "resolution__facet", "resolution__state"),
        )

    def read(self, subjects: Collection[int]) -> Iterator[Document]:
        """Yield each document, with the tokens of readers who may see both its meeting and its resolution."""
        for row in self._full_rows.filter(pk__in=subjects):
            meeting, resolution = audience_in(row, Meeting, "meeting"), audience_in(row, Resolution, "resolution")
            yield self._document(row, frozenset(audience_of_both(meeting, resolution)))

    @cached_property
    def _full_rows(self) -> QuerySet[Any]:
        return with_audience(with_audience(self.rows().order_by(), Meeting, "meeting"), Resolution, "resolution")

    def _document(self, row: Explanation, tokens: frozenset[str]) -> Document:
        """Return the document of an explanation, dated with its own day. Result lines show the resolution's title."""
        conference, resolution = row.meeting.conference, row.resolution
        return Document(
            key=self.key(row.pk),
            kind=Choice("explanation", _("Explanation")),
            number=row.pk,
            title=_("Explanation to %(meeting)s") % {"meeting": row.meeting.title},
            texts=(row.text, row.opinion),
            keywords=(resolution.title, conference.name),
            day=row.on,
            url="",
            tokens=tokens,
            facets={
                "conference": (conference_choice(conference),),
                "category": (category_choice(resolution.facet),),
            },
            data={
                "record": resolution.pk,
                "place": conference.short_name,
                "about": resolution.title,
                "stage": resolution.state,
            },
        )


@register
class ReportSource(RecordSource):
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
                "stage": (_stage(row, "verdict"),),
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
