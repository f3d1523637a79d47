"""The home page of the admin: the person's tasks, the next meeting, and the unfinished and overdue resolutions.

- `entries_today(person)` lists steps that wait for the person, requested opinions, reports to verify and to deliver,
  and what apps of higher layers add through `registry.today_entries`; the most urgent come first.
- `Desk` is the only panel of the home page; `replace_home_panels` puts it in place of Wagtail's panels.
"""

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component

from meetings import clock, registry
from meetings.admin.administration.admin_lists import admin_lists
from meetings.admin.core.ledger import ledger_line
from meetings.admin.core.record_state import Gap, due_steps
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import status_badge
from meetings.enums import UNFINISHED
from meetings.machines.pending import pending_steps
from meetings.models import JointConference, Meeting, Person
from meetings.queries import home
from meetings.queries.approval import signed_on_behalf_of
from meetings.queries.conference import adoption_on
from meetings.queries.delegation import delegations_of
from meetings.queries.reach import reach_of
from meetings.queries.visibility import sees_any_record
from meetings.registry import TodayEntry
from meetings.rules.meeting import conference_warnings

SOON = 14  # days before a deadline from which an entry counts as due
MAX_ENTRIES, MAX_LINES = 12, 6
URGENCY = {"late": 0, "due": 1, "": 2}


def urgency_of(due: date | None) -> str:
    """Return the urgency of a deadline: "late" if past, "due" within the next `SOON` days, else empty."""
    if due is None:
        return ""
    days = (due - clock.today()).days
    return "late" if days < 0 else "due" if days <= SOON else ""


def _steps(person: Person) -> Iterable[TodayEntry]:
    for found in pending_steps(person):
        kind = str(found.record._meta.verbose_name)
        text = _("%(step)s: %(record)s") % {"step": found.label, "record": found.record}
        yield TodayEntry(text, url_of(found.record), kind, found.due, urgency_of(found.due))


def _opinions(person: Person) -> Iterable[TodayEntry]:
    for row in home.opinions_asked(person):
        text = _("Give the opinion of %(name)s: %(topic)s") % {"name": row.department, "topic": row.topic}
        yield TodayEntry(text, reverse("topic:opinion", args=[row.topic_id, row.pk]), _("Opinion"))


def _reports(person: Person) -> Iterable[TodayEntry]:
    for row in home.reports_to_verify(person):
        values = {"name": row.part.department, "title": row.part.resolution}
        yield TodayEntry(_("Verify the report of %(name)s: %(title)s") % values, url_of(row), _("Progress reports"))
    for row in home.deliveries_due(person):
        values = {"name": row.part.department, "title": row.part.resolution}
        yield TodayEntry(_("Deliver the report of %(name)s: %(title)s") % values, url_of(row), _("Progress reports"))


def _signatures(person: Person) -> Iterable[TodayEntry]:
    """Yield what others signed or registered in this person's name, and who signs for whom."""
    for row in signed_on_behalf_of(person):
        values = {"record": row.target, "who": row.entered_by or row.person}
        message = _("%(who)s registered your signature on paper: %(record)s")
        if row.delegation and row.delegation.tenure.person_id == person.pk:
            values["who"], message = row.person, _("%(who)s signed on your behalf: %(record)s")
        yield TodayEntry(message % values, url_of(row.target), _("Signature"))
    for delegation in delegations_of(person):
        mine = delegation.tenure.person_id == person.pk
        message = _("%(who)s signs on your behalf, %(days)s") if mine else _("You sign on behalf of %(who)s, %(days)s")
        other = delegation.to if mine else delegation.tenure
        text = message % {"who": other.person, "days": delegation.days}
        yield TodayEntry(text, url_of(delegation), _("Delegated signature"))


def entries_today(person: Person) -> list[TodayEntry]:
    """Return everything that waits for this person, the most urgent first, and what others did in the person's name."""
    found = [*_steps(person), *_opinions(person), *_reports(person)]
    for entries in registry.TODAY_SOURCES:
        found += entries(person)
    found += _signatures(person)
    return sorted(found, key=lambda entry: (URGENCY.get(entry.tone, 2), entry.due or date.max))


class Desk(Component):
    """The panel of the home page."""

    name = "desk"
    title = gettext_lazy("Today")
    order = 1
    template_name = "meetings/home.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: object) -> dict[str, object]:
        person: Person = self.request.user  # type: ignore[assignment]  # all users of the admin are persons
        entries = entries_today(person)
        sees_records = sees_any_record(person)
        return {
            "person": person,
            "posts": "、".join(dict.fromkeys(tenure.full_title for tenure in person.tenures_in_force())),
            "today": clock.today(),
            "entries": entries[:MAX_ENTRIES],
            "more": len(entries) - MAX_ENTRIES,
            "sees_records": sees_records,
            "admin_lists": admin_lists(person),
            **(self.next_meeting(person) | self.unfinished(person) if sees_records else {}),
        }

    def next_meeting(self, person: Person) -> dict[str, object]:
        """Return the context of the next meeting: what it still lacks, and the flags of a year without a meeting."""
        meeting = home.next_meeting(person)
        return {
            "meeting": meeting,
            "meeting_url": reverse("meeting:inspect", args=[meeting.pk]) if meeting else "",
            "meeting_badge": status_badge(meeting) if meeting else None,
            "meeting_gaps": self.gaps(person, meeting) if meeting else [],
            "flags": [gap for conference in self.conferences(person) for gap in self.flags(conference)],
        }

    def gaps(self, person: Person, meeting: Meeting) -> list[Gap]:
        """Return what the next step of the meeting lacks."""
        steps = due_steps(person, meeting, "meeting:step")
        return next((step.gaps for step in steps if not step.back), [])

    def conferences(self, person: Person) -> list[JointConference]:
        """Return the conferences whose staff this person belongs to."""
        return list(JointConference.objects.filter(pk__in=reach_of(person).conferences))

    def flags(self, conference: JointConference) -> list[Gap]:
        """Return what the conference's regulation requires this year and is missing."""
        rules = adoption_on(conference, clock.today())
        found = conference_warnings(conference) if rules else []
        return [Gap(f"{conference.short_name}：{gap}", rules.cite(gap.clause)) for gap in found if rules]

    def unfinished(self, person: Person) -> dict[str, object]:
        """Return the context of the unfinished resolutions: the most urgent as lines, and counts with list URLs."""
        rows, url = home.unfinished(person), reverse("resolution:index")
        states = "&".join(f"state={state}" for state in sorted(UNFINISHED))
        return {
            "unfinished": rows.count(),
            "late": home.overdue_resolutions(person).count(),
            "unfinished_url": f"{url}?{states}",
            "late_url": f"{url}?late=on",
            "lines": [ledger_line(row) for row in rows[:MAX_LINES]],
        }


def replace_home_panels(request: HttpRequest, panels: list[Component]) -> None:
    """Replace Wagtail's panels by the `Desk`, which also lists pages under review (hook of Wagtail)."""
    panels[:] = [Desk(request)]


def remove_summary_items(request: HttpRequest, items: list[Component]) -> None:
    """Remove Wagtail's counts of pages, images and documents (hook of Wagtail)."""
    items.clear()
