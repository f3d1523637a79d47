"""Joint conferences in the admin: official name, sides, sections and staff, member departments (`Y 3(2)(3)`)."""

from collections import defaultdict
from typing import Any

from django import forms
from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList

from meetings import clock
from meetings.admin.administration.adoptions import adoption_lines
from meetings.admin.administration.base import AdministrationPageView, AdministrationViewSet, offer_conferences
from meetings.admin.administration.document_templates import TEMPLATE_OPERATIONS, template_lines
from meetings.admin.administration.members_field import MembersField
from meetings.admin.administration.posts import with_holder
from meetings.admin.administration.second_person import SubmittingForm, with_outcome
from meetings.admin.core.forms import RecordForm
from meetings.admin.core.listing import Field, RecordIndexView
from meetings.admin.core.record_page import Fact
from meetings.admin.core.views import RecordCreateView, RecordEditView
from meetings.clauses import Point
from meetings.enums import Role, Side
from meetings.models import JointConference, LeadingGroup, Membership, Person, RegulationAdoption
from meetings.operations.changes_of_settings import PROTECTION_FIELDS
from meetings.operations.conference import save_conference
from meetings.operations.submitting import submit_conference
from meetings.queries.conference import adoption_in_force, adoption_on
from meetings.queries.people import holders
from meetings.rules.conference import name_gaps
from meetings.rules.people import administered, managed_departments

NAME_FIELDS = ("government_side", "union_side", "name")


class ConferenceForm(RecordForm):
    """The form of a conference. The slug cannot be changed later: public pages and rights depend on it."""

    members = MembersField(label=_("Member departments"), required=False)
    reviews_required = forms.TypedChoiceField(
        label=_("Reviews before publishing"), choices=[(n, n) for n in (1, 2, 3)], coerce=int, widget=forms.RadioSelect
    )

    def limit_choices(self, person: Person) -> None:
        """Show the present members, fix the slug, and exclude the conference itself as its superior."""
        conference: JointConference = self.instance
        self.fields["short_name"].label = gettext("Short name")
        offer_conferences(self, JointConference.objects.exclude(pk=conference.pk), "parent")
        self.fields["slug"].help_text = gettext(
            "Letters, figures and hyphens: the first part of the public address. It cannot be changed later."
        )
        if None not in administered(person):
            members = self.fields["members"]
            assert isinstance(members, MembersField)
            members.offer(managed_departments(person))
            members.help_text = gettext(
                "A department that also belongs to another conference is made a member by an administrator of all "
                "conferences."
            )
        if conference.pk:
            self.fields["slug"].disabled = True
            self.initial["members"] = dict(conference.memberships.values_list("department", "side"))

    def clean(self) -> dict[str, object]:
        """Require the official name that the regulation in force fixes (`Y 3(3)`); the error shows it."""
        data: dict[str, object] = super().clean() or {}
        if self.instance.pk and all(data.get(name) for name in NAME_FIELDS):
            written = JointConference(pk=self.instance.pk, **{name: data[name] for name in NAME_FIELDS})
            for gap in name_gaps(written):
                self.add_error("name", str(gap))
        return data


PANELS = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldRowPanel([FieldPanel("short_name"), FieldPanel("slug")]),
                FieldRowPanel([FieldPanel("level"), FieldPanel("parent")]),
            ],
            heading=_("The conference"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("government_side"), FieldPanel("government_section")]),
                FieldRowPanel([FieldPanel("union_side"), FieldPanel("union_section")]),
            ],
            heading=_("The two sides, and who is responsible there"),
        ),
        FieldPanel("members"),
        MultiFieldPanel(
            [
                FieldPanel("reviews_required"),
                FieldPanel("writer_is_first_review"),
                FieldPanel("lead_confirms_release"),
            ],
            heading=_("Before anything is published"),
        ),
    ],
    base_form_class=ConferenceForm,
)


def regulation_today(conference: JointConference) -> str:
    """Return the regulation that the conference follows today, from the prefetched `current`."""
    return "、".join(
        adoption.regulation.number or adoption.regulation.title for adoption in getattr(conference, "current", [])
    )


class ConferenceIndexView(RecordIndexView[JointConference]):
    """The list of conferences."""

    add_item_label = _("New joint conference")
    empty_message = _("Create the departments first: a conference names its members among them.")
    fields = (
        Field.of(JointConference, "name", sort="name"),
        Field.of(JointConference, "short_name", sort="short_name", width="12%", classname="wide-only"),
        Field.of(JointConference, "level", sort="level", width="12%", classname="wide-only"),
        Field("regulation", _("Follows today"), regulation_today, width="22%"),
        Field("members", _("Member departments"), lambda c: c.member_count, width="12%", classname="figure"),
    )

    def prepare(self, rows: QuerySet[JointConference]) -> QuerySet[JointConference]:
        current = RegulationAdoption.objects.filter(adoption_in_force(clock.today())).select_related("regulation")
        counted = rows.annotate(member_count=Count("memberships"))
        return counted.prefetch_related(Prefetch("adoptions", queryset=current, to_attr="current"))


class ConferenceCreateView(RecordCreateView):
    """The form of a new conference."""

    page_title = _("New joint conference")

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> JointConference:
        """Create the conference with its members."""
        return save_conference(form.instance, by=by, members=form.cleaned_data["members"])


class ConferenceEditView(SubmittingForm, RecordEditView):
    """The form of an existing conference."""

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> JointConference:
        """Save the conference with its members; submit fewer reviews before publishing."""
        conference: JointConference = form.instance
        members = form.cleaned_data["members"]
        with_outcome(
            form,
            lambda: submit_conference(conference, by=by, version=version, members=members),
            saved=bool(set(form.changed_data) - set(PROTECTION_FIELDS)),
        )
        return conference


class ConferencePageView(AdministrationPageView[JointConference]):
    """The page of a conference: staff of each side, members, posts, groups, regulations and document templates."""

    template_name = "meetings/administration/conference.html"

    def facts(self) -> list[Fact]:
        conference: JointConference = self.object
        adoption = adoption_on(conference, clock.today())
        follows = str(adoption.regulation) if adoption else gettext("no regulation")
        reviews = gettext("%(count)s reviews") % {"count": conference.reviews_required}
        if conference.writer_is_first_review:
            reviews += gettext(", the writer counts as the first")
        return [
            Fact.of(conference, "short_name"),
            Fact.of(conference, "level"),
            Fact(_("Superior conference"), conference.parent and conference.parent.short_name),
            Fact(_("Follows today"), follows),
            Fact(_("Before publishing"), reviews),
        ]

    def sections(self) -> list[dict[str, object]]:
        """Return the responsible section and the clerks of each side (`Y 3(2)`)."""
        conference: JointConference = self.object
        staff = defaultdict(list)
        for tenure in holders(conference, roles=[Role.CLERK]):
            staff[tenure.post.side].append(tenure)
        named = [
            (Side.GOVERNMENT, conference.government_side, conference.government_section),
            (Side.UNION, conference.union_side, conference.union_section),
        ]
        return [
            {"side": side.label, "name": name, "section": section, "staff": staff[side]}
            for side, name, section in named
        ]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        conference: JointConference = self.object
        adoption = adoption_on(conference, clock.today())
        members: dict[str, list[Membership]] = defaultdict(list)
        for row in conference.memberships.select_related("department").order_by("department__order", "pk"):
            members[row.side].append(row)
        return super().get_context_data(**kwargs) | {
            "sections": self.sections(),
            "sections_clause": adoption.cite(Point.SECTIONS) if adoption else "",
            "members": [(side.label, members[side]) for side in Side if members[side]],
            "posts": with_holder(conference.posts.order_by("order", "pk")),
            "groups": LeadingGroup.objects.filter(conference=conference).annotate(seat_count=Count("seats")),
            "adoptions": adoption_lines(conference.adoptions.select_related("regulation")),
            "templates": template_lines(conference),
        }


class ConferenceViewSet(AdministrationViewSet):
    """The viewset of joint conferences."""

    model = JointConference
    icon = "site"
    menu_label: Any = _("Conferences and members")
    hint = _("Official names, both sides, member departments.")
    edit_handler = PANELS
    index_view_class = ConferenceIndexView
    add_view_class = ConferenceCreateView
    edit_view_class = ConferenceEditView
    inspect_view_class = ConferencePageView
    search_fields = ["name", "short_name"]
    operations = TEMPLATE_OPERATIONS
