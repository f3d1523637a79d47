"""Visibility of pages in Wagtail views that check no permission themselves.

The page chooser lists every draft of every conference. The views that move or review a page show its title before they
refuse.

- `visible_pages(user)`: the pages of one's own sections, with drafts, and what the public reads.
- `PageVisibilityMiddleware`: answers a request for another page as a missing permission, like Wagtail's other views.
- `restrict_page_chooser`: the hook of the page chooser, for browsing and searching.
"""

from collections.abc import Callable, Iterator

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.admin import auth
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry

from meetings.models.people import AnyUser
from publicity.models import Picture, PublicDocument, gated_page_types
from publicity.rules import can_open_file
from publicity.viewer import use_viewer

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Names of views, with the URL parameters that hold keys of pages; empty: the keys are in `?id=`.
CHECKED_VIEWS = {
    "wagtailadmin_choose_page_child": ("parent_page_id",),
    "wagtailadmin_choose_page_chosen_multiple": (),
    "wagtailadmin_pages:move_confirm": ("page_to_move_id", "destination_id"),
    "wagtailadmin_pages:workflow_action": ("page_id",),
    "wagtailadmin_pages:collect_workflow_action_data": ("page_id",),
    "wagtailadmin_pages:confirm_workflow_cancellation": ("page_id",),
    "wagtailadmin_pages:workflow_preview": ("page_id",),
}


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
    """Middleware that protects the views in `CHECKED_VIEWS`, and tells the editor who works in it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; meanwhile the editor knows what this person may see."""
        with use_viewer(RequestViewer(request)):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponseBase | None:
        """Deny access to a page that is not visible. Anonymous requests go on to the login."""
        match = request.resolver_match
        if match is None or match.view_name not in CHECKED_VIEWS or not request.user.is_authenticated:
            return None
        named = set(_requested_pages(request, kwargs, CHECKED_VIEWS[match.view_name]))
        if visible_pages(request.user).filter(pk__in=named).count() == len(named):
            return None
        denied: HttpResponseBase = auth.permission_denied(request)
        return denied


def _requested_pages(request: HttpRequest, kwargs: dict[str, object], keys: tuple[str, ...]) -> Iterator[object]:
    yield from (kwargs[key] for key in keys)
    if not keys:
        yield from (int(pk) for pk in request.GET.getlist("id") if pk.isascii() and pk.isdigit())
