"""Row-level visibility for all views of a viewset: a row that a person may not see is a 404 in every view.

Wagtail's stock views ask the permission policy per model. A policy alone therefore leaves lists, exports and object
pages open.

- `seen_by(user, Model)` returns the rows that the registered policy lets this user see.
- `GuardedViewSet` is mixed into a viewset in front of Wagtail's. Each of its views checks the object, and each list
  and export starts from `seen_by`. It has no delete, copy or usage view and no bulk action: records are never deleted.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from wagtail.admin.views.generic import IndexView
from wagtail.permissions import policy_registry

from meetings.admin.core.access_log import note_denied, note_out_of_reach
from meetings.models.people import AnyUser

M = TypeVar("M", bound=Model)

ANY_PERMISSION = frozenset({"add", "change", "delete", "view"})
# URL names of the Wagtail views that a guarded viewset keeps.
ALLOWED_VIEWS = frozenset({"index", "index_results", "add", "edit", "history", "history_results", "inspect"})


def seen_by(user: AnyUser, model: type[M]) -> QuerySet[M]:
    """Return the rows of `model` that this user may see, by the policy that is registered for the model."""
    rows: QuerySet[M] = policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, ANY_PERMISSION)
    return rows


class Guard:
    """A mixin in front of a view class: an invisible object is a 404, and permissions are checked on the object."""

    guarded_model: type[Model]
    request: HttpRequest
    permission_policy: Any
    guarded: Model | None = None
    only_shows: bool  # set by a view that changes nothing: the guard asks about the object as the view has loaded it

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Answer 404 for an invisible object, whatever the view would do; log this and any denied permission."""
        if (pk := kwargs.get("pk")) is not None:
            self.guarded = seen_by(request.user, self.guarded_model).filter(pk=pk).first()
            if self.guarded is None:
                note_out_of_reach(request, self.guarded_model, pk)
                raise Http404
            if getattr(self, "only_shows", False):  # no default here: the guard comes before the view
                view: Any = self  # of Wagtail, which loads its object first
                self.guarded = view.object
                view.object.seen_by_pk = request.user.pk
        try:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # mixed in
        except PermissionDenied:
            note_denied(request, self.guarded)
            raise
        return response

    def user_has_permission(self, permission: str) -> bool:
        """Ask the policy about the object of the view; about the model for "add" and where there is no object."""
        user = self.request.user
        if permission != "add" and self.guarded is not None:
            return self._permitted(permission)
        return bool(self.permission_policy.user_has_permission(user, permission))

    def _permitted(self, permission: str) -> bool:
        """Ask the policy about the object once for each permission: a page asks for every link and button."""
        known: dict[str, bool] = self.__dict__.setdefault("_permissions", {})
        if permission not in known:
            policy, user = self.permission_policy, self.request.user
            known[permission] = bool(policy.user_has_permission_for_instance(user, permission, self.guarded))
        return known[permission]

    def user_has_any_permission(self, permissions: Iterable[str]) -> bool:
        """Return True if `user_has_permission` holds for one of the permissions."""
        return any(self.user_has_permission(permission) for permission in permissions)


class ListGuard(Guard):
    """The guard of lists: results and exports start from the rows that the reader may see."""

    def get_base_queryset(self) -> QuerySet[Model]:
        """Return the visible rows, narrowed by the view's `select`."""
        rows = seen_by(self.request.user, self.guarded_model)
        select = getattr(self, "select", None)
        return select(rows) if select else rows


class GuardedViewSet:
    """A mixin in front of `ModelViewSet` or a similar class; it guards every view that the viewset constructs."""

    model: type[Model]
    copy_view_enabled = False

    def construct_view(self, view_class: type, **kwargs: object) -> Callable[..., HttpResponseBase]:
        """Wrap the view class in its guard, then construct it as Wagtail does."""
        guard = ListGuard if issubclass(view_class, IndexView) else Guard
        guarded = type(view_class.__name__, (guard, view_class), {"guarded_model": self.model})
        view: Callable[..., HttpResponseBase] = super().construct_view(guarded, **kwargs)  # type: ignore[misc]
        return view

    def get_common_view_kwargs(self, **kwargs: object) -> dict[str, object]:
        """Tell Wagtail's views that there are no delete, usage and copy views to link to."""
        disabled = {"delete_url_name": None, "usage_url_name": None, "copy_url_name": None}
        common: dict[str, object] = super().get_common_view_kwargs(**disabled, **kwargs)  # type: ignore[misc]
        return common

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return Wagtail's URL patterns of the allowed views."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in ALLOWED_VIEWS]  # type: ignore[misc]
