"""Topics in the admin: list, form and viewset (`Y 2(1)(2)`, `C 5(1)`)."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList

from meetings.admin.core.choices import (
    CategoryField,
    categories_in_force,
    clerk_sides,
    proposing_departments,
    writable_conferences,
)
from meetings.admin.core.forms import RecordForm, offer_rows, offer_values
from meetings.admin.core.listing import Field, RadioFilter, RecordFilterSet, RecordIndexView, StageField
from meetings.admin.core.registered_panels import RegisteredPanels
from meetings.admin.core.status_badges import status_badge
from meetings.admin.core.views import RecordCreateView, RecordEditView
from meetings.admin.core.viewset import RecordViewSet
from meetings.admin.topics.opinions import OPINION_OPERATIONS
from meetings.admin.topics.page import TopicPageView
from meetings.enums import Side, TopicState
from meetings.models import Person, Topic, TopicCategory
from meetings.operations.topic import save_topic
from meetings.queries.people import side_of
from meetings.types import StrOrPromise


class TopicForm(RecordForm):
    """The form of a topic, limited to the conferences, departments and categories that the person may use."""

    category = CategoryField(label=_("Category"), queryset=TopicCategory.objects.none())

    def limit_choices(self, person: Person) -> None:
        conferences = writable_conferences(person)
        offer_rows(self, "conference", conferences, label=lambda conference: conference.short_name)
        offer_rows(self, "proposer", proposing_departments(person))
        offer_rows(self, "category", categories_in_force(person))
        category = self.fields["category"]
        assert isinstance(category, CategoryField)
        category.several = conferences.count() > 1
        offer_values(self, "side", Side.choices[:2])
        self.preselect_single("conference")
        self.preselect_single("proposer")
        sides = clerk_sides(person)
        if len(sides) == 1:
            self.initial.setdefault("side", sides.pop())

    def clean(self) -> None:
        """Check that the side of the proposing department in the conference is chosen."""
        super().clean()
        data = self.cleaned_data
        conference, proposer = data.get("conference"), data.get("proposer")
        if conference and proposer:
            side = side_of(proposer, conference)
            if side in {Side.GOVERNMENT, Side.UNION} and data.get("side") not in {side, None}:
                message = _("This department belongs to the %(side)s. Choose that side, or another department.")
                self.add_error("side", message % {"side": Side(side).label})


PANELS = ObjectList(
    [
        MultiFieldPanel(
            [FieldPanel("conference"), FieldPanel("proposer"), FieldPanel("side"), FieldPanel("category")],
            heading=_("Who proposes, and under which clause"),
        ),
        MultiFieldPanel([FieldPanel("title"), FieldPanel("text"), RegisteredPanels()], heading=_("The proposal")),
        MultiFieldPanel(
            [
                FieldPanel("research"),
                HelpPanel(
                    content=_("A finished report can also be attached on the page of the topic once it is saved.")
                ),
            ],
            heading=_("Research"),
        ),
    ],
    base_form_class=TopicForm,
)


class TopicFilterSet(RecordFilterSet):
    """The filters of the list of topics."""

    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=TopicState.choices, widget=forms.CheckboxSelectMultiple
    )
    side = RadioFilter(label=_("Proposed by"), choices=Side.choices[:2])

    class Meta:
        model = Topic
        fields: list[str] = []


class TopicIndexView(RecordIndexView[Topic]):
    """The list of topics."""

    empty_message = _("A topic is proposed by a department or collected by the union. Start with “New topic”.")
    add_item_label: StrOrPromise = _("New topic")
    fields = (
        Field("title", _("Topic"), lambda t: t.title, sort="title"),
        StageField("state", _("State"), status_badge, sort="state"),
        Field("proposer", _("Proposed by"), lambda t: t.proposer.name, sort="proposer__order", width="14%"),
        Field("category", _("Category"), lambda t: t.category.title, width="16%"),
        Field("conference", _("Conference"), lambda t: t.conference.short_name, sort="conference", width="8%"),
        Field.of(Topic, "submitted_on", sort="submitted_on", width="10%", classname="day"),
    )

    def prepare(self, rows: QuerySet[Topic]) -> QuerySet[Topic]:
        return rows.select_related("proposer", "category", "conference")


class TopicCreateView(RecordCreateView):
    """The form of a new topic."""

    page_title = _("New topic")

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> Topic:
        """Create the draft."""
        return save_topic(form.instance, by=by)


class TopicEditView(RecordEditView):
    """The form of a draft or a returned topic."""

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> Topic:
        """Save the changed draft."""
        return save_topic(form.instance, by=by, version=version)


class TopicViewSet(RecordViewSet):
    """The viewset of topics."""

    model = Topic
    icon = "clipboard-list"
    edit_handler = PANELS
    index_view_class = TopicIndexView
    add_view_class = TopicCreateView
    edit_view_class = TopicEditView
    inspect_view_class = TopicPageView
    filterset_class = TopicFilterSet
    search_fields = ["title", "text", "research", "proposer__name"]
    operations = OPINION_OPERATIONS
