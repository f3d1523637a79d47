"""Writing pages of the public tree in bulk: Django writes no rows of a model with a parent table in bulk.

`insert_pages(parent, pages)` computes what treebeard and Wagtail store of the position, writes the rows of `Page` in
bulk and those of the page type one by one.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from benchmarks.city.rows import insert, moment
from publicity.models import GatedPage


def place_page(page: GatedPage, parent: Page, number: int, day: date) -> None:
    """Set everything that Wagtail stores of a published page at this position, and its approved content."""
    page.slug = f"{day:%Y-%m-%d}-{number}"
    page.path = Page._get_path(parent.path, parent.depth + 1, number)
    page.depth = parent.depth + 1
    page.url_path = f"{parent.url_path}{page.slug}/"
    page.draft_title = page.title
    page.content_type = ContentType.objects.get_for_model(type(page))
    page.locale = parent.locale
    page.translation_key = uuid5(NAMESPACE_URL, page.url_path)
    page.live, page.has_unpublished_changes = True, False
    published: datetime = moment(day, 15)
    page.first_published_at = page.last_published_at = page.latest_revision_created_at = published
    page.approved_hash = page.content_hash()


def insert_pages(parent: Page, pages: Sequence[GatedPage]) -> None:
    """Write pages that have their places below `parent`, which has no other pages yet."""
    columns = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    bases = insert([Page(**{name: getattr(page, name) for name in columns}) for page in pages])
    for page, base in zip(pages, bases, strict=True):
        page.pk = page.page_ptr_id = base.pk
        page.save_base(raw=True, force_insert=True)  # as a fixture is loaded: the row of the page type alone
    Page.objects.filter(pk=parent.pk).update(numchild=len(pages))
