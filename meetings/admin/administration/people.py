"""People in the admin: login and tenures in one form. A person is deactivated, never deleted."""

from datetime import date

from django import forms
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList

from meetings.admin.administration.base import (
    AdministrationOperationView,
    AdministrationPageView,
    AdministrationViewSet,
    FormInlinePanel,
    administered_rows,
)
from meetings.admin.administration.logins import LoginCodeView, ReactivateView, ResetDeviceView, login_facts
from meetings.admin.administration.second_person import SubmittingForm, waiting_panel, with_outcome
from meetings.admin.administration.tenures import TenureForm, tenure_lines
from meetings.admin.core.forms import RecordForm
from meetings.admin.core.guard import seen_by
from meetings.admin.core.listing import DayField, Field, RadioFilter, RecordFilterSet, RecordIndexView, StageField
from meetings.admin.core.operation import OperationForm
from meetings.admin.core.record_page import Fact
from meetings.admin.core.status_badges import DONE, EMPTY, SKIPPED, StatusBadge
from meetings.admin.core.views import RecordCreateView, RecordEditView
from meetings.enums import Role
from meetings.models import JointConference, Person, Post, Tenure
from meetings.models.people import AnyUser
from meetings.operations.people import deactivate_person
from meetings.operations.submitting import submit_person
from meetings.queries.login import device_of
from meetings.queries.people import in_force, namesakes
from meetings.refusal import Refused
from meetings.registry import Button
from meetings.rules.people import administered, manages_any


class PersonForm(RecordForm):
    """The form of a person; it offers a one-time code for a new person."""

    code = forms.BooleanField(
        label=_("Issue a one-time code"),
        required=False,
        initial=True,
        help_text=_(
            "It is shown once after saving; with it the person logs in and chooses an own password. If the posts need "
            "a second person, only that person reads it. Without a code the person cannot log in."
        ),
    )

    namesake = forms.BooleanField(
        label=_("Namesake"), required=False, help_text=_("This is another person of the same name.")
    )

    def limit_choices(self, person: Person) -> None:
        """Offer only posts that the administrator administers; drop what is not asked: the code of an existing person,
        and whether it is a namesake of somebody.
        """
        if not (self.is_bound and namesakes(self.data.get("name", ""), of=self.instance)):
            del self.fields["namesake"]
        posts = list(administered_rows(person, Post).select_related("conference", "department"))
        self.formsets["tenures"].form_kwargs["posts"] = posts
        self.fields["name"].label = gettext("Name")
        self.fields["username"].label = gettext("Login")
        self.fields["username"].help_text = gettext("Letters, figures and @ . + - _ alone; used to log in.")
        if self.instance.pk:
            del self.fields["code"]
        else:
            self.formsets["tenures"].extra = 1  # an empty row to begin with; left empty it is ignored


PANELS = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name"), FieldPanel("username")]),
                FieldPanel("namesake"),
                FieldPanel("code"),
            ],
            heading=_("Person and login"),
        ),
        FormInlinePanel(
            "tenures",
            panels=[
                FieldPanel("post"),
                FieldPanel("full_title"),
                FieldRowPanel([FieldPanel("from_date"), FieldPanel("to_date")]),
            ],
            heading=_("Posts and duties"),
            label=_("tenure"),
            help_text=_("Rights come from the posts, from the first day of a tenure to its last."),
            row_form=TenureForm,
        ),
    ],
    base_form_class=PersonForm,
)


def posts_today(person: Person) -> str:
    """Return what the person holds today, with the conferences, from the prefetched `current`."""
    rows = getattr(person, "current", [])
    return "；".join(
        f"{row.post.conference.short_name}　{row.full_title}" if row.post.conference else row.full_title for row in rows
    )


def person_badge(person: Person) -> StatusBadge:
    """Return whether the person is in office, without a post, or deactivated."""
    if not person.is_active:
        return StatusBadge(SKIPPED, gettext("Deactivated"))
    return (
        StatusBadge(DONE, gettext("In office"))
        if posts_today(person)
        else StatusBadge(EMPTY, gettext("Without a post"))
    )


def last_login(person: Person) -> date | None:
    """Return the local date of the last login."""
    return timezone.localtime(person.last_login).date() if person.last_login else None


def read_tenures(reader: AnyUser) -> QuerySet[Tenure]:
    """Return the tenures of posts that the reader sees, and of posts without a conference."""
    return Tenure.objects.filter(Q(post__in=seen_by(reader, Post).values("pk")) | Q(post__conference=None))


def with_current_tenures(rows: QuerySet[Person], reader: AnyUser) -> QuerySet[Person]:
    """Return people with those of their tenures of today that the reader sees as `current`."""
    current = read_tenures(reader).filter(in_force()).select_related("post__conference").order_by("order", "pk")
    return rows.prefetch_related(Prefetch("tenures", queryset=current, to_attr="current"))


class PersonFilterSet(RecordFilterSet):
    """Filters by conference and rights of today, and by whether the login is active."""

    role = RadioFilter(label=_("Rights today"), choices=Role.choices, method="with_role")
    active = RadioFilter(
        field_name="is_active", label=_("Login"), choices=[("True", _("Active")), ("False", _("Deactivated"))]
    )

    class Meta:
        model = Person
        fields: list[str] = []

    def with_role(self, rows: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        """Keep the people who hold the role today."""
        held = read_tenures(self.request.user).filter(in_force(), person=OuterRef("pk"), post__role=value)
        return rows.filter(Exists(held))

    def in_conference(self, rows: QuerySet[Person], name: str, value: JointConference | None) -> QuerySet[Person]:
        """Keep the people who hold a post of the conference today."""
        if value is None:
            return rows
        return rows.filter(Exists(Tenure.objects.filter(in_force(), person=OuterRef("pk"), post__conference=value)))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "conference" in self.filters:
            self.filters["conference"].method = "in_conference"


class PersonIndexView(RecordIndexView[Person]):
    """The list of people with what they hold today."""

    add_item_label = _("New person")
    empty_message = _("Create the posts first, then the people who hold them.")
    fields = (
        Field.of(Person, "name", sort="name", width="12%"),
        Field("held", _("Holds today"), posts_today),
        StageField("state", _("State"), person_badge),
        Field("username", _("Login"), lambda p: p.username, sort="username", width="14%", classname="wide-only"),
        DayField("last_login", _("Last login"), last_login, sort="last_login", width="12%", classname="day wide-only"),
    )

    def prepare(self, rows: QuerySet[Person]) -> QuerySet[Person]:
        return with_current_tenures(rows, self.request.user)

    def search_queryset(self, queryset: QuerySet[Person]) -> QuerySet[Person]:
        """Search names, logins and all titles ever held; the subquery keeps each person unique."""
        if not self.is_searching:
            return queryset
        titles = read_tenures(self.request.user).filter(full_title__icontains=self.search_query).values("person")
        return queryset.filter(
            Q(name__icontains=self.search_query) | Q(username__icontains=self.search_query) | Q(pk__in=titles)
        )


def store_person(form: RecordForm, *, by: Person, version: int | None) -> Person:
    """Save person and tenures at once as far as one person may, and submit the rest.

    An administrator of single conferences must enter a post: without one the person would belong to none of them. Raise
    `Refused` otherwise.
    """
    person: Person = form.save(commit=False)
    if None not in administered(by) and not person.tenures.all():
        raise Refused(
            gettext("Enter at least one post: without it the person belongs to no conference of yours."),
            code="post_missing",
        )
    values = form.cleaned_data
    with_outcome(
        form,
        lambda: submit_person(
            person,
            by=by,
            version=version,
            with_code=values.get("code", False),
            namesake=values.get("namesake", False),
        ),
    )
    return person


class PersonCreateView(SubmittingForm, RecordCreateView):
    """The form of a new person with login and tenures."""

    page_title = _("New person")

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> Person:
        """Create the person."""
        return store_person(form, by=by, version=version)

    def get_success_url(self) -> str:
        """Redirect to the home page if this person was the first administrator.

        The account that created it loses its rights by that, and could not open the person's page.
        """
        return super().get_success_url() if manages_any(self.request.user) else reverse("wagtailadmin_home")


class PersonEditView(SubmittingForm, RecordEditView):
    """The form of a person's name, login and tenures."""

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> Person:
        """Save the person."""
        return store_person(form, by=by, version=version)


class DeactivateView(AdministrationOperationView[Person]):
    """Close the login of a person, who is never deleted, and end the tenures."""

    template_name = "meetings/administration/deactivate.html"
    route = "deactivate/<int:pk>/"
    url_name = "deactivate"
    button = _("Deactivate")
    done = _("The login is closed and the tenures have ended. What the person did stays.")

    def perform(self, form: OperationForm) -> None:
        deactivate_person(self.object, by=self.person, version=form.cleaned_data["version"])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        running = tenure_lines(self.object.tenures.select_related("post__conference"), page="post", may_change=True)
        return super().get_context_data(**kwargs) | {"terms": [term for term in running if term.end_url]}


class PersonPageView(AdministrationPageView[Person]):
    """The page of a person."""

    template_name = "meetings/administration/person.html"

    def badge(self) -> StatusBadge:
        return person_badge(with_current_tenures(Person.objects.filter(pk=self.object.pk), self.person).get())

    def facts(self) -> list[Fact]:
        person: Person = self.object
        return [
            *login_facts(person),
            Fact(_("Last login"), last_login(person) or gettext("never")),
        ]

    def operations(self) -> list[Button]:
        if not self.object.is_active:
            return [Button(str(ReactivateView.button), self.operation_url("reactivate"))]
        buttons = []
        if self.object.pk != self.person.pk:  # the own password is changed on the page of the own account
            buttons.append(Button(str(LoginCodeView.button), self.operation_url("login_code")))
        if device_of(self.object) is not None:
            buttons.append(Button(str(ResetDeviceView.button), self.operation_url("reset_device")))
        if self.object.pk != self.person.pk:
            buttons.append(Button(str(DeactivateView.button), self.operation_url("deactivate")))
        return buttons

    def panels(self) -> list[SafeString]:
        return [mark_safe(waiting_panel(self.object, self.request)), *super().panels()]  # noqa: S308  # a template

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        rows = (
            read_tenures(self.person)
            .filter(person=self.object.pk)
            .select_related("post__conference", "post__department")
        )
        return super().get_context_data(**kwargs) | {
            "terms": tenure_lines(rows, page="post", may_change=self.may_change)
        }


class PersonViewSet(AdministrationViewSet):
    """The viewset of people."""

    model = Person
    icon = "user"
    hint = _("Add people, issue a one-time code, deactivate who has left.")
    edit_handler = PANELS
    index_view_class = PersonIndexView
    add_view_class = PersonCreateView
    edit_view_class = PersonEditView
    inspect_view_class = PersonPageView
    filterset_class = PersonFilterSet
    search_fields = ["name", "username"]
    operations = (LoginCodeView, ResetDeviceView, DeactivateView, ReactivateView)
