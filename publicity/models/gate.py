"""The gate of pages with content of their own: a live page is exactly what was approved, however it was saved.

- `GatedPage.approved_hash`: the hash of the approved content, set by `publicity.operations.reviews.publish_reviewed`
  alone. A live page with another hash is neither saved nor shown.
- `GatedPage.refusals()`: what prevents publication, in complete sentences.
- `GatedPage.objects.public()`: the pages that the public may read.
- `gated_page_types()`: every page type with a gate. New types are found automatically.
- `content_snapshot(page)`: the content of a page and its section, without the bookkeeping of tree and revisions.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import NOT_PROVIDED, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations, get_serializable_data_for_fields
from wagtail.fields import StreamField
from wagtail.log_actions import log
from wagtail.models import Page, PageManager, Revision
from wagtail.query import PageQuerySet
from wagtail.url_routing import RouteResult

from meetings.models import JointConference
from meetings.models.people import AnyUser
from meetings.refusal import Missing, Refused
from meetings.rules.hashing import digest
from meetings.rules.invisible_characters import invisible_character_message
from publicity.blocks import OfferedDocument, documents
from publicity.models.exceptions import PersonalDataException
from publicity.personal_data import Finding, find_personal_data

SECTION_DEPTH = 3
_CONTENT_FIELDS = {"title", "slug", "seo_title", "search_description"}
# The fields of each page type that are hashed even while they are empty. Any other is left out while it is empty or has
# its default, so that the approvals of pages that were published before the field existed still match.
_HASHED_EMPTY = {
    "publicity.article": {"meeting", "date", "summary", "cover", "cover_alt", "body", "tagged_items"},
    "publicity.outcomepage": {"meeting", "date", "intro", "items"},
    "publicity.plainpage": {"body"},
}
_KEYS_OF_CHILDREN = {"pk", "id", "page", "content_object"}


def content_snapshot(page: "GatedPage") -> dict[str, object]:
    """Return the content of `page`: its type, its section, its own fields, and its children without keys.

    A field that is not in `_HASHED_EMPTY` is left out while it is empty or has its default.
    """
    bookkeeping = {field.name for field in Page._meta.get_fields()} - _CONTENT_FIELDS
    bookkeeping |= {"pk", "page_ptr", "approved_hash"}
    hashed_empty = _CONTENT_FIELDS | _HASHED_EMPTY.get(page._meta.label_lower, set())
    content = {
        name: _without_keys(value)
        for name, value in _page_data(page, bookkeeping).items()
        if name not in bookkeeping and (name in hashed_empty or not _is_unset(page, name, value))
    }
    for field in page._meta.get_fields():
        if isinstance(field, StreamField) and isinstance(stored := content.get(field.name), str):
            # Parsed, because PostgreSQL stores the keys of JSON in its own order.
            content[field.name] = json.loads(stored)
    return {"type": page._meta.label_lower, "section": page.section_path, **content}


def _page_data(page: "GatedPage", without: set[str]) -> dict[str, object]:
    """Return `serializable_data()` without the children in `without`, which would cost a query for each relation."""
    data: dict[str, object] = get_serializable_data_for_fields(page)
    for relation in get_all_child_relations(page):
        name = relation.get_accessor_name()
        if name not in without:
            data[name] = [get_serializable_data_for_fields(child) for child in getattr(page, name).all()]
    return data


def _is_unset(page: "GatedPage", name: str, value: object) -> bool:
    """Return True for an empty value, and for the default of the field unless it is computed."""
    default = getattr(page._meta.get_field(name), "default", NOT_PROVIDED)
    return value in (None, "", [], "[]") or (not callable(default) and value == default)


def _without_keys(value: object) -> object:
    if isinstance(value, list):
        return [_without_keys(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_keys(item) for key, item in value.items() if key not in _KEYS_OF_CHILDREN}
    return value


class PublicPage(Page):
    """A page of the public tree. Caches revalidate each copy, so that a withdrawal takes effect at once."""

    settings_panels = []  # no scheduling: a page is published when its last review is done

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Serve the page with headers that make each cache ask again."""
        response: HttpResponse = super().serve(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_cache=True)
        return response


class GatedPageQuerySet(PageQuerySet):
    """Pages that pass reviews, and those that the public may read."""

    def public(self) -> "GatedPageQuerySet":
        """Return the pages that the public may read. A page type may narrow this."""
        pages: GatedPageQuerySet = self.filter(~Q(approved_hash=""), live=True, alias_of__isnull=True)
        return pages

    def of_conference(self, conference: JointConference) -> "GatedPageQuerySet":
        """Return the pages in the section of a conference."""
        pages: GatedPageQuerySet = self.filter(path__startswith=conference.section.path)
        return pages


class GatedPage(PublicPage):
    """A page whose content passes reviews before the public reads it."""

    approved_hash = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar[Any] = PageManager.from_queryset(GatedPageQuerySet)()

    exclude_fields_in_copy = ["approved_hash"]
    parent_path = ""  # set by the form while the page is being created

    class Meta:
        abstract = True

    def _set_core_field_defaults(self) -> None:
        """Give a page with a day of its own (`slug_day`) a slug made of it.

        A slug made of a Chinese title cannot be read aloud or copied by hand. One made of a key would reveal how many
        pages exist.
        """
        day = self.slug_day()
        if not self.slug and self.path and day:
            self.slug = self._get_autogenerated_slug(f"{day:%Y-%m-%d}")
        super()._set_core_field_defaults()

    # --- overridden by page types ------------------------------------------------------------------------------------
    def slug_day(self) -> date | None:
        """Return the day of which the address of a new page is made; None if the writer enters the address."""
        return None

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield every text that is published, as (position, text)."""
        yield _("title"), self.title
        yield _("page title for search engines"), self.seo_title
        yield _("description for search engines"), self.search_description
        yield _("address"), self.slug

    def documents(self) -> Iterator[OfferedDocument]:
        """Yield the documents that the page offers."""
        yield from documents(getattr(self, "body", ()))

    def record_refusals(self) -> Iterator[Missing]:
        """Yield why the state of the linked record prevents publication; page types override it."""
        yield from ()

    # --- the gate ----------------------------------------------------------------------------------------------------
    @property
    def section_path(self) -> str:
        """The tree path of the section. A page that is being created has that of its parent."""
        return (self.path or self.parent_path)[: self.steplen * SECTION_DEPTH]

    @property
    def conference(self) -> JointConference:
        """The joint conference of the section that the page is in."""
        return JointConference.objects.get(section__path=self.section_path)

    def content_hash(self) -> str:
        """Return the hash of the page's content (see `content_snapshot`)."""
        return digest(content_snapshot(self))

    def findings(self) -> list[tuple[str, Finding]]:
        """Return personal data in texts and documents of the page that nobody has excepted, with positions."""
        read = [*self.texts(), *((file.title, file.extract_text()) for file in self.documents())]
        found = [(place, finding) for place, text in read for finding in find_personal_data(text or "")]
        if not found:
            return []
        excepted = set(PersonalDataException.objects.filter(page_id=self.pk).values_list("digest", flat=True))
        return [(place, finding) for place, finding in found if finding.digest not in excepted]

    def hidden_characters(self) -> Iterator[tuple[str, str]]:
        """Yield invisible characters in the page's texts and the titles of its documents, as (position, reason)."""
        for place, text in (*self.texts(), *((file.title, file.title) for file in self.documents())):
            if reason := invisible_character_message(text or ""):
                yield place, reason

    def refusals(self) -> list[Missing]:
        """Return what prevents the publication of this text; empty if nothing does."""
        gaps = list(self.record_refusals())
        if self.alias_of_id:
            gaps.append(
                Missing(_("An alias is not published. Write the page in its own section."), code="page_is_alias")
            )
        if self.go_live_at or self.expire_at:
            scheduled = _("A page is not published by a clock. Remove the dates of the schedule.")
            gaps.append(Missing(scheduled, code="page_is_scheduled"))
        message = _("%(place)s: %(reason)s")
        gaps += [
            Missing(message % {"place": place, "reason": reason}, code="hidden_sign")
            for place, reason in self.hidden_characters()
        ]
        return gaps + [personal_data_gap(place, finding) for place, finding in self.findings()]

    def _publication_gaps(self) -> list[Missing]:
        """Return what prevents publication, with a missing approval."""
        gaps = self.refusals()
        if not gaps and not self.is_approved:
            gaps.append(Missing(_("The text has not passed the reviews."), code="not_reviewed"))
        return gaps

    @property
    def is_approved(self) -> bool:
        """True if the page has exactly the content that its reviewers approved."""
        return bool(self.approved_hash) and self.approved_hash == self.content_hash()

    def save(self, *args: object, update_fields: Iterable[str] | None = None, **kwargs: object) -> None:
        """Save the page; `Refused` for a live page with content that nobody approved, whatever the caller."""
        touched = self.live and (update_fields is None or self._touches_content(set(update_fields)))
        if touched and (gaps := self._publication_gaps()):
            raise Refused.lacking(gaps)
        super().save(*args, update_fields=update_fields, **kwargs)

    def _touches_content(self, fields: set[str]) -> bool:
        return bool(fields & ({"live", "approved_hash"} | content_snapshot(self).keys()))

    def with_content_json(self, content: dict[str, object]) -> "GatedPage":
        """Build the page of a revision. The approval belongs to the page, not to the revision."""
        page: GatedPage = super().with_content_json(content)
        page.approved_hash = self.approved_hash
        return page

    def publish(self, revision: Revision, user: AnyUser | None = None, *args: object, **kwargs: object) -> None:
        """Publish an approved revision. A scheduled revision without approval is taken off the schedule and logged."""
        gaps = revision.as_object()._publication_gaps()
        if not gaps:
            super().publish(revision, user, *args, **kwargs)
            return
        if not revision.approved_go_live_at:
            raise Refused.lacking(gaps)
        # A refusal would end the command `publish_scheduled`, and the pages after this one would never be published.
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
        log(self, "publicity.unscheduled", user=user, data={"reasons": [str(gap) for gap in gaps]}, revision=revision)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Answer 404 for a page with content that nobody approved, however it became live."""
        if not path_components and not self.is_public():
            raise Http404
        result: RouteResult = super().route(request, path_components)
        return result

    def is_public(self) -> bool:
        """Return True if the public may read this page now; page types may ask for more."""
        return bool(self.live) and self.is_approved


def gated_page_types() -> tuple[type[GatedPage], ...]:
    """Return every page type that passes reviews. Files, lists, the sitemap and the admin take the types from here."""
    return tuple(model for model in apps.get_models() if issubclass(model, GatedPage))


def personal_data_gap(place: str, finding: Finding) -> Missing:
    """Return the refusal for personal data: where it is, and what to do about it."""
    reason = _(
        "%(place)s holds %(what)s. Write %(masked)s instead; if it must stay, register the reason under "
        "“Personal data that may stay”."
    )
    values = {"place": place, "what": finding.label, "masked": finding.masked}
    return Missing(reason % values, code="personal_data")
