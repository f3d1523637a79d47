"""The guard of every viewset: what a person may not know of is not there, in any view.

Wagtail's stock views ask the policy per model; a policy alone leaves lists, exports and object pages open.

Key concepts
- `seen_by(user, Model)`: the rows that the registered policy lets this user know of.
- `GuardedViewSet`: mixed into a viewset in front of Wagtail's; each of its views asks per object, each list and
  export starts from `seen_by`. There is no delete, no copy, no usage view and no bulk action: records stay.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from wagtail.admin.views.generic import IndexView
from wagtail.permissions import policy_registry

from meetings.admin.core.access_log import note_denied, note_out_of_reach

M = TypeVar("M", bound=Model)

SEE = frozenset({"add", "change", "delete", "view"})
KEPT = frozenset({"index", "index_results", "add", "edit", "history", "history_results", "inspect"})


def seen_by(user: Any, model: type[M]) -> QuerySet[M]:
    """The rows of `model` this user may know of, by the policy that is registered for it."""
    rows: QuerySet[M] = policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, SEE)
    return rows


class Guard:
    """Stands in front of a view class: an object out of sight is a 404, permissions are asked of the object."""

    guarded_model: type[Model]
    request: HttpRequest
    permission_policy: Any
    guarded: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer 404 for an object out of sight, whatever the view would do with it."""
        if (pk := kwargs.get("pk")) is not None:
            self.guarded = seen_by(request.user, self.guarded_model).filter(pk=pk).first()
            if self.guarded is None:
                note_out_of_reach(request, self.guarded_model, pk)
                raise Http404
        try:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # mixed in
        except PermissionDenied:
            note_denied(request, self.guarded)
            raise
        return response

    def user_has_permission(self, permission: str) -> bool:
        """The policy's answer for the object at hand; for the model where there is none yet."""
        user = self.request.user
        if permission != "add" and self.guarded is not None:
            return bool(self.permission_policy.user_has_permission_for_instance(user, permission, self.guarded))
        return bool(self.permission_policy.user_has_permission(user, permission))

    def user_has_any_permission(self, permissions: Any) -> bool:
        """True if one of the permissions is given; see `user_has_permission`."""
        return any(self.user_has_permission(permission) for permission in permissions)


class ListGuard(Guard):
    """The guard of lists: results and exports start from what the reader may know of."""

    def get_base_queryset(self) -> QuerySet[Any]:
        """The rows in sight, with what the list's columns need."""
        rows: QuerySet[Any] = seen_by(self.request.user, self.guarded_model)
        prepare = getattr(self, "prepare", None)
        return prepare(rows) if prepare else rows


class GuardedViewSet:
    """Mixed in front of `ModelViewSet` or one of its kind: guards every view that the viewset constructs."""

    model: type[Model]
    copy_view_enabled = False

    def construct_view(self, view_class: type[Any], **kwargs: Any) -> Callable[..., HttpResponseBase]:
        """Wrap the view class in its guard, then construct it as Wagtail does."""
        guard = ListGuard if issubclass(view_class, IndexView) else Guard
        guarded = type(view_class.__name__, (guard, view_class), {"guarded_model": self.model})
        view: Callable[..., HttpResponseBase] = super().construct_view(guarded, **kwargs)  # type: ignore[misc]
        return view

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """As Wagtail's, without the views that records do not have."""
        absent = {"delete_url_name": None, "usage_url_name": None, "copy_url_name": None}
        common: dict[str, Any] = super().get_common_view_kwargs(**absent, **kwargs)  # type: ignore[misc]
        return common

    def get_urlpatterns(self) -> list[Any]:
        """As Wagtail's, without the views that records do not have."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in KEPT]  # type: ignore[misc]
