"""Resolutions in the admin: page and viewset (`Y 2(6)`, `C 5(5)`). The list is in `meetings.admin.resolutions.list`."""

from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import HeaderButton

from meetings.admin.core.deadlines import full_deadline, next_meeting
from meetings.admin.core.downloads import DocumentLinks
from meetings.admin.core.guard import seen_by
from meetings.admin.core.ledger import ledger_line, resolution_badge
from meetings.admin.core.record_page import Fact, RecordPageView
from meetings.admin.core.status_badges import StatusBadge
from meetings.admin.core.viewset import RecordViewSet
from meetings.admin.resolutions.carry_over import carry_over_timeline
from meetings.admin.resolutions.disclosure import LoosenView, TightenView, may_loosen, may_tighten
from meetings.admin.resolutions.forms import EditResolutionView, RemoveResolutionView
from meetings.admin.resolutions.list import LEDGER_VIEWS, ResolutionFilterSet, ResolutionIndexView
from meetings.admin.resolutions.parts import part_rows
from meetings.admin.resolutions.supervision import SUPERVISION_VIEWS, PartLetterView, letter_downloads
from meetings.enums import MinutesState, ResolutionState
from meetings.models import Approval, Explanation, Meeting, Minutes, Resolution
from meetings.models.resolution_fields import printed_terms
from meetings.queries.approval import with_signers
from meetings.queries.resolution import ledger
from meetings.rules.resolution import may_edit
from meetings.rules.seats import is_clerk


class ResolutionPageView(RecordPageView[Resolution]):
    """The page of a resolution."""

    template_name = "meetings/resolution.html"
    documents = (PartLetterView,)

    def get_object(self, queryset: object = None) -> Resolution:
        """Return the resolution with the annotations of a ledger row."""
        found: Resolution = ledger(Resolution.objects.filter(pk=self.pk)).first() or super().get_object(queryset)
        return found

    def badge(self) -> StatusBadge:
        """Return the badge “overdue” in place of the state, if it is overdue."""
        return resolution_badge(self.object)

    def facts(self) -> list[Fact]:
        """Return the facts; meeting and minutes are linked only if the person may see them."""
        row: Resolution = self.object
        minutes, meeting = row.minutes, row.minutes.meeting
        sees_minutes = seen_by(self.person, Minutes).filter(pk=minutes.pk).exists()
        sees_meeting = seen_by(self.person, Meeting).filter(pk=meeting.pk).exists()
        reason = f"（{row.disclosure_reason}）" if row.disclosure_reason else ""
        return [
            Fact(_("Meeting"), str(meeting), reverse("meeting:inspect", args=[meeting.pk]) if sees_meeting else ""),
            Fact(
                _("Minutes"),
                minutes.number or minutes.get_state_display(),
                reverse("minutes:inspect", args=[minutes.pk]) if sees_minutes else "",
            ),
            *self.corrections(),
            Fact(_("Deadline"), full_deadline(row, self.next_meeting())),
            Fact.of(row, "facet"),
            Fact(_("Tags"), "、".join(row.tags.names())),
            *(Fact(term.label, term.text) for term in printed_terms(row)),
            Fact(_("Disclosure"), f"{row.get_disclosure_display()}{reason}"),
            Fact.of(row, "public_number"),
        ]

    def no_step_message(self) -> str:
        """Explain why no step is due: it is drafted, suspended or carried over."""
        messages = {
            ResolutionState.DRAFTED: gettext("It is approved and issued with the minutes; then it can be assigned."),
            ResolutionState.SUSPENDED: gettext("It rests. The next meeting hears why, and what is proposed."),
            ResolutionState.CARRIED: gettext("It ended here and goes on in a resolution of a later meeting."),
        }
        return messages.get(ResolutionState(self.object.state), "")

    def next_meeting(self) -> Meeting | None:
        """Return the meeting before which the resolution is due, if the person may see it."""
        meeting = next_meeting(self.object)
        seen = meeting is not None and seen_by(self.person, Meeting).filter(pk=meeting.pk).exists()
        return meeting if seen else None

    def corrections(self) -> list[Fact]:
        """Return which resolution this draft row of a correction amends, and which draft row amends this one."""
        row: Resolution = self.object
        drafted = row.amendments.filter(pk__in=seen_by(self.person, Resolution).values("pk")).first()
        pairs = [(_("Corrects"), row.amends), (_("Being corrected"), drafted)]
        return [
            Fact(label, found.title, reverse("resolution:inspect", args=[found.pk])) for label, found in pairs if found
        ]

    def get_header_buttons(self) -> list[HeaderButton]:
        """Return what a clerk or an approver may do besides the steps."""
        row, person = self.object, self.person
        offered = [
            (is_clerk(person, row), "edit", _("Edit"), "edit"),
            (may_tighten(person, row), "tighten", _("Disclose less"), "lock"),
            (may_loosen(person, row), "loosen", _("Disclose more"), "lock-open"),
            (may_edit(person, row) and row.amends_id is None, "remove", _("Remove"), "bin"),
        ]
        return [
            HeaderButton(label, url=reverse(f"resolution:{name}", args=[row.pk]), icon_name=icon, priority=n)
            for n, (may, name, label, icon) in enumerate(offered)
            if may
        ]

    def approvals(self) -> QuerySet[Approval]:
        """Return the approvals of its reports: they are attached to reports, not to the resolution."""
        return with_signers(Approval.objects.filter(report__part__resolution=self.object))

    def downloads(self) -> list[DocumentLinks]:
        return letter_downloads(self.object, self.person)

    def explanations(self) -> QuerySet[Explanation]:
        """Return the explanations to later meetings that the person may see."""
        rows = Explanation.objects.filter(resolution=self.object, meeting__in=seen_by(self.person, Meeting))
        return rows.select_related("meeting__conference").order_by("meeting__time")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        row: Resolution = self.object
        return super().get_context_data(**kwargs) | {
            "line": ledger_line(row, linked=False),
            "parts": part_rows(row, self.person, self.steps),
            "carried": carry_over_timeline(row, self.person),
            "explanations": self.explanations(),
            "in_draft": row.minutes.state != MinutesState.ISSUED,
        }


class ResolutionViewSet(RecordViewSet):
    """The viewset of resolutions. They are added in their minutes."""

    model = Resolution
    icon = "tasks"
    excluded_views = frozenset({"add", "edit"})
    index_view_class = ResolutionIndexView
    inspect_view_class = ResolutionPageView
    filterset_class = ResolutionFilterSet
    search_fields = ["title", "text", "parts__department__name", "tags__name"]
    form_fields = ()
    operations = (EditResolutionView, RemoveResolutionView, TightenView, LoosenView, *SUPERVISION_VIEWS)

    def get_urlpatterns(self) -> list[URLPattern]:
        kwargs = self.get_index_view_kwargs()
        ledgers = [
            path(f"{name}/", self.construct_view(view, **kwargs), name=name) for name, view in LEDGER_VIEWS.items()
        ]
        return [*super().get_urlpatterns(), *ledgers]
