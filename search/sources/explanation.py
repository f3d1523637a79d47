"""Explanations of unfinished resolutions as documents for staff."""

from collections.abc import Collection, Iterator
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from meetings.models import Explanation, Meeting, Resolution
from meetings.queries.visibility import audience_in, audience_of_both, with_audience
from search.document import Choice, Document
from search.sources.base import Source
from search.sources.values import category_choice, conference_choice, conference_fields


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
    def _full_rows(self) -> QuerySet[Explanation]:
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
