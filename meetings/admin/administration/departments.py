"""Departments in the admin: renamed with their former names kept, merged into a successor, never deleted."""

from django import forms
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList

from meetings.admin.administration.base import (
    AdministrationOperationView,
    AdministrationPageView,
    AdministrationViewSet,
)
from meetings.admin.administration.posts import with_holder
from meetings.admin.core.forms import RecordForm, offer_rows
from meetings.admin.core.listing import Field, RadioFilter, RecordFilterSet, RecordIndexView, StageField
from meetings.admin.core.operation import OperationForm
from meetings.admin.core.record_page import Fact
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import DONE, SKIPPED, StatusBadge
from meetings.admin.core.views import RecordCreateView, RecordEditView
from meetings.enums import Role
from meetings.models import Department, Membership, Person, Post
from meetings.operations.people import merge_department, save_department
from meetings.queries.parts import open_counts
from meetings.registry import Button


class DepartmentForm(RecordForm):
    """The form of a department."""


PANELS = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel(
                    "name",
                    help_text=_("Renamed, it stays the same department: the former name is kept and still finds it."),
                ),
                FieldPanel("former_names"),
                FieldRowPanel([FieldPanel("telephone"), FieldPanel("order")]),
            ],
            heading=_("The department"),
        )
    ],
    base_form_class=DepartmentForm,
)


def department_badge(department: Department) -> StatusBadge:
    """Return whether a department exists or was merged."""
    return (
        StatusBadge(SKIPPED, gettext("Merged")) if department.successor_id else StatusBadge(DONE, gettext("In being"))
    )


def sides(department: Department) -> str:
    """Return the side of the department in each of its conferences."""
    return "；".join(f"{row.conference.short_name}　{row.get_side_display()}" for row in department.memberships.all())


class DepartmentFilterSet(RecordFilterSet):
    """Filters by conference, and by whether the department was merged."""

    conference_path = "memberships__conference"
    state = RadioFilter(
        label=_("State"), choices=[("standing", _("In being")), ("merged", _("Merged"))], method="with_state"
    )

    class Meta:
        model = Department
        fields: list[str] = []

    def with_state(self, rows: QuerySet[Department], name: str, value: str) -> QuerySet[Department]:
        """Keep the existing departments, or those merged into another."""
        return rows.filter(successor__isnull=value == "standing")


class DepartmentIndexView(RecordIndexView[Department]):
    """The list of departments; former names are searched too."""

    add_item_label = _("New department")
    empty_message = _("Departments propose topics, carry resolutions out and report on them.")
    fields = (
        Field("name", _("Department"), lambda d: d.name, sort="name"),
        Field.of(Department, "former_names", width="20%", classname="wide-only"),
        Field("sides", _("Side"), sides, width="24%"),
        Field.of(Department, "telephone", width="14%", classname="wide-only"),
        StageField("state", _("State"), department_badge, sort="successor"),
    )

    def prepare(self, rows: QuerySet[Department]) -> QuerySet[Department]:
        members = Membership.objects.select_related("conference")
        return rows.prefetch_related(Prefetch("memberships", queryset=members))


class DepartmentCreateView(RecordCreateView):
    """The form of a new department."""

    page_title = _("New department")

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> Department:
        """Create the department."""
        return save_department(form.instance, by=by)


class DepartmentEditView(RecordEditView):
    """The form to change or rename a department."""

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> Department:
        """Save the department."""
        return save_department(form.instance, by=by, version=version)


class MergeForm(OperationForm):
    """The successor of the department."""

    record: Department

    into = forms.ModelChoiceField(label=_("Merged into"), queryset=Department.objects.none())

    def build(self) -> None:
        """Offer the departments that exist, without this one and those it has inherited from."""
        others = Department.objects.filter(successor=None).exclude(pk__in=self.record.inherited_ids)
        offer_rows(self, "into", others)


def held_posts(department: Department) -> list[Post]:
    """Return the posts of a department that somebody holds today."""
    posts = with_holder(department.posts.order_by("conference", "order", "pk"))
    return [post for post in posts if getattr(post, "current", [])]


def has_liaison(department: Department) -> bool:
    """Return True if the department has a liaison today."""
    return any(post.role == Role.LIAISON for post in held_posts(department))


class MergeView(AdministrationOperationView[Department]):
    """Merge a department into a successor, which inherits its open items."""

    form_class = MergeForm
    template_name = "meetings/administration/merge.html"
    route = "merge/<int:pk>/"
    url_name = "merge"
    button = _("Merge into another department")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"open": open_counts(self.object), "held": held_posts(self.object)}

    def perform(self, form: OperationForm) -> None:
        values = form.cleaned_data
        merge_department(self.object, into=values["into"], by=self.person, version=values["version"])

    def done_message(self) -> str:
        """Name the successor, and warn if it has no liaison who could report."""
        successor = self.object.successor
        assert successor is not None  # merged a moment ago
        message = gettext("%(name)s takes over the open items of %(old)s.") % {"name": successor, "old": self.object}
        if has_liaison(successor):
            return message
        warning = gettext("%(name)s has no liaison yet: nobody can report for it. Appoint one.")
        return message + warning % {"name": successor}


class DepartmentPageView(AdministrationPageView[Department]):
    """The page of a department."""

    template_name = "meetings/administration/department.html"

    def badge(self) -> StatusBadge:
        return department_badge(self.object)

    def facts(self) -> list[Fact]:
        department: Department = self.object
        successor = department.successor
        return [
            Fact.of(department, "former_names"),
            Fact.of(department, "telephone"),
            Fact(_("Merged into"), successor and successor.name, url_of(successor) if successor else ""),
            Fact(_("Took over"), "、".join(department.predecessors.values_list("name", flat=True))),
        ]

    def operations(self) -> list[Button]:
        return [] if self.object.successor_id else [Button(str(MergeView.button), self.operation_url("merge"))]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        members = self.object.memberships.select_related("conference")
        posts = with_holder(self.object.posts.order_by("conference", "order", "pk"))
        shown = {"members": members, "posts": posts, "open": open_counts(self.object)}
        if self.object.successor_id:
            shown["held"] = held_posts(self.object)
        return super().get_context_data(**kwargs) | shown


class DepartmentViewSet(AdministrationViewSet):
    """The viewset of departments."""

    model = Department
    icon = "folder"
    hint = _("Names, telephones; rename and merge.")
    edit_handler = PANELS
    index_view_class = DepartmentIndexView
    add_view_class = DepartmentCreateView
    edit_view_class = DepartmentEditView
    inspect_view_class = DepartmentPageView
    filterset_class = DepartmentFilterSet
    search_fields = ["name", "former_names"]
    operations = (MergeView,)
