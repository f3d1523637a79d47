"""The follow-up on the agenda: each unfinished resolution with its explanation (`Y 1(6)`, `C 4三`)."""

from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminAutoHeightTextInput

from meetings.admin.core.guard import seen_by
from meetings.admin.core.ledger import ledger_line
from meetings.admin.core.operation import ClerkOperationView, OperationForm
from meetings.admin.resolutions.carry_over import carry_urls
from meetings.components import LedgerLine
from meetings.enums import MeetingState
from meetings.models import Meeting, Person, Resolution
from meetings.operations.meeting import explain
from meetings.queries.meeting import Unfinished, unfinished_before
from meetings.queries.people import clerk_conference_ids
from meetings.queries.visibility import oversees


@dataclass(frozen=True)
class FollowUpRow:
    """An unfinished resolution as the page shows it; `url` leads to the form of its explanation."""

    row: Unfinished
    line: LedgerLine
    meeting: str
    url: str
    carry_url: str = ""
    continued: Resolution | None = None


def follow_up_rows(meeting: Meeting, person: Person) -> list[FollowUpRow]:
    """Return every unfinished resolution that the person may see, with its report, explanation and possible actions.

    Rows without an explanation come first. Once minutes are drafted, each resolution can be carried over into them.
    """
    clerk = meeting.conference_id in clerk_conference_ids(person)
    can_edit = clerk and meeting.state != MeetingState.HELD
    rows = unfinished_before(meeting)
    seen = {row.resolution.pk for row in rows}
    if not oversees(person, meeting.conference_id):
        seen = set(seen_by(person, Resolution).filter(pk__in=seen).values_list("pk", flat=True))
    continuing = _continuing_resolutions(rows, person)
    carry = carry_urls(meeting) if clerk else {}
    return [
        FollowUpRow(
            row,
            ledger_line(row.resolution),
            str(row.resolution.minutes.meeting.title),
            reverse("meeting:explain", args=[meeting.pk, row.resolution.pk]) if can_edit else "",
            carry.get(row.resolution.pk, ""),
            continuing.get(row.resolution.pk),
        )
        for row in sorted(rows, key=lambda row: row.explained)
        if row.resolution.pk in seen
    ]


def _continuing_resolutions(rows: list[Unfinished], person: Person) -> dict[int | None, Resolution]:
    """Map each unfinished resolution to the resolution that continues it, if the person may see that one."""
    found = seen_by(person, Resolution).filter(continues__in=[row.resolution.pk for row in rows], amends=None)
    return {row.continues_id: row for row in found}


class ExplainForm(OperationForm):
    """The form of an explanation: why the resolution is unfinished, and what is proposed."""

    text = forms.CharField(
        label=_("Explanation"), widget=AdminAutoHeightTextInput, help_text=_("Why it is not finished.")
    )
    opinion = forms.CharField(
        label=_("Opinion"), widget=AdminAutoHeightTextInput, help_text=_("What is proposed to do about it.")
    )


class ExplainView(ClerkOperationView[Meeting]):
    """The view in which an unfinished resolution is explained to this meeting."""

    form_class = ExplainForm
    template_name = "meetings/explain.html"
    route = "explain/<int:pk>/<int:resolution>/"
    url_name = "explain"
    button = _("Explain the unfinished resolution")
    done = _("Explanation and opinion have been saved.")
    anchor = "follow-up"

    def setup(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        """Find the resolution among the unfinished ones; answer 404 for any other."""
        super().setup(request, *args, **kwargs)
        found = [row for row in unfinished_before(self.object) if row.resolution.pk == kwargs["resolution"]]
        if not found:
            raise Http404
        self.unfinished = found[0]

    def initial_values(self) -> dict[str, object]:
        explanation = self.unfinished.explanation
        return {"text": explanation.text, "opinion": explanation.opinion} if explanation else {}

    def perform(self, form: OperationForm) -> None:
        version = form.cleaned_data["version"]
        explain(self.unfinished.resolution, self.object, by=self.person, version=version, **form.values())

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        shown = {"line": ledger_line(self.unfinished.resolution, linked=False), "report": self.unfinished.report}
        return super().get_context_data(**kwargs) | shown


FOLLOW_UP_OPERATIONS = (ExplainView,)
