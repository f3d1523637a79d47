"""The records that staff find: topics, minutes, resolutions, explanations and progress reports.

Their pages belong to the admin, so a document names the record (`data["record"]`) and the page that lists it makes the
address. Who sees a document is who may know of its record: its tokens are those of `meetings.queries.visibility`.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
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
    Topic,
)
from meetings.queries.parts import name_of, parts_in_order, present
from meetings.queries.resolution import by_themselves
from meetings.queries.visibility import audience_of_both, audiences
from meetings.rules.deadline import shown
from search.document import Choice, Document
from search.sources.base import Source, plain, register


def conference_choice(conference: JointConference) -> Choice:
    """Return the conference as a value of its facet."""
    return Choice(conference.slug, conference.short_name)


def names_of(department: Department, *, inherited: bool = False) -> tuple[str, ...]:
    """Return every name by which a department is found: its own, the former ones, and that of who took over from it.

    What is open with the successor is found by the names of those that were merged into it as well (`inherited`).
    """
    merged = department.predecessors.all() if inherited else ()
    own = (name for each in (department, *merged) for name in (each.name, *each.former_names.split("、")))
    names = (name.strip() for name in (*own, present(department).name))
    return tuple(dict.fromkeys(name for name in names if name))


def as_choices(names: Iterable[str]) -> tuple[Choice, ...]:
    """Return names that are their own values of a facet."""
    return tuple(Choice(name, name) for name in names)


def category_choice(facet: str) -> Choice:
    """Return a common subject as a value of its facet."""
    return Choice(facet, str(Facet(facet).label))


def day_of(meeting: Meeting) -> date:
    """Return the day of a meeting: the one on which it was held, or for which it is planned."""
    return meeting.held_on or localtime(meeting.time).date()


def _stage(record: Any, field: str = "state") -> Choice:
    """Return a state as a value of its facet; states of different records do not mix."""
    state, word = getattr(record, field), getattr(record, f"get_{field}_display")()
    return Choice(f"{record._meta.model_name}-{state}", str(word))


class RecordSource(Source):
    """A source whose documents are seen by whoever may know of the record."""

    def documents_of(self, rows: list[Any]) -> Iterator[Document]:
        """Yield the document of each record, with the tokens of its audience."""
        tokens = audiences(self.model, [row.pk for row in rows])
        return (self.document(row, frozenset(tokens[row.pk])) for row in rows)

    @abstractmethod
    def document(self, row: Any, tokens: frozenset[str]) -> Document:
        """Return the document of one record."""


@register
class TopicSource(RecordSource):
    """Topics with their research, their opinions and their proposal report."""

    name, model = "topic", Topic

    def rows(self) -> QuerySet[Topic]:
        """Return all topics."""
        opinions = Prefetch("opinions", Opinion.objects.select_related("department__successor"))
        return Topic.objects.select_related("conference", "proposer__successor", "category").prefetch_related(opinions)

    def document(self, row: Topic, tokens: frozenset[str]) -> Document:
        """Return the document of a topic; a draft has no day yet."""
        opinions = row.opinions.all()
        asked = [opinion.department for opinion in opinions]
        return Document(
            key=self.key(row.pk),
            kind=Choice("topic", _("Topic")),
            number=row.pk,
            title=row.title,
            texts=(
                *(row.text, row.research, row.joint_research, row.proposal_report, row.return_reason),
                *(text for opinion in opinions for text in (opinion.text, opinion.override_reason)),
            ),
            words=(
                *(name for department in (row.proposer, *asked) for name in names_of(department)),
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


@register
class MinutesSource(RecordSource):
    """Minutes: their text, and the number by which everybody cites them."""

    name, model = "minutes", Minutes

    def rows(self) -> QuerySet[Minutes]:
        """Return all minutes, with whether they were corrected."""
        newer = Minutes.objects.filter(corrects=OuterRef("pk"), state=MinutesState.ISSUED)
        return Minutes.objects.select_related("meeting__conference").annotate(corrected=Exists(newer))

    def document(self, row: Any, tokens: frozenset[str]) -> Document:
        """Return the document of minutes, on the day of their meeting."""
        meeting = row.meeting
        conference = meeting.conference
        return Document(
            key=self.key(row.pk),
            kind=Choice("minutes", _("Minutes")),
            number=row.pk,
            title=_("%(title)s (corrected)") % {"title": row.title} if row.corrected else row.title,
            texts=plain(row.body),
            words=(row.number, meeting.title, meeting.place, conference.name),
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


def _departments(parts: Iterable[ResolutionPart]) -> tuple[list[Department], list[Department]]:
    """Return who leads and who co-operates."""
    lead = [part.department for part in parts if part.role == PartRole.LEAD]
    return lead, [part.department for part in parts if part.role != PartRole.LEAD]


def _ledger(row: Resolution) -> Mapping[str, Any]:
    """Return what the ledger line of a resolution shows; whether it is late depends on the day it is read."""
    parts = row.parts.all()
    return {
        "record": row.pk,
        "place": row.minutes.meeting.conference.short_name,
        "who": "、".join(name_of(part) for part in parts if part.role == PartRole.LEAD),
        "co": "、".join(name_of(part) for part in parts if part.role != PartRole.LEAD),
        "when": shown(row.deadline_text, row.deadline),
        "number": row.minutes.number,
        "stage": row.state,
    }


@register
class ResolutionSource(RecordSource):
    """Resolutions with their departments under all their names."""

    name, model = "resolution", Resolution

    def rows(self) -> QuerySet[Resolution]:
        """Return all resolutions, those of draft minutes too: their audience is small."""
        rows = by_themselves(Resolution.objects.select_related("minutes__meeting__conference"))
        return rows.prefetch_related(
            Prefetch("parts", parts_in_order().prefetch_related("department__predecessors")),
            "tagged_items__tag",
        )

    def document(self, row: Resolution, tokens: frozenset[str]) -> Document:
        """Return the document of a resolution, on the day of its meeting; an open one also with who acts today."""
        meeting, open_ = row.minutes.meeting, row.state in UNFINISHED
        lead, co = _departments(row.parts.all())
        acting = [present(department) for department in (*lead, *co)] if open_ else []
        tags = sorted(item.tag.name for item in row.tagged_items.all())
        return Document(
            key=self.key(row.pk),
            kind=Choice("resolution", _("Resolution")),
            number=row.pk,
            title=row.title,
            texts=(
                *(row.text, row.disclosure_reason, row.suspended_reason),
                *(part.task for part in row.parts.all()),
            ),
            words=(
                *(row.deadline_text, row.public_number or ""),
                *(name for department in (*lead, *co) for name in names_of(department, inherited=open_)),
                *(*tags, row.minutes.number, meeting.title, meeting.conference.name),
            ),
            day=day_of(meeting),
            url="",
            tokens=tokens,
            facets={
                "conference": (conference_choice(meeting.conference),),
                "department": as_choices(department.name for department in (*lead, *co, *acting)),
                "stage": (_stage(row),),
                "category": (category_choice(row.facet),),
                "tag": as_choices(tags),
            },
            data=_ledger(row),
        )


@register
class ExplanationSource(Source):
    """What was explained to a meeting of an unfinished resolution; seen by whoever may know of both.

    A liaison knows the resolution, but what is told to a meeting in preparation is not for everybody who does.
    """

    name, model = "explanation", Explanation

    def rows(self) -> QuerySet[Explanation]:
        """Return all explanations."""
        return Explanation.objects.select_related("meeting__conference", "resolution")

    def documents_of(self, rows: list[Explanation]) -> Iterator[Document]:
        """Yield the document of each, with the tokens of those who may know of its meeting and of its resolution."""
        meetings = audiences(Meeting, [row.meeting_id for row in rows])
        resolutions = audiences(Resolution, [row.resolution_id for row in rows])
        for row in rows:
            both = audience_of_both(meetings[row.meeting_id], resolutions[row.resolution_id])
            yield self.document(row, frozenset(both))

    def document(self, row: Explanation, tokens: frozenset[str]) -> Document:
        """Return the document of an explanation, on its own day; it stands under the title of its resolution."""
        conference, resolution = row.meeting.conference, row.resolution
        return Document(
            key=self.key(row.pk),
            kind=Choice("explanation", _("Explanation")),
            number=row.pk,
            title=_("Explanation to %(meeting)s") % {"meeting": row.meeting.title},
            texts=(row.text, row.opinion),
            words=(resolution.title, conference.name),
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
    """Progress reports, each beside the resolution that it is about."""

    name, model = "report", ProgressReport

    def rows(self) -> QuerySet[ProgressReport]:
        """Return all reports."""
        return ProgressReport.objects.select_related(
            "part__department__successor", "part__resolution__minutes__meeting__conference"
        )

    def document(self, row: ProgressReport, tokens: frozenset[str]) -> Document:
        """Return the document of a report, on its own day; the title does not repeat that of the resolution."""
        department, resolution = row.part.department, row.part.resolution
        conference = resolution.minutes.meeting.conference
        return Document(
            key=self.key(row.pk),
            kind=Choice("report", _("Progress report")),
            number=row.pk,
            title=_("Progress report of %(department)s") % {"department": department.name},
            texts=(row.text, row.verdict_reason),
            words=(resolution.title, *names_of(department), conference.name),
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
