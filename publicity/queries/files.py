"""Which pictures and documents the public may fetch: those that a public page uses now, and the site's own mark.

Key concepts
- `is_public(file)`: whether the public may fetch it now.
- `title_of_page_using(file)`: the title of a page that the file must not change under.
"""

from collections.abc import Iterator
from typing import Any

from wagtail.models import Page, ReferenceIndex, WorkflowState

from publicity.models import GatedPage, Picture, PublicDocument, PublicitySettings, gated_page_types


def is_public(file: Picture | PublicDocument) -> bool:
    """True if a page that is out uses this file, or if it is the mark of the site.

    Which page uses which file is Wagtail's reference index, kept at each save of a page; whether the page is out is
    asked anew each time, so that taking it down closes the file's address at once.
    """
    users = page_ids_using(file)
    if any(page_type.objects.public().filter(pk__in=users).exists() for page_type in gated_page_types()):
        return True
    return isinstance(file, Picture) and PublicitySettings.objects.filter(mark=file).exists()


def page_ids_using(file: Any) -> list[int]:
    """The keys of all pages whose stored text uses this file."""
    references = ReferenceIndex.get_references_to(file).filter(base_content_type__model=Page._meta.model_name)
    return [int(pk) for pk in references.values_list("object_id", flat=True).distinct()]


def title_of_page_using(file: Picture | PublicDocument) -> str | None:
    """The title of a page that uses this file and is public or being reviewed; None if there is none."""
    title: str | None = (
        Page.objects.filter(pk__in=page_ids_using(file), live=True).values_list("title", flat=True).first()
    )
    return title or next((draft.title for draft in drafts_in_review() if draft_uses(draft, file)), None)


def drafts_in_review() -> Iterator[GatedPage]:
    """The latest text of each page whose review has begun; one that was returned keeps its approvals."""
    begun = [WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES]
    for state in WorkflowState.objects.filter(status__in=begun).order_by("pk"):
        page = state.content_object.specific if state.content_object is not None else None
        if isinstance(page, GatedPage):
            yield page.get_latest_revision_as_object()


def draft_uses(draft: GatedPage, file: Any) -> bool:
    """True if a text that is not stored as the page itself uses this file."""
    found = ReferenceIndex._extract_references_from_object(draft)
    wanted = (ReferenceIndex._get_base_content_type(file).pk, str(file.pk))
    return any((content_type, str(pk)) == wanted for content_type, pk, _path, _content in found)
