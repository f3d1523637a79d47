"""Visibility of pages in Wagtail views that check no permission themselves.

The page chooser lists every draft of every conference. The views that move or review a page show its title before they
refuse.

- `visible_pages(user)`: the pages of one's own sections, with drafts, and what the public reads.
- `PageVisibilityMiddleware`: answers a request for another page or file, whether it exists or not, as a missing
  permission, like Wagtail's other views: nobody learns from the answer what exists elsewhere.
- `restrict_page_chooser`: the hook of the page chooser, for browsing and searching.
"""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch
from wagtail.admin import auth
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry

from meetings.models.people import AnyUser
from publicity.keys import typed_key
from publicity.models import Picture, PublicDocument, gated_page_types
from publicity.rules import can_open_file
from publicity.viewer import use_viewer

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# The names of URL parameters that hold keys of pages and files, and the views that have keys in `?id=`.
PAGE_PARAMETERS = frozenset({"page_id", "parent_page_id", "page_to_move_id", "destination_id"})
PAGE_VIEWS = frozenset({"wagtailadmin_explore", "wagtailadmin_explore_results", "wagtailadmin_choose_page_child"})
FILE_PARAMETERS: dict[str, type[Picture] | type[PublicDocument]] = {
    "image_id": Picture,
    "document_id": PublicDocument,
    "doc_id": PublicDocument,
}
CHOSEN_PAGES = "wagtailadmin_choose_page_chosen_multiple"
BULK = "wagtail_bulk_action"
FILE_MODELS: dict[str, type[Picture] | type[PublicDocument]] = {"picture": Picture, "publicdocument": PublicDocument}


def visible_pages(user: AnyUser) -> QuerySet[Page]:
    """Return the pages whose titles this person may see.

    These are the pages within the page permissions held today, the structure of the tree, and what the public reads. A
    public page of another conference with unpublished changes is left out: its new title is not public yet.
    """
    policy = policy_registry.get_by_type(Page)
    assert isinstance(policy, PagePermissionPolicy)
    own: QuerySet[Page] = policy.explorable_instances(user)
    structure = Page.objects.not_type(*gated_page_types()).filter(live=True)
    pages = Page.objects.filter(pk__in=own.order_by().values("pk")) | Page.objects.filter(pk__in=structure.values("pk"))
    for page_type in gated_page_types():
        unchanged = page_type.objects.public().order_by().filter(has_unpublished_changes=False)
        pages |= Page.objects.filter(pk__in=unchanged.values("pk"))
    return pages


def restrict_page_chooser(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Limit the pages that the chooser lists."""
    return pages.filter(pk__in=visible_pages(request.user).values("pk"))


class RequestViewer:
    """What the person of a request may see (`publicity.viewer`)."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def may_open(self, file: AbstractImage | AbstractDocument) -> bool:
        """Return True for the files that the person works on or reviews."""
        assert isinstance(file, Picture | PublicDocument)
        return can_open_file(self.request.user, file)

    def may_name(self, page_id: int) -> bool:
        """Return True for the pages whose titles the person may see."""
        return self.request.user.is_authenticated and visible_pages(self.request.user).filter(pk=page_id).exists()


class PageVisibilityMiddleware:
    """Middleware that protects Wagtail's views of single pages and files, and tells the editor who works in it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; meanwhile the editor knows what this person may see."""
        with use_viewer(RequestViewer(request)):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponseBase | None:
        """Deny access to a page or file that is not visible or does not exist.

        Whoever has no access to the admin goes on to the login. A request that names none does not read the session.
        """
        match = request.resolver_match
        pages, files = (_named_pages(request, match), _named_files(request, match)) if match else (set(), [])
        if not (pages or files) or not request.user.has_perm("wagtailadmin.access_admin"):
            return None
        if _may_see(request.user, pages) and _may_open(request.user, files):
            return None
        denied: HttpResponseBase = auth.permission_denied(request)
        return denied


def _may_see(user: AnyUser, named: set[int]) -> bool:
    return not named or visible_pages(user).filter(pk__in=named).count() == len(named)


def _may_open(user: AnyUser, named: list[tuple[type[Picture] | type[PublicDocument], int]]) -> bool:
    found = [model.objects.filter(pk=pk).select_related("collection").first() for model, pk in named]
    return all(file is not None and can_open_file(user, file) for file in found)


def _named_pages(request: HttpRequest, match: ResolverMatch) -> set[int]:
    """Return the keys of pages that a request to one of Wagtail's views names."""
    if match.view_name == CHOSEN_PAGES or _is_bulk_of_pages(match):
        return {typed_key(pk) for pk in request.GET.getlist("id") if pk != "all"}
    if match.namespace == "wagtailadmin_pages" or match.view_name in PAGE_VIEWS:
        return {int(value) for name, value in match.kwargs.items() if name in PAGE_PARAMETERS}
    return set()


def _named_files(request: HttpRequest, match: ResolverMatch) -> list[tuple[type[Picture] | type[PublicDocument], int]]:
    """Return the keys of pictures and documents that a request to one of Wagtail's views names."""
    if match.view_name == BULK and (model := FILE_MODELS.get(str(match.kwargs.get("model_name")))):
        return [(model, typed_key(pk)) for pk in request.GET.getlist("id") if pk != "all"]
    if match.namespace not in {"wagtailimages", "wagtaildocs"}:
        return []
    return [(FILE_PARAMETERS[name], int(value)) for name, value in match.kwargs.items() if name in FILE_PARAMETERS]


def _is_bulk_of_pages(match: ResolverMatch) -> bool:
    return match.view_name == BULK and match.kwargs.get("model_name") == "page"
