"""Posts in the admin: the rights that an office or a duty carries, its holders, and the hand-over in one step."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.widgets import AdminDateInput

from meetings import clock
from meetings.admin.administration.base import (
    AdministrationPageView,
    AdministrationViewSet,
    administered_rows,
    offer_conferences,
)
from meetings.admin.administration.second_person import (
    NoteForm,
    SubmittingForm,
    SubmittingOperationView,
    waiting_panel,
    with_outcome,
)
from meetings.admin.administration.tenures import TITLE_HELP, tenure_lines
from meetings.admin.core.forms import RecordForm, offer_rows, offer_values
from meetings.admin.core.guard import seen_by
from meetings.admin.core.listing import Field, RadioFilter, RecordFilterSet, RecordIndexView, StageField
from meetings.admin.core.operation import OperationForm
from meetings.admin.core.record_page import Fact
from meetings.admin.core.status_badges import DONE, EMPTY, StatusBadge
from meetings.admin.core.views import RecordCreateView, RecordEditView
from meetings.enums import Role
from meetings.models import Department, JointConference, Membership, Person, Post, Tenure
from meetings.operations.changes_of_tenures import succession_act
from meetings.operations.pending_change import Outcome, request_or_apply
from meetings.operations.submitting import submit_end, submit_post
from meetings.operations.tenures import save_post
from meetings.queries.people import in_force
from meetings.registry import Button
from meetings.rules.pending_change import RIGHTS_FIELDS
from meetings.rules.people import administered, post_gaps

# What each role may do, for the administrator who chooses one.
ROLE_DESCRIPTIONS = {
    Role.HEAD_OF_GOVERNMENT: _("sees the conference's records, approves minutes"),
    Role.LIAISON_LEADER: _("sees the conference's records, approves topics and minutes"),
    Role.GOVERNMENT_LEADER: _("sees the conference's records, approves minutes"),
    Role.UNION_HEAD: _("sees the conference's records, approves minutes"),
    Role.UNION_LEADER: _("sees the conference's records, approves minutes"),
    Role.CLERK: _("keeps topics, meetings, minutes and follow-up for one side of one conference"),
    Role.LIAISON: _("proposes topics, gives opinions and reports progress for one department"),
    Role.WRITER: _("writes news and outcomes for the public pages"),
    Role.REVIEWER: _("reviews what is to be published"),
    Role.AUDITOR: _("reads all records, changes nothing"),
    Role.ADMINISTRATOR: _("keeps people, posts, departments, conferences and regulations; sees no records"),
    Role.NONE: _("is drawn into attendance and groups, logs in for nothing"),
}


class PostForm(RecordForm):
    """The form of a post; an administrator of single conferences stays within them."""

    def limit_choices(self, person: Person) -> None:
        """Offer the administered conferences, and describe what each role may do."""
        self.fields["title"].label = gettext("Name of the post")
        conference = self.fields["conference"]
        assert isinstance(conference, forms.ModelChoiceField)
        conference.required = None not in administered(person)
        conference.empty_label = gettext("All conferences (set by administrators of the whole portal)")
        offer_conferences(self, administered_rows(person, JointConference))
        offer_rows(self, "department", self._departments(person))
        offer_values(self, "role", [(role, f"{role.label}：{ROLE_DESCRIPTIONS[role]}") for role in Role])

    def _departments(self, person: Person) -> QuerySet[Department]:
        """Return the departments that a post may name: those of the administered conferences, and its present one."""
        if None in administered(person):
            return Department.objects.all()
        conferences = administered_rows(person, JointConference)
        members = Membership.objects.filter(conference__in=conferences).values("department")
        return Department.objects.filter(Q(pk__in=members) | Q(pk=self.instance.department_id))

    def clean(self) -> None:
        """Report what the role requires, before the constraint of the database is checked, whose message is no help."""
        super().clean()
        data = self.cleaned_data
        named = {name: data.get(name) or None for name in ("conference", "department")}
        for gap in post_gaps(Post(role=data.get("role", ""), side=data.get("side") or "", **named)):
            self.add_error(gap.field, str(gap))


PANELS = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel("title"),
                FieldRowPanel([FieldPanel("conference"), FieldPanel("department")]),
                FieldRowPanel([FieldPanel("kind", widget=forms.RadioSelect), FieldPanel("side")]),
            ],
            heading=_("The post"),
        ),
        FieldPanel("role", widget=forms.RadioSelect),
        MultiFieldPanel([FieldPanel("attends"), FieldPanel("order")], heading=_("At the meetings")),
    ],
    base_form_class=PostForm,
)


def current_tenures(post: Post) -> list[Tenure]:
    """Return the tenures of today, from the prefetched `current`."""
    rows: list[Tenure] = getattr(post, "current", [])
    return rows


def holder_names(post: Post) -> str:
    """Return the names of those who hold the post today."""
    return "、".join(tenure.person.name for tenure in current_tenures(post))


def post_badge(post: Post) -> StatusBadge:
    """Return whether the post is filled or vacant."""
    return StatusBadge(DONE, gettext("Filled")) if current_tenures(post) else StatusBadge(EMPTY, gettext("Vacant"))


def with_holder(rows: QuerySet[Post]) -> QuerySet[Post]:
    """Return posts with conference, department and the tenures of today as `current`."""
    held = Tenure.objects.filter(in_force()).select_related("person").order_by("pk")
    return rows.select_related("conference", "department").prefetch_related(
        Prefetch("tenures", queryset=held, to_attr="current")
    )


class PostFilterSet(RecordFilterSet):
    """Filters by conference, rights, and whether the post is filled."""

    role = django_filters.MultipleChoiceFilter(
        label=_("Rights"), choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )
    state = RadioFilter(
        label=_("State"), choices=[("filled", _("Filled")), ("vacant", _("Vacant"))], method="held_today"
    )

    class Meta:
        model = Post
        fields: list[str] = []

    def held_today(self, rows: QuerySet[Post], name: str, value: str) -> QuerySet[Post]:
        """Keep the posts with, or without, a tenure of today."""
        held = Exists(Tenure.objects.filter(in_force(), post=OuterRef("pk")))
        return rows.filter(held if value == "filled" else ~held)


class PostIndexView(RecordIndexView[Post]):
    """The list of posts with their holders of today."""

    add_item_label = _("New post")
    empty_message = _("Posts carry the rights. Create the leaders, clerks and liaisons of both sides.")
    fields = (
        Field("title", _("Post"), lambda p: p.title, sort="title"),
        Field("holder", _("Held by"), holder_names, width="14%"),
        StageField("state", _("State"), post_badge, width="10%"),
        Field.of(Post, "role", sort="role", width="16%", classname="wide-only"),
        Field(
            "department",
            _("Department"),
            lambda p: p.department and p.department.name,
            width="16%",
            classname="wide-only",
        ),
        Field(
            "conference",
            _("Conference"),
            lambda p: p.conference.short_name if p.conference else gettext("All conferences"),
            sort="conference",
            width="10%",
        ),
    )

    def prepare(self, rows: QuerySet[Post]) -> QuerySet[Post]:
        return with_holder(rows)


class PostCreateView(RecordCreateView):
    """The form of a new post."""

    page_title = _("New post")

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> Post:
        """Create the post."""
        return save_post(form.instance, by=by)


class PostEditView(SubmittingForm, RecordEditView):
    """The form of an existing post."""

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> Post:
        """Save the post; submit rights that its holders must not get from one person alone."""
        post: Post = form.instance
        with_outcome(
            form,
            lambda: submit_post(post, by=by, version=version),
            saved=bool(set(form.changed_data) - set(RIGHTS_FIELDS)),
        )
        return post


class SuccessionForm(NoteForm):
    """The successor, the first day and the title to print."""

    successor = forms.ModelChoiceField(label=_("Successor"), queryset=Person.objects.none())
    from_date = forms.DateField(label=_("First day"), widget=AdminDateInput, initial=clock.today)
    full_title = forms.CharField(
        label=_("Title to print"),
        max_length=120,
        required=False,
        help_text=TITLE_HELP,
    )

    def build(self) -> None:
        """Offer the active people whom the administrator can see; the login distinguishes people of one name."""
        people = seen_by(self.person, Person).filter(is_active=True).order_by("name", "pk")
        offer_rows(self, "successor", people, label=lambda person: f"{person.name}（{person.username}）")


class SuccessionView(SubmittingOperationView[Post]):
    """Hand a post over in one step: the present tenure ends the day before the successor's begins."""

    template_name = "meetings/administration/succession.html"
    form_class = SuccessionForm
    route = "succeed/<int:pk>/"
    url_name = "succeed"
    button = _("Hand the post over")
    anchor = "terms"

    def submit(self, form: OperationForm) -> Outcome:
        values = form.values()
        self.successor, self.from_date, note = values.pop("successor"), values["from_date"], values.pop("note", "")
        act = succession_act(self.object, self.successor, **values)
        return request_or_apply([act], by=self.person, subject=self.successor, note=note)

    def done_message(self) -> str:
        message = gettext("%(name)s holds the post from %(day)s.")
        return message % {"name": self.successor, "day": date_format(self.from_date)}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        rows = self.object.tenures.filter(in_force()).select_related("person")
        return super().get_context_data(**kwargs) | {"terms": tenure_lines(rows, page="person", may_change=False)}


class EndTenureForm(OperationForm):
    """The last day of a tenure."""

    on = forms.DateField(
        label=_("Last day"), widget=AdminDateInput, initial=clock.today, help_text=_("The rights go the day after.")
    )


class EndTenureView(SubmittingOperationView[Post]):
    """Set the last day of a tenure."""

    form_class = EndTenureForm
    route = "end/<int:pk>/<int:part>/"
    url_name = "end"
    part = "tenures"
    button = _("End the tenure")
    done = _("The last day of the tenure is set.")
    anchor = "terms"

    def submit(self, form: OperationForm) -> Outcome:
        return submit_end(self.part_object, by=self.person, on=form.cleaned_data["on"])


class PostPageView(AdministrationPageView[Post]):
    """The page of a post with its holders and its seats in groups."""

    template_name = "meetings/administration/post.html"

    def badge(self) -> StatusBadge:
        return post_badge(with_holder(Post.objects.filter(pk=self.object.pk)).get())

    def facts(self) -> list[Fact]:
        post: Post = self.object
        place = post.conference.short_name if post.conference else gettext("All conferences")
        return [
            Fact(_("Conference"), place),
            Fact(_("Department"), post.department and post.department.name),
            Fact.of(post, "side"),
            Fact(_("Kind"), post.get_kind_display()),
            Fact(_("Rights"), f"{post.get_role_display()}：{ROLE_DESCRIPTIONS[Role(post.role)]}"),
            Fact(_("At the meetings"), gettext("attends") if post.attends else ""),
        ]

    def operations(self) -> list[Button]:
        filled = self.object.tenures.filter(in_force()).exists()
        label = gettext("Hand the post over") if filled else gettext("Appoint somebody")
        return [Button(label, self.operation_url("succeed"))]

    def panels(self) -> list[SafeString]:
        return [mark_safe(waiting_panel(self.object, self.request)), *super().panels()]  # noqa: S308  # a template

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        rows = self.object.tenures.select_related("person", "post")
        seats = self.object.seats.select_related("group__conference").order_by("group", "order")
        return super().get_context_data(**kwargs) | {
            "terms": tenure_lines(rows, page="person", may_change=self.may_change),
            "seats": seats,
        }


class PostViewSet(AdministrationViewSet):
    """The viewset of posts."""

    model = Post
    icon = "key"
    hint = _("Which rights a post carries; appoint who holds it, from which day on.")
    edit_handler = PANELS
    index_view_class = PostIndexView
    add_view_class = PostCreateView
    edit_view_class = PostEditView
    inspect_view_class = PostPageView
    filterset_class = PostFilterSet
    search_fields = ["title", "department__name"]
    operations = (SuccessionView, EndTenureView)
