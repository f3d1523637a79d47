"""Minutes as documents for staff."""

from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from meetings.enums import MinutesState
from meetings.models import Minutes
from search.document import Choice, Document
from search.sources.base import text_blocks
from search.sources.record_source import RecordSource
from search.sources.values import MEETING_FIELDS, conference_choice, conference_fields, day_of, stage_choice

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Corrected(TypedDict):
    """The annotation of `MinutesSource.rows`."""

    corrected: bool


class MinutesSource(RecordSource["WithAnnotations[Minutes, Corrected]"]):
    """Minutes: their text and number."""

    name, model = "minutes", Minutes

    def rows(self) -> "QuerySet[WithAnnotations[Minutes, Corrected]]":
        """Return all minutes, annotated with whether they were corrected."""
        newer = Minutes.objects.filter(corrects=OuterRef("pk"), state=MinutesState.ISSUED)
        rows = Minutes.objects.select_related("meeting__conference").annotate(corrected=Exists(newer))
        return rows.only(
            "title",
            "body",
            "number",
            "state",
            *MEETING_FIELDS,
            "meeting__place",
            *conference_fields("meeting__conference"),
        )

    def document(self, row: "WithAnnotations[Minutes, Corrected]", tokens: frozenset[str]) -> Document:
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
            facets={"conference": (conference_choice(conference),), "stage": (stage_choice(row),)},
            data={
                "record": row.pk,
                "place": conference.short_name,
                "number": row.number,
                "stage": row.state,
            },
        )
