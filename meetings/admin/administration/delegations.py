"""Delegated signatures (委托审签) in the admin: entering a delegation for some days, confirming it, ending it early."""

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.widgets import AdminDateInput

from meetings import clock
from meetings.admin.administration.tenures import check_date_order
from meetings.admin.core.forms import RecordForm, offer_rows
from meetings.admin.core.listing import DayField, Field, RadioFilter, RecordFilterSet, RecordIndexView, StageField
from meetings.admin.core.operation import OperationForm, OperationView
from meetings.admin.core.record_page import Fact, InspectPageView
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import DONE, EMPTY, SKIPPED, StatusBadge
from meetings.admin.core.views import RecordCreateView
from meetings.admin.core.viewset import GuardedModelViewSet
from meetings.models import Delegation, Person, Tenure
from meetings.operations.delegation import confirm_delegation, delegate, revoke
from meetings.queries.approval import with_signers
from meetings.queries.delegation import delegation_in_force, delegations
from meetings.queries.reach import reach_of
from meetings.registry import Button
from meetings.rules.delegation import (
    delegable_conferences,
    deputies,
    givers,
    may_confirm_delegation,
    may_manage_delegation,
)
from meetings.types import StrOrPromise


def delegation_badge(delegation: Delegation) -> StatusBadge:
    """Return whether a delegation is running, still to come, or ended; it also ends with either tenure."""
    today = clock.today()
    ends = [delegation.to_date, delegation.tenure.to_date, delegation.to.to_date]
    if any(day is not None and day < today for day in ends):
        return StatusBadge(SKIPPED, gettext("Ended"))
    if delegation.confirmed_by_id is None:
        return StatusBadge(EMPTY, gettext("To be confirmed"))
    return (
        StatusBadge(EMPTY, gettext("To come"))
        if delegation.from_date > today
        else StatusBadge(DONE, gettext("Running"))
    )


def title_and_name(tenure: Tenure) -> str:
    """Return title and name of a tenure's holder."""
    return f"{tenure.full_title} {tenure.person.name}"


def title_with_conference(tenure: Tenure) -> str:
    """Return title and name behind the short name of the conference."""
    place = tenure.post.conference
    return f"{place.short_name}　{title_and_name(tenure)}" if place else title_and_name(tenure)


class DelegationForm(RecordForm):
    """The form of a delegation: giver, deputy, days and reason."""

    def limit_choices(self, person: Person) -> None:
        """Offer a clerk the leaders and clerks of the conference, and everybody else only their own signature."""
        label = title_with_conference if delegable_conferences(person).count() > 1 else title_and_name
        offer_rows(self, "tenure", givers(person), label=label)
        offer_rows(self, "to", deputies(person), label=label)
        self.fields["from_date"].label, self.fields["to_date"].label = gettext("First day"), gettext("Last day")
        self.preselect_single("tenure")
        self.initial.setdefault("from_date", clock.today())

    def clean(self) -> None:
        """Require two different people, and dates in order."""
        super().clean()
        data = self.cleaned_data
        giver, deputy = data.get("tenure"), data.get("to")
        if giver and deputy and giver.person_id == deputy.person_id:
            self.add_error("to", gettext("Giver and deputy are one person. Choose another deputy."))
        check_date_order(self)


PANELS = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel("tenure", help_text=_("Whose signature it is. It counts for the seats of this post.")),
                FieldPanel("to", help_text=_("A leader or a clerk of the same side, who sees the records anyway.")),
            ],
            heading=_("Who signs for whom"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("from_date"), FieldPanel("to_date")]),
                FieldPanel("reason", help_text=_("For example: on a business trip, on leave, in training.")),
            ],
            heading=_("On which days, and why"),
        ),
    ],
    base_form_class=DelegationForm,
)


class DelegationFilterSet(RecordFilterSet):
    """Filters by conference, and by whether the delegation runs today."""

    conference_path = "tenure__post__conference"
    state = RadioFilter(label=_("State"), choices=[("running", _("Running"))], method="running_today")

    class Meta:
        model = Delegation
        fields: list[str] = []

    def running_today(self, rows: QuerySet[Delegation], name: str, value: str) -> QuerySet[Delegation]:
        """Keep the delegations under which somebody may sign today."""
        return rows.filter(delegation_in_force()) if value else rows


class DelegationIndexView(RecordIndexView[Delegation]):
    """The list of delegations."""

    add_item_label: StrOrPromise = _("New delegation")
    empty_message = _("Where a leader is away, a delegation lets a colleague of the same side sign for some days.")
    fields = (
        Field("giver", _("Delegated by"), lambda d: title_and_name(d.tenure), sort="tenure__post__order"),
        Field("deputy", _("Delegated to"), lambda d: title_and_name(d.to), sort="to__post__order"),
        DayField("from_date", _("First day"), lambda d: d.from_date, sort="from_date", width="10%"),
        DayField("to_date", _("Last day"), lambda d: d.to_date, sort="to_date", width="10%"),
        StageField("state", _("State"), delegation_badge, width="10%"),
        Field("reason", _("Reason"), lambda d: Truncator(d.reason).chars(40), width="18%", classname="wide-only"),
        Field("entered_by", _("Entered by"), lambda d: d.entered_by.name, width="10%", classname="wide-only"),
    )

    def prepare(self, rows: QuerySet[Delegation]) -> QuerySet[Delegation]:
        return delegations(rows)


class DelegationCreateView(RecordCreateView):
    """The form of a new delegation."""

    page_title = _("New delegation")

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> Delegation:
        """Create the delegation."""
        return delegate(form.instance, by=by)


class RevokeForm(OperationForm):
    """The new last day; a delegation that has not begun is revoked as a whole and needs no day."""

    record: Delegation
    on = forms.DateField(
        label=_("New last day"),
        widget=AdminDateInput,
        help_text=_("The deputy may still sign on this day. Enter yesterday to end it at once."),
    )

    def build(self) -> None:
        self.fields["on"].initial = clock.today()
        if self.record.from_date > clock.today():
            del self.fields["on"]


class RevokeView(OperationView[Delegation]):
    """End a delegation early, or revoke it before it has begun."""

    form_class = RevokeForm
    route = "revoke/<int:pk>/"
    url_name = "revoke"
    button = _("End the delegation early")

    def has_permission(self) -> bool:
        return may_revoke(self.person, self.object)

    def badge(self) -> StatusBadge:
        return delegation_badge(self.object)

    def get_note(self) -> StrOrPromise:
        if self.object.from_date > clock.today():
            return gettext("The delegation has not begun; it is taken back as a whole. The log keeps it.")
        return gettext("What was signed under it stays as it is.")

    def perform(self, form: OperationForm) -> None:
        day = form.cleaned_data.get("on") or clock.today()
        self.gone = self.object.from_date > clock.today()
        revoke(self.object, by=self.person, on=day, version=form.cleaned_data["version"])

    def done_message(self) -> str:
        if self.gone:
            return gettext("The delegation is taken back.")
        return gettext("The delegation now runs %(days)s.") % {"days": self.object.days}

    def get_success_url(self) -> str:
        """Redirect to the list if the delegation was revoked as a whole and no longer exists."""
        return reverse("delegation:index") if getattr(self, "gone", False) else super().get_success_url()


class ConfirmView(OperationView[Delegation]):
    """Confirm a delegation that somebody else entered."""

    route = "confirm/<int:pk>/"
    url_name = "confirm"
    button = _("Confirm the delegation")
    done = _("The delegation counts now, within its days.")
    note = _("The deputy may then sign in the place of the giver. Confirm it only if the giver wants it.")

    def has_permission(self) -> bool:
        return may_confirm_delegation(self.person, self.object)

    def badge(self) -> StatusBadge:
        return delegation_badge(self.object)

    def perform(self, form: OperationForm) -> None:
        confirm_delegation(self.object, by=self.person, version=form.cleaned_data["version"])


def may_revoke(person: Person, delegation: Delegation) -> bool:
    """Return True if the person is the giver or a clerk of the conference, and the delegation has not ended."""
    return may_manage_delegation(person, delegation) and delegation.to_date >= clock.today()


class DelegationPageView(InspectPageView[Delegation]):
    """The page of a delegation: the people, the days, the reason, and what was signed under it."""

    template_name = "meetings/delegation.html"

    def get_object(self, queryset: object = None) -> Delegation:
        found: Delegation = delegations(Delegation.objects.filter(pk=self.pk)).first() or super().get_object(queryset)
        return found

    def get_page_title(self) -> str:
        names = {"deputy": self.object.to.person.name, "giver": self.object.tenure.person.name}
        return gettext("%(deputy)s signs for %(giver)s") % names

    def badge(self) -> StatusBadge:
        return delegation_badge(self.object)

    def facts(self) -> list[Fact]:
        row: Delegation = self.object
        return [
            Fact(_("Conference"), row.tenure.post.conference and row.tenure.post.conference.short_name),
            Fact(_("Delegated by"), title_and_name(row.tenure)),
            Fact(_("Delegated to"), title_and_name(row.to)),
            Fact(_("Days"), row.days),
            Fact.of(row, "reason"),
            Fact(_("Entered by"), row.entered_by.name),
            Fact(
                _("Confirmed by"),
                row.confirmed_by.name if row.confirmed_by else gettext("nobody yet; it does not count"),
            ),
        ]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        row: Delegation = self.object
        url, confirm_url = (reverse(f"delegation:{name}", args=[row.pk]) for name in ("revoke", "confirm"))
        targets = ("topic", "meeting__conference", "minutes", "report__part__resolution")
        given = with_signers(row.approvals.all()).select_related(*targets)
        return super().get_context_data(**kwargs) | {
            "operations": [
                *([Button(str(ConfirmView.button), confirm_url)] if may_confirm_delegation(self.person, row) else []),
                *([Button(str(RevokeView.button), url)] if may_revoke(self.person, row) else []),
            ],
            "approvals": [
                {"approval": approval, "url": url_of(approval.target), "record": approval.target} for approval in given
            ],
        }


class StaffMenuItem(MenuItem):
    """A menu item for staff and auditors: everybody who sees all records of a conference today."""

    def is_shown(self, request: HttpRequest) -> bool:
        reach = reach_of(request.user)
        return reach.everything or bool(reach.conferences)


class DelegationViewSet(GuardedModelViewSet):
    """The viewset of delegations. They are not edited, only ended early."""

    model = Delegation
    icon = "user"
    menu_item_class = StaffMenuItem
    excluded_views = frozenset({"edit"})
    edit_handler = PANELS
    inspect_view_enabled = True
    index_view_class = DelegationIndexView
    add_view_class = DelegationCreateView
    inspect_view_class = DelegationPageView
    filterset_class = DelegationFilterSet
    search_fields = ["tenure__person__name", "tenure__full_title", "to__person__name", "to__full_title", "reason"]
    operations = (ConfirmView, RevokeView)
