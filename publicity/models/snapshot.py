"""The content of a page as it is hashed for its approval, without the bookkeeping of tree and revisions.

A field that is added later is left out while it is unset, so that the approvals of published pages still match.
"""

import json
from collections.abc import Collection

from django.db.models import NOT_PROVIDED, Model
from modelcluster.models import get_all_child_relations, get_serializable_data_for_fields
from wagtail.fields import StreamField
from wagtail.models import Page

_PAGE_FIELDS = frozenset({"title", "slug", "seo_title", "search_description"})
# The fields that are hashed even while they are unset: those that existed when the first pages were approved.
HASHED_UNSET: dict[str, Collection[str]] = {
    "publicity.article": {*_PAGE_FIELDS, "meeting", "date", "summary", "cover", "cover_alt", "body", "tagged_items"},
    "publicity.taggedarticle": {"tag"},
    "publicity.outcomepage": {*_PAGE_FIELDS, "meeting", "date", "intro", "items"},
    "publicity.outcomeitem": {"sort_order", "resolution", "title", "wording", "discussion", "lifts"},
    "publicity.plainpage": {*_PAGE_FIELDS, "body"},
}
_KEYS_OF_CHILDREN = frozenset({"pk", "id", "page", "content_object"})


def content_fields(page: Page) -> set[str]:
    """Return the names of the fields and child relations that are the content of the page."""
    bookkeeping = {field.name for field in Page._meta.get_fields()} - _PAGE_FIELDS
    own = {field.name for field in page._meta.get_fields()}
    own |= {relation.get_accessor_name() for relation in get_all_child_relations(page)}
    return own - bookkeeping - {"page_ptr", "approved_hash"}


def content_snapshot(page: Page) -> dict[str, object]:
    """Return the content of `page`: its type, its fields, and its children without keys."""
    names = content_fields(page)
    content = {name: value for name, value in _set_fields(page).items() if name in names}
    for relation in get_all_child_relations(page):
        name = relation.get_accessor_name()
        if name in names:  # the others would cost a query each
            rows = [_set_fields(child, without=_KEYS_OF_CHILDREN) for child in getattr(page, name).all()]
            if rows or name in HASHED_UNSET.get(page._meta.label_lower, ()):
                content[name] = rows
    for field in page._meta.get_fields():
        if isinstance(field, StreamField) and isinstance(stored := content.get(field.name), str):
            # Parsed, because PostgreSQL stores the keys of JSON in its own order.
            content[field.name] = json.loads(stored)
    return {"type": page._meta.label_lower, **content}


def _set_fields(row: Model, *, without: Collection[str] = ()) -> dict[str, object]:
    """Return the values of the fields, in a form that JSON can hold, except new ones that are unset."""
    always = HASHED_UNSET.get(row._meta.label_lower, ())
    values: dict[str, object] = get_serializable_data_for_fields(row)
    return {
        name: value
        for name, value in values.items()
        if name not in without and (name in always or not _is_unset(row, name, value))
    }


def _is_unset(row: Model, name: str, value: object) -> bool:
    """Return True for the default of the field, and without one for an empty value; a computed default is a value."""
    default = getattr(row._meta.get_field(name), "default", NOT_PROVIDED) if name != "pk" else NOT_PROVIDED
    if default is NOT_PROVIDED or isinstance(row._meta.get_field(name), StreamField):
        return value in (None, "", [], "[]")
    return not callable(default) and value == default
