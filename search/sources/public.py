"""What everyone finds: released resolutions, outcome pages and news, as far as the public may read them now.

The rows come from the queries behind the public pages, and a document says what the public reads: of a resolution what
its release says, besides the names of the office that leads it. The token is `public`; nothing internal carries it.
"""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.blocks.field_block import RichTextBlock
from wagtail.documents.blocks import DocumentChooserBlock

from meetings.queries.parts import called
from meetings.rules.deadline import shown
from publicity.enums import Stage
from publicity.models import Article, GatedPage, OutcomePage, Release
from publicity.queries.pages import public_articles, public_outcomes
from publicity.queries.releases import released
from search.document import Choice, Document
from search.reader import PUBLIC
from search.sources.base import Source, plain, register
from search.sources.records import as_choices, category_choice, conference_choice, day_of, names_of

TOKENS = frozenset({PUBLIC})
ENDED = {Stage.VERIFIED, Stage.CARRIED}


@register
class ReleaseSource(Source):
    """Released resolutions, by the resolution: a later release takes the place of the earlier."""

    name, model, subject = "release", Release, "resolution_id"

    def rows(self) -> QuerySet[Release]:
        """Return the deciding releases of what is public now."""
        rows = released().select_related("resolution__minutes__meeting", "conference", "lead__successor__successor")
        return rows.prefetch_related("lead__predecessors")

    def documents_of(self, rows: list[Release]) -> Iterator[Document]:
        """Yield the document of each release, on the day of the meeting."""
        return map(self._document, rows)

    def _document(self, row: Release) -> Document:
        co = [name for name in row.co_names.split("、") if name]
        lead = names_of(row.lead, inherited=row.stage not in ENDED) if row.lead else ()
        return Document(
            key=self.key(row.resolution_id),
            kind=Choice("resolution", _("Resolution")),
            number=row.resolution_id,
            title=row.title,
            texts=(row.wording, row.explanation),
            words=(
                *(row.deadline_text, row.number, row.conference.name),
                *dict.fromkeys((row.lead_name, *lead, *co)),
            ),
            day=day_of(row.resolution.minutes.meeting),
            url=row.get_absolute_url(),
            tokens=TOKENS,
            facets={
                "conference": (conference_choice(row.conference),),
                "department": as_choices((row.lead_name, *co)),
                "stage": (Choice(row.stage, str(row.get_stage_display())),),
                "category": (category_choice(row.facet),) if row.facet else (),
            },
            data={
                "number": row.number,
                "place": row.conference.short_name,
                "who": called(row.lead_name, row.lead),
                "co": row.co_names,
                "when": shown(row.deadline_text, row.deadline),
                "stage": row.stage,
                "word": str(row.get_stage_display()),
            },
        )


class PageSource(Source):
    """Pages whose words passed the reviews."""

    def documents_of(self, rows: list[Any]) -> Iterator[Document]:
        """Yield the document of each page that says what was approved."""
        return (self.document(page) for page in rows if page.is_approved)

    @abstractmethod
    def document(self, page: Any) -> Document:
        """Return the document of one page."""


def _address(page: GatedPage) -> str:
    parts = page.get_url_parts()
    return parts[2] if parts and parts[2] else ""


def _words(page: Article) -> Iterator[str]:
    """Yield the texts of an article's blocks; pictures and documents with the words that the page shows of them."""
    for child in page.body:
        if isinstance(child.block, RichTextBlock):
            yield from plain(child.value.source)
        elif isinstance(child.block, DocumentChooserBlock):
            yield child.value.title if child.value else ""
        else:
            yield from child.block.get_searchable_content(child.value)


@register
class OutcomeSource(PageSource):
    """Outcome pages: what is said of a meeting, and of each item that is released now."""

    name, model = "outcome", OutcomePage

    def rows(self) -> QuerySet[OutcomePage]:
        """Return the outcome pages that the public may read."""
        return public_outcomes()

    def document(self, page: OutcomePage) -> Document:
        """Return the document of an outcome page."""
        shown = page.shown()
        conference = page.meeting.conference
        return Document(
            key=self.key(page.pk),
            kind=Choice("outcome", _("Outcomes of a meeting")),
            number=page.pk,
            title=page.title,
            texts=(
                page.intro,
                *(text for item, row in shown for text in (row.title, row.wording, item.discussion)),
            ),
            words=(conference.name,),
            day=page.date,
            url=_address(page),
            tokens=TOKENS,
            facets={"conference": (conference_choice(conference),)},
            data={"place": conference.short_name},
        )


@register
class NewsSource(PageSource):
    """News articles with all the words that the page shows."""

    name, model = "news", Article

    def rows(self) -> QuerySet[Article]:
        """Return the news that is out."""
        return public_articles().prefetch_related("tagged_items__tag")

    def document(self, page: Article) -> Document:
        """Return the document of an article: every text that goes out, its address apart."""
        conference = page.conference
        tags = sorted(item.tag.name for item in page.tagged_items.all())
        return Document(
            key=self.key(page.pk),
            kind=Choice("news", _("News")),
            number=page.pk,
            title=page.title,
            texts=(page.summary, *_words(page)),
            words=(page.cover_alt, *tags, conference.name),
            day=page.date,
            url=_address(page),
            tokens=TOKENS,
            facets={"conference": (conference_choice(conference),), "tag": as_choices(tags)},
            data={"place": conference.short_name},
        )
