"""Which pictures and documents the public may fetch: those that a public page uses now, and the site's own logo.

- `is_public(file)`: whether the public may fetch it now.
- `is_mark(file)`, `request_showing(file)`: whether it is the mark of the site, or asked for as such.
- `title_of_page_using(file)`: the title of a page because of which the file must not change.
"""

from collections.abc import Iterator

from django.db.models import Model
from wagtail.models import Page, ReferenceIndex, WorkflowState

from meetings.models import PendingChange
from publicity.models import GatedPage, Picture, PublicDocument, PublicitySettings, gated_page_types
from publicity.queries.site_settings import requested_marks


def is_public(file: Picture | PublicDocument) -> bool:
    """Return True if a public page uses this file, or if it is the logo of the site.

    Wagtail's reference index, updated at each save of a page, contains which page uses which file. Whether the page is
    public is asked each time, so that taking it down closes the file's URL at once.
    """
    users = page_ids_using(file)
    if any(page_type.objects.public().filter(pk__in=users).exists() for page_type in gated_page_types()):
        return True
    return is_mark(file)


def is_mark(file: Picture | PublicDocument) -> bool:
    """Return whether the file is the mark of the site."""
    return isinstance(file, Picture) and PublicitySettings.objects.filter(mark=file).exists()


def request_showing(file: Picture | PublicDocument) -> PendingChange | None:
    """Return the waiting request that makes this file the mark of the site, or None."""
    if not isinstance(file, Picture):
        return None
    return next((change for change, pk in requested_marks() if pk == file.pk), None)


def page_ids_using(file: Model) -> list[int]:
    """Return the keys of all pages whose stored content uses this file."""
    references = ReferenceIndex.get_references_to(file).filter(base_content_type__model=Page._meta.model_name)
    return [int(pk) for pk in references.values_list("object_id", flat=True).distinct()]


def title_of_page_using(file: Picture | PublicDocument) -> str | None:
    """Return the title of a page that uses this file and is public or being reviewed, or None."""
    title: str | None = (
        Page.objects.filter(pk__in=page_ids_using(file), live=True).values_list("title", flat=True).first()
    )
    return title or next((draft.title for draft in drafts_in_review() if draft_uses(draft, file)), None)


def drafts_in_review() -> Iterator[GatedPage]:
    """Yield the latest text of each page whose review has begun, including those returned: approvals may stay valid."""
    begun = [WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES]
    for state in WorkflowState.objects.filter(status__in=begun).order_by("pk"):
        page = state.content_object.specific if state.content_object is not None else None
        if isinstance(page, GatedPage):
            yield page.get_latest_revision_as_object()


def draft_uses(draft: GatedPage, file: Model) -> bool:
    """Return True if a draft, which the reference index does not cover, uses this file."""
    found = ReferenceIndex._extract_references_from_object(draft)
    wanted = (ReferenceIndex._get_base_content_type(file).pk, str(file.pk))
    return any((content_type, str(pk)) == wanted for content_type, pk, _path, _content in found)
