"""The home page of the admin: the person's work, the next meeting, and the unfinished and overdue resolutions.

- `lines_today(person)`: the work items of the person, the most urgent first.
- `Desk` is the only panel of the home page; `replace_home_panels` puts it in place of Wagtail's panels.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component

from meetings import clock, registry
from meetings.admin.administration.admin_lists import admin_lists
from meetings.admin.core.ledger import ledger_line
from meetings.admin.core.log_entries import action_label, format_timestamp
from meetings.admin.core.record_state import Gap, due_steps
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import status_badge
from meetings.admin.core.work import WorkLine, work_lines
from meetings.enums import UNFINISHED
from meetings.models import JointConference, Meeting, Person, RecordLogEntry, WorkItem
from meetings.operations.desk import note_visit
from meetings.queries import home
from meetings.queries.conference import adoption_on
from meetings.queries.delegation import delegations_of
from meetings.queries.home import changes_since, rights_changes
from meetings.queries.reach import reach_of
from meetings.queries.visibility import sees_any_record
from meetings.registry import DeskLine, DeskSection
from meetings.rules.addressees import vacant_work, waits_for_others, work_of
from meetings.rules.meeting import conference_warnings

MAX_ENTRIES, MAX_LINES = 12, 6
FIRST_VISIT_DAYS = timedelta(days=7)  # what an auditor is shown at the first visit
MAX_READ = 100  # log entries that are read for the changes since the last visit
URGENCY = {"late": 0, "due": 1, "": 2}


@dataclass(frozen=True)
class Change:
    """A record that others changed since the last visit: the latest action, by whom and when."""

    text: str
    url: str
    what: str
    who: str
    at: datetime


def lines_today(person: Person) -> list[WorkLine]:
    """Return everything that waits for this person, the most urgent first."""
    lines = work_lines(work_of(person).select_related("department", "person", "conference"))
    return sorted(lines, key=lambda line: (URGENCY.get(line.tone, 2), line.due or date.max))


def delegation_lines(person: Person) -> list[tuple[str, str]]:
    """Return who signs for whom (委托审签), each with the page of the delegation."""
    found = []
    for delegation in delegations_of(person):
        mine = delegation.tenure.person_id == person.pk
        message = _("%(who)s signs on your behalf, %(days)s") if mine else _("You sign on behalf of %(who)s, %(days)s")
        other = delegation.to if mine else delegation.tenure
        found.append((message % {"who": other.person, "days": delegation.days}, url_of(delegation)))
    return found


def rights_section(person: Person, before: datetime | None) -> DeskSection | None:
    """Return for an auditor who was given rights, or a code, since the last visit: hand-overs need no second person."""
    rows = rights_changes(person, before or clock.now() - FIRST_VISIT_DAYS)
    lines = [
        DeskLine(
            text="：".join(filter(None, [entry.label, str(entry.data.get("post") or "")])),
            url=reverse("person:inspect", args=[entry.object_id]),
            note=" · ".join(
                filter(
                    None,
                    [action_label(entry), entry.user.name if entry.user else "", format_timestamp(entry.timestamp)],
                )
            ),
        )
        for entry in (rows[:MAX_LINES] if rows is not None else ())
    ]
    if not lines:
        return None
    url = reverse("wagtailadmin_reports:site_history")
    return DeskSection("rights", _("Rights and hand-overs"), lines, _("Operations log"), url)


def recent_changes(person: Person, before: datetime | None) -> list[Change]:
    """Return the records that others changed since the person's last visit."""
    if before is None or not sees_any_record(person):
        return []
    latest: dict[tuple[object, str], RecordLogEntry] = {}
    for entry in changes_since(person, before)[:MAX_READ]:
        latest.setdefault((entry.content_type_id, entry.object_id), entry)
    return [
        Change(
            text=entry.label,
            url=reverse(f"{entry.content_type.model}:inspect", args=[entry.object_id]) if entry.content_type else "",
            what=action_label(entry),
            who=entry.user.name if entry.user else "",
            at=entry.timestamp,
        )
        for entry in list(latest.values())[:MAX_LINES]
    ]


def shown(items: QuerySet[WorkItem]) -> list[WorkItem]:
    """Return the first of the items with what their lines show."""
    return list(items.select_related("department", "person")[:MAX_LINES])


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
        before = note_visit(person)
        lines = lines_today(person)
        sees_records = sees_any_record(person)
        return {
            "person": person,
            "posts": "、".join(dict.fromkeys(tenure.full_title for tenure in person.tenures_in_force())),
            "today": clock.today(),
            "lines": lines[:MAX_ENTRIES],
            "more": len(lines) - MAX_ENTRIES,
            "work_url": reverse("records_work"),
            "delegations": delegation_lines(person),
            "changes": recent_changes(person, before),
            "sections": self.sections(person, before),
            **self.others(person),
            "sees_records": sees_records,
            "admin_lists": admin_lists(person),
            **(self.next_meeting(person) | self.unfinished(person) if sees_records else {}),
        }

    def sections(self, person: Person, before: datetime | None) -> list[DeskSection]:
        """Return the sections of single roles: that of auditors, and those of the apps above."""
        found = [rights_section(person, before), *(find(person) for find in registry.DESK_SECTIONS)]
        return [section for section in found if section is not None]

    def others(self, person: Person) -> dict[str, object]:
        """Return the context of what waits for others: vacant posts for the office, and what the person waits for."""
        vacant = vacant_work(person)
        others = waits_for_others(person).exclude(pk__in=vacant.values("pk"))
        return {"vacant": work_lines(shown(vacant), own=False), "waiting": work_lines(shown(others), own=False)}

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
            "late_url": f"{url}?late=yes",
            "ledger": [ledger_line(row) for row in rows[:MAX_LINES]],
        }


def replace_home_panels(request: HttpRequest, panels: list[Component]) -> None:
    """Replace Wagtail's panels by the `Desk`, which also lists pages under review (hook of Wagtail)."""
    panels[:] = [Desk(request)]


def remove_summary_items(request: HttpRequest, items: list[Component]) -> None:
    """Remove Wagtail's counts of pages, images and documents (hook of Wagtail)."""
    items.clear()
