"""The workspace of a meeting: its cycle, what is due now, and the file as it will be archived."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import HeaderButton

from meetings.admin.core.choices import clerk_in
from meetings.admin.core.downloads import Paper
from meetings.admin.core.guard import seen_by
from meetings.admin.core.ledger import ledger_line
from meetings.admin.core.record_page import Fact, RecordPageView
from meetings.admin.core.record_state import Due, Gap, Knot, due_steps, printed_clause
from meetings.admin.core.status_badges import EMPTY, Mark, mark_of
from meetings.admin.meetings.agenda import agenda_rows, agreed_topics, may_note
from meetings.admin.meetings.attendance import may_answer
from meetings.admin.meetings.cycle import cycle
from meetings.admin.meetings.follow_up import follow_up_rows
from meetings.admin.minutes.correction import papers
from meetings.admin.minutes.documents import papers_of_meeting
from meetings.enums import UNFINISHED, AgendaKind, AttendanceStatus, MeetingState, MinutesState
from meetings.models import Attendance, Meeting, Minutes, Resolution, Topic
from meetings.queries.meeting import NOT_MEMBERS, attendance, attendees
from meetings.queries.minutes import chain, minutes_of
from meetings.queries.resolution import ledger
from meetings.queries.visibility import supervised
from meetings.rules.meeting import warnings, why_closed


class WorkspaceView(RecordPageView):
    """The page of a meeting."""

    template_name = "meetings/workspace.html"

    def get_object(self, queryset: Any = None) -> Meeting:
        """With its conference, regulation and chair."""
        rows = Meeting.objects.select_related("conference", "adoption__regulation", "chair__person", "chair__post")
        found: Meeting = rows.filter(pk=self.pk).first() or super().get_object(queryset)
        return found

    @cached_property
    def clerk(self) -> bool:
        """True if this person prepares the meeting."""
        return self.object.conference_id in clerk_in(self.person)

    @cached_property
    def papers(self) -> list[Minutes]:
        """All minutes of the meeting, for whoever may know of them: the first ones, then each correction."""
        return list(chain(self.object).filter(pk__in=seen_by(self.person, Minutes).values("pk")))

    @cached_property
    def minutes(self) -> Minutes | None:
        """The minutes in force, for whoever may know of them."""
        issued = [row for row in self.papers if row.state == MinutesState.ISSUED]
        return issued[-1] if issued else next(iter(self.papers), None)

    @cached_property
    def resolutions(self) -> list[Resolution]:
        """The resolutions of this meeting that the person may know of, as ledger rows."""
        rows = seen_by(self.person, Resolution).filter(minutes=minutes_of(self.object))
        return list(ledger(rows).order_by("order", "pk"))

    def facts(self) -> list[Fact]:
        """When, where, who chairs, by which regulation."""
        meeting: Meeting = self.object
        time = timezone.localtime(meeting.time)
        chair = f"{meeting.chair.full_title}{meeting.chair.person.name}" if meeting.chair else ""
        return [
            Fact(_("Kind"), meeting.get_kind_display()),
            Fact(_("Time"), f"{date_format(time, 'DATE_FORMAT')} {date_format(time, 'H:i')}"),
            Fact(_("Place"), meeting.place),
            Fact(_("Chair"), chair),
            Fact(_("Judged by"), meeting.adoption.regulation.number or meeting.adoption.regulation.title),
            Fact(_("Notice"), meeting.notice_number),
        ]

    @cached_property
    def steps(self) -> list[Due]:
        """The steps of the meeting, and those of the minutes that are written, a draft or a correction."""
        own = due_steps(self.person, self.object, self.step_url_name)
        written = [row for row in self.papers if row.state != MinutesState.ISSUED]
        return own + [step for row in written for step in due_steps(self.person, row, "minutes:step")]

    def nothing(self) -> str:
        """What to do where no step of the meeting is left: its resolutions go on."""
        open_ = any(row.state in UNFINISHED for row in self.resolutions)
        return gettext("Follow the resolutions up one by one; they stand below.") if open_ else ""

    def texts(self) -> list[Fact]:
        """The consultation before a special meeting."""
        return [Fact(_("Consultation"), self.object.consultation)]

    def knots(self) -> list[Knot]:
        """The cycle of the regulation."""
        topics = self.object.agenda.filter(topic__isnull=False).count()
        return cycle(self.object, topics, self.minutes, self.resolutions)

    def get_header_buttons(self) -> list[HeaderButton]:
        """Edit, the notice in print, and the clauses for whoever sees all of it."""
        meeting: Meeting = self.object
        notice = reverse("meeting:notice", args=[meeting.pk])
        buttons = [*super().get_header_buttons(), HeaderButton(_("Print the notice"), url=notice, icon_name="doc-full")]
        if supervised(self.person).filter(pk=meeting.conference_id).exists():
            url = reverse("meeting:clauses", args=[meeting.pk])
            buttons.append(HeaderButton(_("Clauses and evidence"), url=url, icon_name="list-ul"))
        return buttons

    def downloads(self) -> list[Paper]:
        """Notice, sign-in sheet, reports, minutes and ledger."""
        return papers_of_meeting(self.object, self.person, self.minutes, self.resolutions)

    def warned(self) -> list[Gap]:
        """What the regulation asks for without stopping anything."""
        rules = self.object.adoption
        return [Gap(str(gap), printed_clause(gap.clause, rules)) for gap in warnings(self.object)]

    def agenda_context(self) -> dict[str, Any]:
        """The agenda and what this person may do to it."""
        meeting: Meeting = self.object
        listed = meeting.agenda.exclude(topic=None).values("topic")
        seen = set(seen_by(self.person, Topic).filter(pk__in=listed).values_list("pk", flat=True))
        arranges = self.clerk and not why_closed(meeting)
        return {
            "agenda": agenda_rows(meeting, self.person, seen),
            "arranges": arranges,
            "agreed_topics": agreed_topics(meeting).count() if arranges else 0,
            "notes_url": reverse("meeting:notes", args=[meeting.pk]) if may_note(meeting, self.person) else "",
        }

    def attendance_context(self) -> dict[str, Any]:
        """Who is invited, how they replied, and what this person may answer."""
        meeting: Meeting = self.object
        everybody = attendees(meeting)
        for group in (groups := attendance(meeting)):
            for who in group.attendees:
                who.row.mark = self.reply(who.row)  # type: ignore[attr-defined]  # for the page
        may = may_answer(meeting, self.person, everybody)
        return {
            "attendance": groups,
            "roll_url": reverse("meeting:roll", args=[meeting.pk]) if may else "",
            "not_members": NOT_MEMBERS,
        }

    def reply(self, row: Attendance) -> Mark:
        """How somebody answered; before the notice is out nobody was asked."""
        told = self.object.state in {MeetingState.NOTIFIED, MeetingState.HELD}
        asked = told or row.status != AttendanceStatus.INVITED
        return mark_of(row) if asked else Mark(EMPTY, gettext("Not notified yet"))

    def minutes_context(self) -> dict[str, Any]:
        """The minutes and the resolutions as ledger lines."""
        return {
            "minutes": self.minutes,
            "papers": papers(self.papers),
            "lines": [ledger_line(row) for row in self.resolutions],
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The file."""
        context = super().get_context_data(**kwargs)
        context |= self.agenda_context() | self.attendance_context() | self.minutes_context()
        return context | {
            "warnings": self.warned(),
            "follow_up": follow_up_rows(self.object, self.person),
            "has_follow_up": any(row.item.kind == AgendaKind.FOLLOW_UP for row in context["agenda"]),
            "edit_url": self.get_edit_url(),
        }
