"""Leading and coordination groups in the admin: a seat belongs to a post and is filled by the post's holder (`C 3`)."""

from collections.abc import Iterable

from django import forms
from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList

from meetings.admin.administration.base import (
    AdministrationPageView,
    AdministrationViewSet,
    FormInlinePanel,
    administered_rows,
    offer_conferences,
)
from meetings.admin.administration.posts import holder_names, with_holder
from meetings.admin.administration.second_person import SubmittingForm, with_outcome
from meetings.admin.administration.tenures import post_choices
from meetings.admin.core.forms import RecordForm
from meetings.admin.core.listing import Field, RecordFilterSet, RecordIndexView
from meetings.admin.core.record_page import Fact
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.views import RecordCreateView, RecordEditView
from meetings.enums import SeatKind
from meetings.models import GroupSeat, JointConference, LeadingGroup, Person, Post
from meetings.operations.submitting import submit_group


class SeatForm(WagtailAdminModelForm):
    """A row of the form of a group: a post, its kind of seat, and its order."""

    def __init__(self, *args: object, posts: Iterable[Post] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].label = _("In the group")
        field = self.fields["post"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Post.objects.filter(pk__in=[post.pk for post in posts])
        field.choices = post_choices(posts)


class GroupForm(RecordForm):
    """The form of a group; its seats are held by posts of its conference."""

    def limit_choices(self, person: Person) -> None:
        """Offer the administered conferences and their posts; the conference of a group is fixed."""
        offer_conferences(self, administered_rows(person, JointConference))
        posts = administered_rows(person, Post).exclude(conference=None).select_related("conference", "department")
        if self.instance.pk:
            posts = posts.filter(conference=self.instance.conference_id)
            self.fields["conference"].disabled = True
        self.formsets["seats"].form_kwargs["posts"] = list(posts)


PANELS = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("conference"), FieldPanel("kind")]),
                FieldPanel("name"),
                FieldPanel("located_at", help_text=_("For an office: where it is, for example at the town union.")),
            ],
            heading=_("The group"),
        ),
        FormInlinePanel(
            "seats",
            panels=[FieldPanel("post"), FieldRowPanel([FieldPanel("kind"), FieldPanel("order")])],
            heading=_("Seats"),
            label=_("seat"),
            help_text=_("A seat belongs to a post: whoever holds the post sits there, a successor too (C 3)."),
            row_form=SeatForm,
        ),
    ],
    base_form_class=GroupForm,
)


class GroupFilterSet(RecordFilterSet):
    """A filter by conference."""

    class Meta:
        model = LeadingGroup
        fields: list[str] = []


def with_seats(rows: QuerySet[LeadingGroup]) -> QuerySet[LeadingGroup]:
    """Return groups with their seats in order as `filled`, each with its post and the post's holder of today."""
    seats = GroupSeat.objects.order_by("order", "pk").prefetch_related(
        Prefetch("post", queryset=with_holder(Post.objects.all()))
    )
    return rows.select_related("conference").prefetch_related(Prefetch("seats", queryset=seats, to_attr="filled"))


def heads(group: LeadingGroup) -> str:
    """Return the names of those who head the group today."""
    seats: list[GroupSeat] = getattr(group, "filled", [])
    return "、".join(
        holder_names(seat.post) for seat in seats if seat.kind == SeatKind.HEAD and holder_names(seat.post)
    )


class GroupIndexView(RecordIndexView[LeadingGroup]):
    """The list of groups."""

    add_item_label = _("New group")
    empty_message = _("Where a regulation sets up a leading or coordination group (C 3), its seats are held by posts.")
    fields = (
        Field("name", _("Group"), lambda g: g.name, sort="name"),
        Field("kind", _("Kind"), lambda g: g.get_kind_display(), sort="kind", width="18%", classname="wide-only"),
        Field("heads", _("Headed by"), heads, width="18%"),
        Field("seats", _("Seats"), lambda g: g.seat_count, width="8%", classname="figure"),
        Field("conference", _("Conference"), lambda g: g.conference.short_name, sort="conference", width="12%"),
    )

    def prepare(self, rows: QuerySet[LeadingGroup]) -> QuerySet[LeadingGroup]:
        return with_seats(rows).annotate(seat_count=Count("seats"))


def store_group(form: RecordForm, *, by: Person, version: int | None) -> LeadingGroup:
    """Save the group with its seats, or submit it if somebody becomes a head who signs."""
    group: LeadingGroup = form.save(commit=False)
    with_outcome(form, lambda: submit_group(group, by=by, version=version), saved=False)
    return group


class GroupCreateView(SubmittingForm, RecordCreateView):
    """The form of a new group."""

    page_title = _("New group")
    store = staticmethod(store_group)


class GroupEditView(SubmittingForm, RecordEditView):
    """The form of an existing group."""

    store = staticmethod(store_group)


class GroupPageView(AdministrationPageView[LeadingGroup]):
    """The page of a group: its seats by kind, with their holders of today."""

    template_name = "meetings/administration/group.html"

    def facts(self) -> list[Fact]:
        group: LeadingGroup = self.object
        return [
            Fact(_("Conference"), group.conference.short_name, url_of(group.conference)),
            Fact(_("Kind"), group.get_kind_display()),
            Fact.of(group, "located_at"),
        ]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        group = with_seats(LeadingGroup.objects.filter(pk=self.object.pk)).get()
        seats: list[GroupSeat] = getattr(group, "filled", [])
        kinds = [(kind.label, [seat for seat in seats if seat.kind == kind]) for kind in SeatKind]
        return super().get_context_data(**kwargs) | {"kinds": [(label, rows) for label, rows in kinds if rows]}


class GroupViewSet(AdministrationViewSet):
    """The viewset of leading and coordination groups."""

    model = LeadingGroup
    icon = "group"
    hint = _("Leading and coordination groups, and the posts that sit in them.")
    edit_handler = PANELS
    index_view_class = GroupIndexView
    add_view_class = GroupCreateView
    edit_view_class = GroupEditView
    inspect_view_class = GroupPageView
    filterset_class = GroupFilterSet
    search_fields = ["name"]
