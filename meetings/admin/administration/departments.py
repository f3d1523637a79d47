"""Departments in the admin: renamed with their former names kept, merged into a successor, never deleted."""

from django import forms
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList

from meetings.admin.administration.base import (
    AdministrationPageView,
    AdministrationViewSet,
    administered_rows,
    offer_conferences,
)
from meetings.admin.administration.posts import with_holder
from meetings.admin.administration.second_person import SubmittingOperationView
from meetings.admin.core.forms import RecordForm, offer_rows
from meetings.admin.core.guard import seen_by
from meetings.admin.core.listing import Field, RadioFilter, RecordFilterSet, RecordIndexView, StageField
from meetings.admin.core.operation import OperationForm
from meetings.admin.core.record_page import Fact
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import DONE, SKIPPED, StatusBadge
from meetings.admin.core.views import RecordCreateView, RecordEditView
from meetings.enums import Role, Side
from meetings.models import Department, JointConference, Membership, Person, Post
from meetings.operations.department import save_department
from meetings.operations.pending_change import Outcome
from meetings.operations.submitting import submit_merger
from meetings.queries.parts import open_counts
from meetings.registry import Button
from meetings.rules.people import administered


class DepartmentForm(RecordForm):
    """The form of a department. A new one can be made a member of a conference at once."""

    conference = forms.ModelChoiceField(label=_("Member of"), queryset=JointConference.objects.none(), required=False)
    side = forms.ChoiceField(label=_("Side"), choices=Side.choices, initial=Side.GOVERNMENT, required=False)

    def limit_choices(self, person: Person) -> None:
        """Offer the administered conferences for a new department; later its members are chosen in their forms."""
        if self.instance.pk:
            del self.fields["conference"], self.fields["side"]
            return
        conference = self.fields["conference"]
        assert isinstance(conference, forms.ModelChoiceField)
        conference.required = None not in administered(person)
        conference.empty_label = gettext("No conference yet")
        offer_conferences(self, administered_rows(person, JointConference))


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
                FieldRowPanel([FieldPanel("conference"), FieldPanel("side")]),
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
        """Create the department, as a member of the chosen conference."""
        data = form.cleaned_data
        joins = {"conference": data["conference"], "side": data["side"] or Side.GOVERNMENT}
        return save_department(form.instance, by=by, **joins)


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
        """Offer the departments that the person administers, without this one and those it has inherited from."""
        others = administered_rows(self.person, Department).filter(successor=None)
        others = others.exclude(pk__in=self.record.inherited_ids)
        offer_rows(self, "into", others)


def visible_posts(department: Department, person: Person) -> QuerySet[Post]:
    """Return the posts of a department that the person may see, with their holders of today."""
    return with_holder(seen_by(person, Post).filter(department=department).order_by("conference", "order", "pk"))


def held_posts(posts: QuerySet[Post]) -> list[Post]:
    """Return those of the posts that somebody holds today."""
    return [post for post in posts if getattr(post, "current", [])]


def places_without_liaison(department: Department) -> list[str]:
    """Return the conferences of which the department is a member and in which no liaison acts for it today."""
    posts = with_holder(department.posts.filter(role=Role.LIAISON))
    acting = {post.conference_id for post in held_posts(posts)}
    members = department.memberships.select_related("conference")
    return [row.conference.short_name for row in members if not acting & {row.conference_id, None}]


class MergeView(SubmittingOperationView[Department]):
    """Merge a department into a successor, which inherits its open items."""

    form_class = MergeForm
    template_name = "meetings/administration/merge.html"
    route = "merge/<int:pk>/"
    url_name = "merge"
    button = _("Merge into another department")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        shown = {
            "open": open_counts(self.object, seen_by(self.person, JointConference)),
            "held": held_posts(visible_posts(self.object, self.person)),
        }
        return super().get_context_data(**kwargs) | shown

    def submit(self, form: OperationForm) -> Outcome:
        values = form.cleaned_data
        return submit_merger(self.object, into=values["into"], by=self.person, version=values["version"])

    def done_message(self) -> str:
        """Name the successor, and warn where it has no liaison who could report."""
        successor = self.object.successor
        assert successor is not None  # merged a moment ago
        message = gettext("%(name)s takes over the open items of %(old)s.") % {"name": successor, "old": self.object}
        places = "、".join(places_without_liaison(successor))
        if not places:
            return message
        warning = gettext("%(name)s has no liaison yet in %(places)s: nobody can report for it there. Appoint one.")
        return message + warning % {"name": successor, "places": places}


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
        posts = visible_posts(self.object, self.person)
        counts = open_counts(self.object, seen_by(self.person, JointConference))
        shown = {"members": members, "posts": posts, "open": counts, "sees_all_posts": self.may_change}
        if self.object.successor_id:
            shown["held"] = held_posts(posts)
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
