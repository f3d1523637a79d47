"""Changes that a second person confirms (待复核) in the admin: the list, the page, and the decisions.

Administrators and auditors read those of their conferences; the people concerned read and may decline those about
themselves. Each decision shows again what it is about, and carries the digest of what it showed.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from meetings import clock
from meetings.admin.administration.posts import ROLE_DESCRIPTIONS
from meetings.admin.administration.second_person import codes_page, who_confirms
from meetings.admin.core.access_log import note_refusal
from meetings.admin.core.listing import DayField, Field, RecordFilterSet, RecordIndexView, StageField
from meetings.admin.core.operation import OperationForm, OperationView
from meetings.admin.core.record_page import Fact, InspectPageView
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import StatusBadge, status_badge
from meetings.admin.core.viewset import GuardedModelViewSet
from meetings.enums import ChangeState, Role
from meetings.models import PendingChange, Person
from meetings.operations.change_content import (
    acts_of,
    content_digest,
    differs_from_submitted,
    in_force_from,
    lines_of,
    scope_of,
    second_people,
)
from meetings.operations.change_kinds import Act, Data, kind_of
from meetings.operations.login import IssuedCode
from meetings.operations.pending_change import confirm_change, decline_change, put_in_force, withdraw_change
from meetings.queries.accounts import latest_code, made_entry
from meetings.queries.pending_change import supervised_conferences
from meetings.refusal import Refused
from meetings.registry import Button
from meetings.rules.people import is_bootstrap_superuser
from meetings.rules.second_people import may_decline, may_put_in_force

T = TypeVar("T")


def _minute(moment: datetime) -> str:
    """Return date and time to the minute; the log has the seconds."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


class ChangesMenuItem(MenuItem):
    """A menu item for administrators and auditors. Whom a request concerns gets there from the desk."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(supervised_conferences(request.user) or is_bootstrap_superuser(request.user))


class ChangeFilterSet(RecordFilterSet):
    """Filters by state and conference."""

    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=ChangeState.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = PendingChange
        fields: list[str] = []


class ChangeIndexView(RecordIndexView[PendingChange]):
    """The list of requests, the newest first."""

    empty_message = _(
        "Nothing waits. What gives somebody the rights or the account of another is submitted here, and takes effect "
        "when a second person confirms it."
    )
    default_ordering: Any = "-requested_at"
    fields = (
        Field.of(PendingChange, "title", sort="title"),
        StageField("state", _("State"), status_badge, width="18%"),
        Field("by", _("Requested by"), lambda c: c.requested_by.name, width="12%", classname="named"),
        DayField("at", _("Since"), lambda c: _minute(c.requested_at), sort="requested_at", width="16%"),
        Field(
            "decided_by",
            _("Decided by"),
            lambda c: c.decided_by.name if c.decided_by else "",
            width="12%",
            classname="wide-only",
        ),
        Field(
            "conference",
            _("Conference"),
            lambda c: c.conference.short_name if c.conference else "",
            width="10%",
            classname="wide-only",
        ),
    )

    def prepare(self, rows: QuerySet[PendingChange]) -> QuerySet[PendingChange]:
        return rows.select_related("requested_by", "decided_by", "conference")


def account_facts(person: Person) -> dict[str, object]:
    """Return what whoever confirms has to know of an account: who made it, and who has seen a code for it."""
    made, code = made_entry(person), latest_code(person)
    notes = []
    if made is not None:
        values = {"who": made.user.name if made.user else gettext("the server"), "day": _day(made.timestamp)}
        notes.append(gettext("account made by %(who)s on %(day)s") % values)
    if code is not None:
        values = {"who": code.shown_to.name if code.shown_to else gettext("the server"), "day": _day(code.issued_at)}
        notes.append(gettext("last one-time code shown to %(who)s on %(day)s") % values)
    posts = "；".join(dict.fromkeys(tenure.full_title for tenure in person.tenures_in_force()))
    return {"person": person, "notes": notes, "posts": posts}


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment))


def change_context(change: PendingChange) -> dict[str, object]:
    """Return what a request changes, whom it concerns, and what they may do afterwards."""
    acts = acts_of(change)
    scope = scope_of(acts) if change.is_waiting else None
    people = Person.objects.filter(
        pk__in={*change.people.values_list("pk", flat=True), *(scope.people if scope else ())}
    )
    rights = {}
    for act in acts if change.is_waiting else ():
        for post in _told_of(kind_of(act).posts, act):
            place = post.conference.short_name if post.conference else gettext("All conferences")
            rights[post.pk] = f"{place} · {post.title}：{Role(post.role).label}，{ROLE_DESCRIPTIONS[Role(post.role)]}"
    return {
        "acts": [
            {
                "label": kind_of(act).label,
                "lines": told,
                "pictures": _told_of(kind_of(act).pictures, act) if change.is_waiting else [],
            }
            for act, told in zip(acts, lines_of(change), strict=True)
        ],
        "accounts": [account_facts(person) for person in people.order_by("name", "pk")],
        "rights": list(rights.values()),
        "digest": content_digest(change) if change.is_waiting else "",
    }


def _told_of(read: Callable[[Data], list[T]], act: Act) -> list[T]:
    """Return what an act says of itself; nothing if it is no longer possible, which its lines say."""
    try:
        return read(act.data)
    except Refused:
        return []


def conferences_of(change: PendingChange) -> str:
    """Return the conferences that a request concerns, by name; all of them if it concerns the whole installation."""
    return "、".join(row.short_name for row in change.conferences.all()) or gettext("All conferences")


class ChangePageView(InspectPageView[PendingChange]):
    """The page of a request."""

    template_name = "meetings/administration/change.html"

    def badge(self) -> StatusBadge:
        return status_badge(self.object)

    def facts(self) -> list[Fact]:
        change: PendingChange = self.object
        decided = gettext("%(who)s, %(when)s") % {
            "who": change.decided_by or "",
            "when": _minute(change.decided_at) if change.decided_at else "",
        }
        return [
            Fact(_("Requested by"), f"{change.requested_by.name}（{change.requested_by.username}）"),
            Fact(_("Waits since") if change.is_waiting else _("Requested at"), _minute(change.requested_at)),
            Fact(_("Conference"), conferences_of(change)),
            Fact(_("Note"), change.note),
            Fact(_("Decided"), decided if change.decided_by else ""),
            Fact(_("Reason"), change.reason),
        ]

    def operations(self) -> list[Button]:
        """Return what this person may do with the request now."""
        change, person = self.object, self.person
        if not change.is_waiting:
            return []
        scope, others, differs = scope_of(acts_of(change)), second_people(change), differs_from_submitted(change)
        due = not others and clock.now() >= in_force_from(change)
        offered = [
            (ConfirmView, not differs and person in others),
            (PutInForceView, not differs and due and may_put_in_force(person, change, scope)),
            (DeclineView, may_decline(person, change, scope)),
            (WithdrawView, person.pk == change.requested_by_id),
        ]
        return [Button(str(view.button), operation_url(view, change)) for view, open_now in offered if open_now]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        change: PendingChange = self.object
        return super().get_context_data(**kwargs) | {
            **change_context(change),
            "operations": self.operations(),
            "who_confirms": who_confirms(change) if change.is_waiting else "",
        }


def operation_url(view: type["ChangeOperationView"], change: PendingChange) -> str:
    """Return the URL of a decision."""
    return reverse(f"pendingchange:{view.url_name}", args=[change.pk])


class DecisionForm(OperationForm):
    """A decision; it carries the digest of what the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class ChangeOperationView(OperationView[PendingChange]):
    """A decision about a request: it shows again what it is about."""

    template_name = "meetings/administration/change_operation.html"
    form_class: type[OperationForm] = DecisionForm
    warns = False  # whether the page asks to call the people concerned first, if there are any

    def badge(self) -> StatusBadge:
        return status_badge(self.object)

    def initial_values(self) -> dict[str, object]:
        return {"seen": content_digest(self.object) if self.object.is_waiting else ""}

    def decide(self, form: OperationForm) -> list[IssuedCode]:
        """Perform the decision; return the codes to show."""
        raise NotImplementedError

    def form_valid(self, form: OperationForm) -> HttpResponse:
        """Decide, and show the codes once; a refusal is logged and shown on the page of the request."""
        try:
            codes = self.decide(form)
        except Refused as refused:
            note_refusal(self.request, refused, self.object)
            if form.has_inputs():
                return self.refused(form, refused)
            for reason in refused.reasons:
                messages.error(self.request, reason)
            return HttpResponseRedirect(url_of(self.object))
        messages.success(self.request, self.done_message())
        return (
            codes_page(self.request, codes, url_of(self.object)) if codes else HttpResponseRedirect(url_of(self.object))
        )

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context = change_context(self.object)
        return super().get_context_data(**kwargs) | context | {"warns": self.warns and bool(context["accounts"])}


class ConfirmView(ChangeOperationView):
    """Confirm a request: it is put in force at once."""

    route = "confirm/<int:pk>/"
    url_name = "confirm"
    button = _("Confirm")
    done = _("Confirmed. It is in force.")
    warns = True

    def has_permission(self) -> bool:
        return not self.object.is_waiting or self.person in second_people(self.object)

    def decide(self, form: OperationForm) -> list[IssuedCode]:
        values = form.cleaned_data
        return confirm_change(self.object, by=self.person, version=values["version"], seen=values["seen"])


class PutInForceView(ChangeOperationView):
    """Put a request in force after the waiting period, where nobody can confirm it."""

    route = "put-in-force/<int:pk>/"
    url_name = "put_in_force"
    button = _("Put in force")
    done = _("It is in force.")
    warns = True

    def has_permission(self) -> bool:
        return may_put_in_force(self.person, self.object, scope_of(acts_of(self.object)))

    def decide(self, form: OperationForm) -> list[IssuedCode]:
        values = form.cleaned_data
        return put_in_force(self.object, by=self.person, version=values["version"], seen=values["seen"])


class DeclineForm(DecisionForm):
    """The reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The requester reads it. For example: I did not ask for this."),
    )


class DeclineView(ChangeOperationView):
    """Decline a request."""

    form_class = DeclineForm
    route = "decline/<int:pk>/"
    url_name = "decline"
    button = pgettext_lazy("change", "Decline")
    done = _("Declined. Nothing of it takes effect.")

    def has_permission(self) -> bool:
        return may_decline(self.person, self.object, scope_of(acts_of(self.object)))

    def decide(self, form: OperationForm) -> list[IssuedCode]:
        values = form.cleaned_data
        decline_change(self.object, by=self.person, reason=values["reason"], version=values["version"])
        return []


class WithdrawView(ChangeOperationView):
    """Withdraw the own request."""

    route = "withdraw/<int:pk>/"
    url_name = "withdraw"
    button = _("Withdraw the request")
    done = _("Withdrawn. Nothing of it takes effect.")

    def has_permission(self) -> bool:
        return self.person.pk == self.object.requested_by_id

    def decide(self, form: OperationForm) -> list[IssuedCode]:
        withdraw_change(self.object, by=self.person, version=form.cleaned_data["version"])
        return []


class PendingChangeViewSet(GuardedModelViewSet):
    """The viewset of requests: list and page; they are made by the forms of what they change."""

    model = PendingChange
    icon = "check"
    menu_label: Any = _("To confirm")
    menu_item_class = ChangesMenuItem
    excluded_views = frozenset({"add", "edit"})
    inspect_view_enabled = True
    index_view_class = ChangeIndexView
    inspect_view_class = ChangePageView
    filterset_class = ChangeFilterSet
    search_fields = ["title", "requested_by__name", "note"]
    form_fields = ()
    operations = (ConfirmView, PutInForceView, DeclineView, WithdrawView)
