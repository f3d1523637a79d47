"""What administrators keep, in the admin: lists, forms, pages and operations that are open to nobody else.

Key concepts
- `ManagedViewSet`: the base of each; whoever is no administrator today is sent away, and has no menu item.
- `ManagedPageView`: its page: facts, what lies in it, the buttons of its operations, the log.
- `ManagedOperationView`: one operation on it. `FormInlinePanel`: rows of a form of their own.
- `kept_by(person, Model)`, `offer_places(form, conferences)`: the choices of forms, within an administrator's reach.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import InlinePanel

from meetings.admin.core.forms import RecordForm
from meetings.admin.core.operation import OperationView
from meetings.admin.core.record_page import FilePageView
from meetings.admin.core.status_badges import Mark
from meetings.admin.core.viewset import KeptViewSet
from meetings.models import JointConference, Person
from meetings.models.catalogue import CATALOGUE
from meetings.registry import Button
from meetings.rules.people import administered, manages_any

M = TypeVar("M", bound=Model)


def kept_by(person: Person, model: type[M]) -> QuerySet[M]:
    """The rows that this administrator keeps: all, or those of the conferences within the reach."""
    reach, path = administered(person), CATALOGUE[model].conference
    rows = model._default_manager.all()
    if None in reach:
        return rows
    return rows.filter(pk__in=model._default_manager.filter(**{f"{path}__in": reach})) if path else rows.none()


def offer_places(form: RecordForm, rows: QuerySet[JointConference], name: str = "conference") -> None:
    """Offer these conferences by their places: the official names differ only there."""
    field: Any = form.fields[name]
    form.narrow(name, rows)
    field.label_from_instance = lambda conference: conference.short_name
    if field.required:
        form.fix_single(name)


class AdministratorsOnly:
    """Stands before a view: these pages are for administrators, also where a record shows what is kept here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send everybody else back to the desk, as Wagtail does."""
        if not manages_any(request.user):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # mixed in
        return response


class AdministratorItem(MenuItem):
    """A menu item for administrators."""

    def is_shown(self, request: HttpRequest) -> bool:
        """True for an administrator of today."""
        return manages_any(request.user)


class ManagedPageView(FilePageView):
    """The page of what is kept."""

    template_name = "meetings/administration/page.html"

    def operation_url(self, name: str, *parts: int) -> str:
        """The address of an operation on this row, or on a part of it."""
        return reverse(f"{self.model._meta.model_name}:{name}", args=[self.object.pk, *parts])

    @property
    def may_change(self) -> bool:
        """True if this administrator keeps this row; others of the same room may only read it."""
        return bool(self.user_has_permission("change"))

    def operations(self) -> list[Button]:
        """The operations that are offered now; asked only for whoever keeps the row."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the buttons."""
        operations = self.operations() if self.may_change else []
        return super().get_context_data(**kwargs) | {"operations": operations, "may_change": self.may_change}


class ManagedOperationView(OperationView):
    """One operation on what is kept."""

    permission_required = "change"

    def mark(self) -> Mark | None:
        """None: it has no machine."""
        return None


class ManagedViewSet(KeptViewSet):
    """The viewset of something that administrators keep."""

    hint: Any = ""  # what is done in the list, on the home page of administrators

    inspect_view_enabled = True
    inspect_view_class = ManagedPageView
    menu_item_class = AdministratorItem
    search_backend_name = None

    def construct_view(self, view_class: type[Any], **kwargs: Any) -> Callable[..., HttpResponseBase]:
        """Let administrators alone through, before anything else is asked."""
        own = type(view_class.__name__, (AdministratorsOnly, view_class), {})
        return super().construct_view(own, **kwargs)


class FormInlinePanel(InlinePanel):
    """An inline panel whose rows are forms of a class of ours (Wagtail makes plain ones)."""

    def __init__(self, *args: Any, row_form: type[WagtailAdminModelForm], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row_form = row_form

    def clone_kwargs(self) -> dict[str, Any]:
        """With the form class, as Wagtail clones panels when it binds them."""
        return {**super().clone_kwargs(), "row_form": self.row_form}

    def get_form_options(self) -> dict[str, Any]:
        """Wagtail's options with our form class."""
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = self.row_form
        return options
