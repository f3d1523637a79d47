"""Public documents: released resolutions, outcome pages and news, as far as the public may read them now.

The rows come from the queries behind the public pages. A document contains what the public reads: for a resolution the
values of its release, plus all names of its lead department. The only token is `public`; no internal document has it.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _
from wagtail.blocks.field_block import RichTextBlock
from wagtail.documents.blocks import DocumentChooserBlock

from meetings.models import JointConference
from meetings.queries.json_list import JSONList
from meetings.queries.parts import with_current_name
from meetings.rules.deadline import deadline_display
from publicity.enums import Stage
from publicity.models import (
    Article,
    ConferenceSection,
    GatedPage,
    OutcomeItem,
    OutcomePage,
    PublicDecision,
    TaggedArticle,
)
from search.document import Choice, Document
from search.reader import PUBLIC
from search.sources.base import Source, text_blocks
from search.sources.values import (
    as_choices,
    category_choice,
    conference_choice,
    conference_fields,
    department_fields,
    merged_into,
    names_of,
)

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

TOKENS = frozenset({PUBLIC})
FINAL_STAGES = {Stage.VERIFIED, Stage.CARRIED}


class Merged(TypedDict):
    """What the query of a release reads besides: the departments that were merged into its lead department."""

    merged: list[dict[str, str]] | None


class Released(TypedDict):
    """What the query of an outcome item reads besides: title and wording of its resolution as released now."""

    released: list[dict[str, str]] | None


class ReleaseSource(Source):
    """Released resolutions, as the public reads them now."""

    name, model = "release", PublicDecision

    def rows(self) -> QuerySet[PublicDecision]:
        """Return the public decisions."""
        return PublicDecision.objects.released()

    def read(self, subjects: Collection[int]) -> Iterator[Document]:
        """Yield the document of each release, dated with the day of the meeting."""
        return map(self._document, self._full_rows.filter(pk__in=subjects))

    @cached_property
    def _full_rows(self) -> "QuerySet[WithAnnotations[PublicDecision, Merged]]":
        fields = (
            "resolution_id",
            "number",
            "held_on",
            "title",
            "wording",
            "explanation",
            "deadline_text",
            "deadline",
            "lead_name",
            "co_names",
            "facet",
            "stage",
        )
        return (
            self.rows()
            .prefetch_related(None)
            .select_related("conference", "lead__successor__successor")
            .annotate(merged=merged_into("lead"))
            .order_by()
            .only(*fields, *department_fields("lead"), *conference_fields("conference"))
        )

    def _document(self, row: "WithAnnotations[PublicDecision, Merged]") -> Document:
        co = [name for name in row.co_names.split("、") if name]
        lead = names_of(row.lead, row.merged if row.stage not in FINAL_STAGES else ()) if row.lead else ()
        return Document(
            key=self.key(row.resolution_id),
            kind=Choice("resolution", _("Resolution")),
            number=row.resolution_id,
            title=row.title,
            texts=(row.wording, row.explanation),
            keywords=(
                *(row.deadline_text, row.number, row.conference.name),
                *dict.fromkeys((row.lead_name, *lead, *co)),
            ),
            day=row.held_on,
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
                "who": with_current_name(row.lead_name, row.lead),
                "co": row.co_names,
                "when": deadline_display(row.deadline_text, row.deadline),
                "stage": row.stage,
                "word": str(row.get_stage_display()),
            },
        )


def _page_url(page: GatedPage) -> str:
    parts = page.get_url_parts()
    return parts[2] if parts and parts[2] else ""


def _article_texts(page: Article) -> Iterator[str]:
    """Yield the texts of an article's blocks, including the captions of pictures and titles of documents."""
    for child in page.body:
        if isinstance(child.block, RichTextBlock):
            yield from text_blocks(child.value.source)
        elif isinstance(child.block, DocumentChooserBlock):
            yield child.value.title if child.value else ""
        else:
            yield from child.block.get_searchable_content(child.value)


class OutcomeSource(Source):
    """Outcome pages: the introduction, and each item that is released now."""

    name, model = "outcome", OutcomePage

    def rows(self) -> QuerySet[OutcomePage]:
        """Return the outcome pages that the public may read."""
        return OutcomePage.objects.public()

    def read(self, subjects: Collection[int]) -> Iterator[Document]:
        """Yield the document of each page whose content is the approved one.

        Pages are read through their items; a page has at least one.
        """
        found = sorted(self._items.filter(page__in=subjects), key=attrgetter("page_id", "pk"))
        for _pk, group in groupby(found, attrgetter("page_id")):
            items = list(group)
            page = items[0].page
            page.items = items  # sorts them; the approved content is compared with them
            if page.is_approved:
                yield self._document(page, {item.pk: item.released or [] for item in items})

    @cached_property
    def _items(self) -> "QuerySet[WithAnnotations[OutcomeItem, Released]]":
        same_item = {"resolution": OuterRef("resolution"), "meeting": OuterRef("page__meeting")}
        shown = JSONList(PublicDecision.objects.filter(**same_item).order_by(), title="title", wording="wording")
        rows = OutcomeItem.objects.filter(Exists(self.rows().order_by().filter(pk=OuterRef("page"))))
        # Of the meeting, the conference alone is used: its section would take a query of its own.
        return rows.annotate(released=shown).select_related("page__meeting__conference").order_by()

    def _document(self, page: OutcomePage, released: Mapping[int, list[dict[str, str]]]) -> Document:
        conference = page.meeting.conference
        shown = [(row, item) for item in page.items.all() for row in released[item.pk]]
        return Document(
            key=self.key(page.pk),
            kind=Choice("outcome", _("Outcomes of a meeting")),
            number=page.pk,
            title=page.title,
            texts=(
                page.intro,
                *(text for row, item in shown for text in (row["title"], row["wording"], item.discussion)),
            ),
            keywords=(conference.name,),
            day=page.date,
            url=_page_url(page),
            tokens=TOKENS,
            facets={"conference": (conference_choice(conference),)},
            data={"place": conference.short_name},
        )


class NewsSource(Source):
    """News articles with all texts that the page shows."""

    name, model = "news", Article

    def rows(self) -> QuerySet[Article]:
        """Return the published articles."""
        return Article.objects.public()

    def read(self, subjects: Collection[int]) -> Iterator[Document]:
        """Yield the document of each article whose content is the approved one."""
        rows = self.rows().filter(pk__in=subjects).select_related(None).prefetch_related(None).order_by()
        pages = list(rows.prefetch_related(Prefetch("tagged_items", TaggedArticle.objects.select_related("tag"))))
        sections = ConferenceSection.objects.filter(path__in={page.section_path for page in pages})
        conferences = {section.path: section.conference for section in sections.select_related("conference")}
        return (self._document(page, conferences[page.section_path]) for page in pages if page.is_approved)

    def _document(self, page: Article, conference: JointConference) -> Document:
        """Return the document of an article. It contains every published text except the address."""
        tags = sorted(item.tag.name for item in page.tagged_items.all())
        return Document(
            key=self.key(page.pk),
            kind=Choice("news", _("News")),
            number=page.pk,
            title=page.title,
            texts=(page.summary, *_article_texts(page)),
            keywords=(page.cover_alt, *tags, conference.name),
            day=page.date,
            url=_page_url(page),
            tokens=TOKENS,
            facets={"conference": (conference_choice(conference),), "tag": as_choices(tags)},
            data={"place": conference.short_name},
        )
