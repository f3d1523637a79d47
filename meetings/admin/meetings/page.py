"""The page of a meeting: its timeline, the steps that are due, and all its records."""

from typing import TypedDict

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import HeaderButton

from meetings.admin.core.downloads import DocumentLinks
from meetings.admin.core.guard import seen_by
from meetings.admin.core.ledger import ledger_line
from meetings.admin.core.record_page import Fact, RecordPageView
from meetings.admin.core.record_state import DueStep, Gap, due_steps
from meetings.admin.core.status_badges import EMPTY, StatusBadge, status_badge
from meetings.admin.meetings.agenda import AgendaRow, agenda_rows, agreed_topics, may_take_notes
from meetings.admin.meetings.attendance import answerable_rows
from meetings.admin.meetings.cycle import cycle
from meetings.admin.meetings.documents import MEETING_DOCUMENTS, meeting_downloads
from meetings.admin.meetings.follow_up import follow_up_rows
from meetings.admin.minutes.correction import minutes_lines
from meetings.components import TimelinePoint
from meetings.enums import UNFINISHED, AgendaKind, AttendanceStatus, MeetingState, MinutesState
from meetings.models import AgendaItem, Approval, Attendance, Meeting, Minutes, Resolution, Topic
from meetings.queries.approval import with_signers
from meetings.queries.meeting import NOT_MEMBERS, attendance_groups, attendees, with_posts, with_topics
from meetings.queries.minutes import all_minutes_of, minutes_of
from meetings.queries.people import clerk_conference_ids
from meetings.queries.resolution import ledger
from meetings.queries.visibility import oversees
from meetings.rules.meeting import warnings, why_preparation_closed

FOLLOW_UP_SHOWN = 10  # unfinished resolutions on one page; those without an explanation come first


class AgendaContext(TypedDict):
    """The agenda on the page of a meeting."""

    agenda: list[AgendaRow]
    can_arrange: bool
    agreed_topics: int
    notes_url: str


class MeetingPageView(RecordPageView[Meeting]):
    """The page of a meeting."""

    template_name = "meetings/meeting.html"
    documents = MEETING_DOCUMENTS

    def get_object(self, queryset: object = None) -> Meeting:
        rows = Meeting.objects.select_related("conference", "adoption__regulation", "chair__person", "chair__post")
        rows = rows.prefetch_related(
            Prefetch("agenda", queryset=with_topics(AgendaItem.objects.all())),
            Prefetch("attendance", queryset=with_posts(Attendance.objects.all())),
            Prefetch("approvals", queryset=with_signers(Approval.objects.all())),
            "minutes",
        )
        found: Meeting = rows.filter(pk=self.pk).first() or super().get_object(queryset)
        return found

    @cached_property
    def oversees(self) -> bool:
        """Whether this person sees all records of the conference."""
        return oversees(self.person, self.object.conference_id)

    @cached_property
    def is_clerk(self) -> bool:
        """Return True if this person is a clerk of the conference."""
        return self.object.conference_id in clerk_conference_ids(self.person)

    @cached_property
    def visible_minutes(self) -> list[Minutes]:
        """Return all minutes of the meeting that the person may see: the first ones, then each correction."""
        rows = all_minutes_of(self.object)
        if self.oversees or not rows:
            return rows
        seen = set(seen_by(self.person, Minutes).filter(meeting=self.object).values_list("pk", flat=True))
        return [row for row in rows if row.pk in seen]

    @cached_property
    def minutes(self) -> Minutes | None:
        """Return the minutes in force, if the person may see them; without issued ones, the first draft."""
        issued = [row for row in self.visible_minutes if row.state == MinutesState.ISSUED]
        return issued[-1] if issued else next(iter(self.visible_minutes), None)

    @cached_property
    def resolutions(self) -> list[Resolution]:
        """Return the resolutions of this meeting that the person may see, as ledger rows."""
        minutes = minutes_of(self.object)
        if minutes is None:
            return []
        rows = seen_by(self.person, Resolution).filter(minutes=minutes)
        return list(ledger(rows).order_by("order", "pk"))

    def facts(self) -> list[Fact]:
        meeting: Meeting = self.object
        time = timezone.localtime(meeting.time)
        chair = f"{meeting.chair.full_title}{meeting.chair.person.name}" if meeting.chair else ""
        return [
            Fact(_("Kind"), meeting.get_kind_display()),
            Fact(_("Time"), f"{date_format(time, 'DATE_FORMAT')} {date_format(time, 'H:i')}"),
            Fact.of(meeting, "place"),
            Fact(_("Chair"), chair),
            Fact(_("Judged by"), meeting.adoption.regulation.number or meeting.adoption.regulation.title),
            Fact.of(meeting, "notice_number"),
        ]

    @cached_property
    def steps(self) -> list[DueStep]:
        """Return the steps of the meeting, and those of minutes that are not issued (a draft or a correction)."""
        own = due_steps(self.person, self.object, self.step_url_name)
        unissued = [row for row in self.visible_minutes if row.state != MinutesState.ISSUED]
        return own + [step for row in unissued for step in due_steps(self.person, row, "minutes:step")]

    def no_step_message(self) -> str:
        """Point to the resolutions if the meeting has no step left but a resolution is unfinished."""
        unfinished = any(row.state in UNFINISHED for row in self.resolutions)
        return gettext("Follow the resolutions up one by one; they stand below.") if unfinished else ""

    def texts(self) -> list[Fact]:
        return [Fact(_("Consultation"), self.object.consultation)]

    def timeline(self) -> list[TimelinePoint]:
        """Return the whole cycle of the regulation in place of the states of the meeting alone."""
        topics = sum(item.topic_id is not None for item in self.object.agenda.all())
        return cycle(self.object, self.entries, topics, self.minutes, self.resolutions)

    def get_header_buttons(self) -> list[HeaderButton]:
        """Add the print view of the notice, and the clauses for people who see all records of the conference."""
        meeting: Meeting = self.object
        notice = reverse("meeting:notice", args=[meeting.pk])
        buttons = [*super().get_header_buttons(), HeaderButton(_("Print the notice"), url=notice, icon_name="doc-full")]
        if self.oversees:
            url = reverse("meeting:clauses", args=[meeting.pk])
            buttons.append(HeaderButton(_("Clauses and evidence"), url=url, icon_name="list-ul"))
        return buttons

    def downloads(self) -> list[DocumentLinks]:
        return meeting_downloads(self.object, self.person, self.minutes, self.resolutions)

    def warning_gaps(self) -> list[Gap]:
        """Return what the regulation requires but what blocks no step, for those who see to it or supervise it."""
        if not self.oversees:
            return []
        rules = self.object.adoption
        return [Gap(str(gap), rules.cite(gap.clause)) for gap in warnings(self.object)]

    def agenda_context(self) -> AgendaContext:
        """Return the agenda, and what this person may do with it."""
        meeting: Meeting = self.object
        listed = {item.topic_id for item in meeting.agenda.all() if item.topic_id is not None}
        if not self.oversees:
            listed &= set(seen_by(self.person, Topic).filter(pk__in=listed).values_list("pk", flat=True))
        can_arrange = self.is_clerk and not why_preparation_closed(meeting)
        return {
            "agenda": agenda_rows(meeting, self.person, listed),
            "can_arrange": can_arrange,
            "agreed_topics": agreed_topics(meeting).count() if can_arrange else 0,
            "notes_url": reverse("meeting:notes", args=[meeting.pk]) if may_take_notes(meeting, self.person) else "",
        }

    def attendance_context(self) -> dict[str, object]:
        """Return the attendance with the replies, and the URL for answers if the person may give any."""
        meeting: Meeting = self.object
        everyone = attendees(meeting)
        for group in (groups := attendance_groups(meeting, everyone)):
            for attendee in group.attendees:
                attendee.row.badge = self.reply_badge(attendee.row)  # type: ignore[attr-defined]  # read by the template
        answerable = answerable_rows(meeting, self.person, everyone)
        return {
            "attendance": groups,
            "roll_url": reverse("meeting:roll", args=[meeting.pk]) if answerable else "",
            "not_members": NOT_MEMBERS,
        }

    def reply_badge(self, row: Attendance) -> StatusBadge:
        """Return the badge of a reply; before the notice is issued nobody was asked."""
        notified = self.object.state in {MeetingState.NOTIFIED, MeetingState.HELD}
        asked = notified or row.status != AttendanceStatus.INVITED
        return status_badge(row) if asked else StatusBadge(EMPTY, gettext("Not notified yet"))

    def minutes_context(self) -> dict[str, object]:
        """Return the minutes, and the resolutions as ledger lines."""
        return {
            "minutes": self.minutes,
            "minutes_lines": minutes_lines(self.visible_minutes),
            "lines": [ledger_line(row) for row in self.resolutions],
        }

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context, agenda_context = super().get_context_data(**kwargs), self.agenda_context()
        return {
            **context,
            **agenda_context,
            **self.attendance_context(),
            **self.minutes_context(),
            "warnings": self.warning_gaps(),
            "follow_up": Paginator(follow_up_rows(self.object, self.person), FOLLOW_UP_SHOWN).get_page(
                self.request.GET.get("follow")
            ),
            "has_follow_up": any(row.item.kind == AgendaKind.FOLLOW_UP for row in agenda_context["agenda"]),
            "edit_url": self.get_edit_url(),
        }
