"""Delegated signatures (委托审签) in the admin: who signs for whom on which days, entered and ended early."""

from typing import Any

import django_filters
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
from meetings.admin.administration.tenures import refuse_turned_days
from meetings.admin.core.forms import RecordForm
from meetings.admin.core.listing import DayField, Field, RecordFilterSet, RecordIndexView, StageField
from meetings.admin.core.operation import OperationForm, OperationView
from meetings.admin.core.record_page import Fact, FilePageView
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import DONE, EMPTY, SKIPPED, Mark
from meetings.admin.core.views import RecordCreateView
from meetings.admin.core.viewset import KeptViewSet
from meetings.models import Delegation, Person, Tenure
from meetings.operations.delegation import delegate, revoke
from meetings.queries.approval import with_signers
from meetings.queries.delegation import delegation_in_force, delegations
from meetings.queries.visibility import reach_of
from meetings.registry import Button
from meetings.rules.delegation import delegable_conferences, deputies, givers, may_manage_delegation


def mark_of_delegation(delegation: Delegation) -> Mark:
    """Running, still to come, or ended; it ends with either tenure too."""
    today = clock.today()
    ends = [delegation.to_date, delegation.tenure.to_date, delegation.to.to_date]
    if any(day is not None and day < today for day in ends):
        return Mark(SKIPPED, gettext("Ended"))
    return Mark(EMPTY, gettext("To come")) if delegation.from_date > today else Mark(DONE, gettext("Running"))


def holder(tenure: Tenure) -> str:
    """Title and name, as everywhere."""
    return f"{tenure.full_title} {tenure.person.name}"


class DelegationForm(RecordForm):
    """Who lets whom sign, from when to when, and why."""

    def offer(self, person: Person) -> None:
        """A clerk chooses among the leaders and clerks of the conference; everybody else gives the own signature."""
        self.narrow("tenure", givers(person))
        self.narrow("to", deputies(person))
        several, fields = delegable_conferences(person).count() > 1, self.fields
        for name in ("tenure", "to"):
            field: Any = fields[name]
            field.label_from_instance = lambda tenure: (
                f"{tenure.post.conference.short_name}　{holder(tenure)}" if several else holder(tenure)
            )
        fields["from_date"].label, fields["to_date"].label = gettext("First day"), gettext("Last day")
        self.fix_single("tenure")
        self.initial.setdefault("from_date", clock.today())

    def clean(self) -> dict[str, Any]:
        """Two people, and days in their order."""
        data: dict[str, Any] = super().clean() or {}
        giver, deputy = data.get("tenure"), data.get("to")
        if giver and deputy and giver.person_id == deputy.person_id:
            self.add_error("to", gettext("Giver and deputy are one person. Choose another deputy."))
        refuse_turned_days(self)
        return data


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
    """By conference, and whether it runs today."""

    conference_path = "tenure__post__conference"
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("running", _("Running"))],
        method="running_today",
        widget=forms.RadioSelect,
        empty_label=_("All"),
    )

    class Meta:
        model = Delegation
        fields: list[str] = []

    def running_today(self, rows: QuerySet[Delegation], name: str, value: str) -> QuerySet[Delegation]:
        """Those by which somebody may sign today."""
        return rows.filter(delegation_in_force()) if value else rows


class DelegationIndexView(RecordIndexView):
    """The list of delegations."""

    add_item_label: Any = _("New delegation")
    empty_next = _("Where a leader is away, a delegation lets a colleague of the same side sign for some days.")
    fields = (
        Field("giver", _("Delegated by"), lambda d: holder(d.tenure), sort="tenure__post__order"),
        Field("deputy", _("Delegated to"), lambda d: holder(d.to), sort="to__post__order"),
        DayField("from_date", _("First day"), lambda d: d.from_date, sort="from_date", width="10%"),
        DayField("to_date", _("Last day"), lambda d: d.to_date, sort="to_date", width="10%"),
        StageField("state", _("State"), mark_of_delegation, width="10%"),
        Field("reason", _("Reason"), lambda d: Truncator(d.reason).chars(40), width="18%", classname="wide-only"),
        Field("entered_by", _("Entered by"), lambda d: d.entered_by.name, width="10%", classname="wide-only"),
    )

    def prepare(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With giver and deputy."""
        return delegations(rows)


class DelegationCreateView(RecordCreateView):
    """Enter a delegation."""

    page_title: Any = _("New delegation")

    @staticmethod
    def store(form: Any, *, by: Person, version: int | None) -> Delegation:
        """Enter it."""
        return delegate(form.instance, by=by)


class RevokeForm(OperationForm):
    """The new last day; nothing of a delegation that has not begun."""

    on: Any = forms.DateField(
        label=_("New last day"),
        widget=AdminDateInput,
        help_text=_("The deputy may still sign on this day. Enter yesterday to end it at once."),
    )

    def build(self) -> None:
        """Today, unless another day is typed."""
        self.fields["on"].initial = clock.today()
        if self.record.from_date > clock.today():
            del self.fields["on"]


class RevokeView(OperationView):
    """End a delegation early."""

    form_class = RevokeForm
    route = "revoke/<int:pk>/"
    url_name = "revoke"
    button = _("End the delegation early")

    def may(self) -> bool:
        """True for a clerk of the conference and for the giver, until it ends by itself."""
        return may_revoke(self.person, self.object)

    def mark(self) -> Mark:
        """Running or still to come."""
        return mark_of_delegation(self.object)

    @property
    def note(self) -> Any:
        """What it does."""
        if self.object.from_date > clock.today():
            return gettext("The delegation has not begun; it is taken back as a whole. The log keeps it.")
        return gettext("What was signed under it stays as it is.")

    def perform(self, form: Any) -> None:
        """Give it its last day, or take it back."""
        day = form.cleaned_data.get("on") or clock.today()
        self.gone = self.object.from_date > clock.today()
        revoke(self.object, by=self.person, on=day, version=form.cleaned_data["version"])

    def done_message(self) -> str:
        """What stands now."""
        if self.gone:
            return gettext("The delegation is taken back.")
        return gettext("The delegation now runs %(days)s.") % {"days": self.object.days}

    def get_success_url(self) -> str:
        """Its page; the list where it is gone."""
        return reverse("delegation:index") if getattr(self, "gone", False) else super().get_success_url()


def may_revoke(person: Person, delegation: Delegation) -> bool:
    """True if the person may still end the delegation early."""
    return may_manage_delegation(person, delegation) and delegation.to_date >= clock.today()


class DelegationPageView(FilePageView):
    """The page of a delegation: who, when, why, and what was signed under it."""

    template_name = "meetings/delegation.html"

    def get_object(self, queryset: Any = None) -> Delegation:
        """With giver and deputy."""
        found: Delegation = delegations(Delegation.objects.filter(pk=self.pk)).first() or super().get_object(queryset)
        return found

    def get_page_title(self) -> str:
        """Who signs for whom."""
        names = {"deputy": self.object.to.person.name, "giver": self.object.tenure.person.name}
        return gettext("%(deputy)s signs for %(giver)s") % names

    def mark(self) -> Mark:
        """Running, still to come, or ended."""
        return mark_of_delegation(self.object)

    def facts(self) -> list[Fact]:
        """Who, when, why, and by whom it was entered."""
        row: Delegation = self.object
        return [
            Fact(_("Conference"), row.tenure.post.conference and row.tenure.post.conference.short_name),
            Fact(_("Delegated by"), holder(row.tenure)),
            Fact(_("Delegated to"), holder(row.to)),
            Fact(_("Days"), row.days),
            Fact(_("Reason"), row.reason),
            Fact(_("Entered by"), row.entered_by.name),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what was signed under it, and the way to end it."""
        row: Delegation = self.object
        url = reverse("delegation:revoke", args=[row.pk])
        targets = ("topic", "meeting__conference", "minutes", "report__part__resolution")
        given = with_signers(row.approvals.all()).select_related(*targets)
        return super().get_context_data(**kwargs) | {
            "operations": [Button(str(RevokeView.button), url)] if may_revoke(self.person, row) else [],
            "approvals": [
                {"approval": approval, "url": url_of(approval.target), "record": approval.target} for approval in given
            ],
        }


class ForStaff(MenuItem):
    """A menu item for whoever sees all records of a conference."""

    def is_shown(self, request: HttpRequest) -> bool:
        """True for staff and auditors of today."""
        reach = reach_of(request.user)
        return reach.everything or bool(reach.conferences)


class DelegationViewSet(KeptViewSet):
    """Delegations."""

    model = Delegation
    icon = "user"
    menu_label: Any = _("Delegated signatures")
    menu_item_class = ForStaff
    absent = frozenset({"edit"})
    edit_handler = PANELS
    inspect_view_enabled = True
    index_view_class = DelegationIndexView
    add_view_class = DelegationCreateView
    inspect_view_class = DelegationPageView
    filterset_class = DelegationFilterSet
    search_fields = ["tenure__person__name", "tenure__full_title", "to__person__name", "to__full_title", "reason"]
    search_backend_name = None
    operations = (RevokeView,)
