"""Meetings in the admin: list, form and viewset. The page of a meeting is in `meetings.admin.meetings.page`."""

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList

from meetings import clock
from meetings.admin.core.choices import TenureField, chairs
from meetings.admin.core.forms import RecordForm, offer_rows
from meetings.admin.core.listing import DayField, Field, RadioFilter, RecordFilterSet, RecordIndexView, StageField
from meetings.admin.core.status_badges import status_badge
from meetings.admin.core.views import RecordCreateView, RecordEditView
from meetings.admin.core.viewset import RecordViewSet
from meetings.admin.meetings.agenda import AGENDA_OPERATIONS
from meetings.admin.meetings.attendance import ATTENDANCE_OPERATIONS
from meetings.admin.meetings.compliance import MeetingClausesView
from meetings.admin.meetings.follow_up import FOLLOW_UP_OPERATIONS
from meetings.admin.meetings.guests import GUEST_OPERATIONS
from meetings.admin.meetings.notice import NoticeView
from meetings.admin.meetings.page import MeetingPageView
from meetings.enums import MeetingKind, MeetingState
from meetings.models import JointConference, Meeting, Person, Tenure
from meetings.operations.meeting import save_meeting
from meetings.queries.people import clerk_conference_ids
from meetings.types import StrOrPromise

NOT_AMENDING = Q(minutes__resolutions__amends=None)  # draft rows of a correction are not counted


class MeetingForm(RecordForm):
    """The form of a meeting, for the clerks of its conference."""

    chair = TenureField(label=_("Chair"), queryset=Tenure.objects.none(), required=False)

    def limit_choices(self, person: Person) -> None:
        """Offer the person's own conferences and their leaders; suggest a title for a new meeting."""
        conferences = JointConference.objects.filter(pk__in=clerk_conference_ids(person))
        offer_rows(self, "conference", conferences, label=lambda conference: conference.short_name)
        offer_rows(self, "chair", chairs(conferences, self.instance))
        self.preselect_single("conference")
        if self.instance.pk:
            self.fields["conference"].disabled = True
        else:
            self.initial.setdefault("title", _("%(year)s joint conference") % {"year": clock.today().year})

    def clean(self) -> None:
        """Require a consultation for a special meeting."""
        super().clean()
        data = self.cleaned_data
        if data.get("kind") == MeetingKind.SPECIAL and not data.get("consultation", "").strip():
            self.add_error("consultation", _("A special meeting follows a consultation: say who, when and why."))


EDIT_HANDLER = ObjectList(
    [
        MultiFieldPanel(
            [FieldPanel("conference"), FieldPanel("kind"), FieldPanel("title"), FieldPanel("consultation")],
            heading=_("Which meeting"),
        ),
        MultiFieldPanel(
            [FieldPanel("time"), FieldPanel("place"), FieldPanel("chair")], heading=_("When, where, who chairs")
        ),
    ],
    base_form_class=MeetingForm,
)


class MeetingFilterSet(RecordFilterSet):
    """The filters of the list of meetings."""

    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=MeetingState.choices, widget=forms.CheckboxSelectMultiple
    )
    kind = RadioFilter(label=_("Kind"), choices=MeetingKind.choices)

    class Meta:
        model = Meeting
        fields: list[str] = []


class MeetingIndexView(RecordIndexView[Meeting]):
    """The list of meetings."""

    empty_message = _("A meeting starts with its day; agenda and attendance are drawn up as the regulation says.")
    add_item_label: StrOrPromise = _("New meeting")
    fields = (
        Field("title", _("Meeting"), str, sort="title"),
        StageField("state", _("State"), status_badge, sort="state"),
        DayField("time", _("Time"), lambda m: timezone.localtime(m.time), sort="time", width="16%"),
        Field("kind", _("Kind"), lambda m: m.get_kind_display(), width="10%"),
        Field("topics", _("Topics"), lambda m: m.topic_count, width="7%", classname="figure"),
        Field("settled", _("Resolutions"), lambda m: m.resolution_count, width="8%", classname="figure"),
    )

    def prepare(self, rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
        topics = Count("agenda", filter=Q(agenda__topic__isnull=False), distinct=True)
        counted = rows.annotate(
            topic_count=topics, resolution_count=Count("minutes__resolutions", filter=NOT_AMENDING, distinct=True)
        )
        return counted.select_related("conference")


class MeetingCreateView(RecordCreateView):
    """The form of a new meeting."""

    page_title = _("New meeting")

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> Meeting:
        """Create the meeting with its first agenda and attendance."""
        return save_meeting(form.instance, by=by)


class MeetingEditView(RecordEditView):
    """The form that changes time, place or chair."""

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> Meeting:
        """Save the meeting; a changed content voids the settlements."""
        return save_meeting(form.instance, by=by, version=version)


class MeetingViewSet(RecordViewSet):
    """The viewset of meetings."""

    model = Meeting
    icon = "calendar-alt"
    edit_handler = EDIT_HANDLER
    index_view_class = MeetingIndexView
    add_view_class = MeetingCreateView
    edit_view_class = MeetingEditView
    inspect_view_class = MeetingPageView
    filterset_class = MeetingFilterSet
    search_fields = ["title", "place", "agenda__title"]
    operations = (
        *AGENDA_OPERATIONS,
        *ATTENDANCE_OPERATIONS,
        *GUEST_OPERATIONS,
        *FOLLOW_UP_OPERATIONS,
        NoticeView,
        MeetingClausesView,
    )
