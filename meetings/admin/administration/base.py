"""Base classes of the admin pages for administrators.

- `AdministrationViewSet`: a viewset that only administrators of today can open and see in the menu.
- `AdministrationPageView`: its page with facts, buttons of operations, and the log.
- `AdministrationOperationView`: one operation on its rows.
- `FormInlinePanel`: an inline panel whose rows use a given form class.
- `administered_rows` and `offer_conferences` limit the choices of forms to what an administrator may administer.
"""

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import InlinePanel
from wagtail.admin.views.generic import InspectView

from meetings.admin.core.forms import RecordForm, offer_rows
from meetings.admin.core.operation import OperationView
from meetings.admin.core.record_page import InspectPageView
from meetings.admin.core.status_badges import StatusBadge
from meetings.admin.core.viewset import GuardedModelViewSet
from meetings.models import Department, JointConference, Person
from meetings.models.catalogue import CATALOGUE
from meetings.registry import Button
from meetings.rules.people import administered, managed_departments, manages_any
from meetings.types import StrOrPromise

M = TypeVar("M", bound=Model)


def administered_rows(person: Person, model: type[M]) -> QuerySet[M]:
    """Return the rows that this person administers: all of them, or those of the administered conferences."""
    conferences, path = administered(person), CATALOGUE[model].conference
    rows = model._default_manager.all()
    if None in conferences:  # None stands for all conferences
        return rows
    if model is Department:
        return rows.filter(pk__in=managed_departments(person))
    return rows.filter(pk__in=model._default_manager.filter(**{f"{path}__in": conferences})) if path else rows.none()


def offer_conferences(form: RecordForm, rows: QuerySet[JointConference], name: str = "conference") -> None:
    """Offer these conferences in the field `name`, by short name: the official names differ only in the place."""
    offer_rows(form, name, rows, label=lambda conference: conference.short_name)
    if form.fields[name].required:
        form.preselect_single(name)


class AdministratorsOnly:
    """A mixin in front of a view: only administrators pass, even if other people may see the object elsewhere."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Raise PermissionDenied for everybody else; Wagtail then redirects to the home page."""
        if not manages_any(request.user):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # mixed in
        return response


class AdministratorMenuItem(MenuItem):
    """A menu item for administrators."""

    def is_shown(self, request: HttpRequest) -> bool:
        return manages_any(request.user)


class AdministrationPageView(InspectPageView[M]):
    """The page of an object that administrators maintain."""

    template_name = "meetings/administration/page.html"

    def operation_url(self, name: str, *parts: int) -> str:
        """Return the URL of an operation on this object, or on a part of it."""
        return reverse(f"{self.model._meta.model_name}:{name}", args=[self.object.pk, *parts])

    @property
    def may_change(self) -> bool:
        """True if this person administers this object; other administrators may only read it."""
        return bool(self.user_has_permission("change"))

    def operations(self) -> list[Button]:
        """Return the buttons of the operations that are possible now; called only if `may_change`."""
        return []

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        operations = self.operations() if self.may_change else []
        return super().get_context_data(**kwargs) | {"operations": operations, "may_change": self.may_change}


class AdministrationOperationView(OperationView[M]):
    """An operation on an object that administrators maintain."""

    permission_required = "change"

    def badge(self) -> StatusBadge | None:
        return None  # no state machine


class AdministrationViewSet(GuardedModelViewSet):
    """The viewset of a model that administrators maintain."""

    hint: StrOrPromise = ""  # what the list is for; shown on the home page of administrators

    inspect_view_enabled = True
    inspect_view_class: type[InspectView] = AdministrationPageView
    menu_item_class = AdministratorMenuItem

    def construct_view(self, view_class: type, **kwargs: object) -> Callable[..., HttpResponseBase]:
        """Check that the person is an administrator before the guard and the view check anything else.

        A view with `administrators_only = False` is open to everybody who may see the object.
        """
        if getattr(view_class, "administrators_only", True):
            view_class = type(view_class.__name__, (AdministratorsOnly, view_class), {})
        return super().construct_view(view_class, **kwargs)


class RowFormSet(BaseChildFormSet):
    """Rows whose operation says what stands twice; Django's message names database fields."""

    def validate_unique(self) -> None:
        pass


class FormInlinePanel(InlinePanel):
    """An inline panel whose rows use the form class `row_form` instead of Wagtail's default."""

    def __init__(self, *args: object, row_form: type[WagtailAdminModelForm], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.row_form = row_form

    def clone_kwargs(self) -> dict[str, object]:
        return {**super().clone_kwargs(), "row_form": self.row_form}

    def get_form_options(self) -> dict[str, dict[str, dict[str, object]]]:
        options: dict[str, dict[str, dict[str, object]]] = super().get_form_options()
        options["formsets"][self.relation_name] |= {"form": self.row_form, "formset": RowFormSet}
        return options
