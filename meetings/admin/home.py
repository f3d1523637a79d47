"""The home page of the admin: the person's work, the next meeting, and the unfinished and overdue resolutions.

- `Desk` is the only panel of the home page; `replace_home_panels` puts it in place of Wagtail's panels.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component

from meetings import clock, registry
from meetings.admin.administration.admin_lists import admin_lists
from meetings.admin.core.ledger import ledger_line
from meetings.admin.core.log_entries import action_label
from meetings.admin.core.record_state import Gap
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import status_badge
from meetings.admin.core.work import WorkLine, first_things, open_items, work_lines
from meetings.enums import UNFINISHED
from meetings.models import JointConference, Meeting, Person, RecordLogEntry
from meetings.operations.desk import note_visit
from meetings.queries import home
from meetings.queries.conference import year_rules
from meetings.queries.delegation import delegations_of
from meetings.queries.home import changes_since, rights_changes
from meetings.queries.reach import reach_of
from meetings.queries.visibility import sees_any_record
from meetings.queries.work import with_records
from meetings.registry import DeskLine, DeskSection
from meetings.rules.addressees import first_of_others
from meetings.rules.meeting import year_warnings

MAX_ENTRIES, MAX_LINES = 12, 6
FIRST_VISIT_DAYS = timedelta(days=7)  # what an auditor is shown at the first visit
MEETING_OF_THE_YEAR = "jointconference.meet"
MAX_READ = 100  # log entries that are read for the changes since the last visit


@dataclass(frozen=True)
class Change:
    """A record that others changed since the last visit: the latest action, by whom and when."""

    text: str
    url: str
    what: str
    who: str
    at: datetime


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
                    [
                        action_label(entry),
                        entry.user.name if entry.user else "",
                        date_format(timezone.localtime(entry.timestamp), "SHORT_DATETIME_FORMAT"),
                    ],
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


class Desk(Component):
    """The panel of the home page."""

    name = "desk"
    title = gettext_lazy("Today")
    order = 1
    template_name = "meetings/home.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        person: Person = request.user  # type: ignore[assignment]  # all users of the admin are persons
        self.items = open_items(person)  # before the menu counts them

    def get_context_data(self, parent_context: object) -> dict[str, object]:
        person: Person = self.request.user  # type: ignore[assignment]  # all users of the admin are persons
        before = note_visit(person)
        mine, more = first_things(self.items, MAX_ENTRIES)
        vacant, waiting = first_of_others(person, [item.pk for item in self.items], MAX_LINES)
        with_records([*mine, *vacant, *waiting])  # for all three lists at once
        lines = work_lines(mine)
        sees_records = sees_any_record(person)
        return {
            "person": person,
            "posts": "、".join(dict.fromkeys(tenure.full_title for tenure in person.tenures_in_force())),
            "today": clock.today(),
            "lines": lines,
            "more": more,
            "vacant": work_lines(vacant, own=False),
            "waiting": work_lines(waiting, own=False),
            "work_url": reverse("records_work"),
            "delegations": delegation_lines(person),
            "changes": recent_changes(person, before),
            "sections": self.sections(person, before),
            "sees_records": sees_records,
            "admin_lists": admin_lists(person),
            **(self.next_meeting(person, lines) | self.unfinished(person) if sees_records else {}),
        }

    def sections(self, person: Person, before: datetime | None) -> list[DeskSection]:
        """Return the sections of single roles: that of auditors, and those of the apps above."""
        found = [rights_section(person, before), *(find(person) for find in registry.DESK_SECTIONS)]
        return [section for section in found if section is not None]

    def next_meeting(self, person: Person, lines: list[WorkLine]) -> dict[str, object]:
        """Return the context of the next meeting: what it still lacks, and the flags of a year without a meeting.

        What it lacks are the tasks on it that wait for the person, each with the place where it is done.
        """
        meeting = home.next_meeting(person)
        return {
            "meeting": meeting,
            "meeting_url": reverse("meeting:inspect", args=[meeting.pk]) if meeting else "",
            "meeting_badge": status_badge(meeting) if meeting else None,
            "meeting_lines": [line for line in lines if line.record == meeting],
            "flags": self.flags(self.conferences(person), meeting),
        }

    def conferences(self, person: Person) -> list[JointConference]:
        """Return the conferences whose staff this person belongs to, without those whose meeting is a task already."""
        asked = {item.object_id for item in self.items if item.action == MEETING_OF_THE_YEAR}
        staff = reach_of(person).conferences - asked
        held = dict.fromkeys(tenure.post.conference for tenure in person.tenures_in_force())
        return [conference for conference in held if conference is not None and conference.pk in staff]

    def flags(self, conferences: list[JointConference], meeting: Meeting | None) -> list[Gap]:
        """Return what the regulations require this year and is missing; `meeting` is the next one here."""
        day, flags = clock.today(), []
        year = year_rules([conference.pk for conference in conferences], day)
        for conference in conferences:
            rules, met = year.get(conference.pk, (None, False))
            upcoming = meeting if meeting is not None and meeting.conference_id == conference.pk else None
            found = year_warnings(conference, rules, day, upcoming, met)
            flags += [Gap(f"{conference.short_name}：{gap}", rules.cite(gap.clause)) for gap in found if rules]
        return flags

    def unfinished(self, person: Person) -> dict[str, object]:
        """Return the context of the unfinished resolutions: the most urgent as lines, and counts with list URLs."""
        rows, count, late = home.first_unfinished(person, MAX_LINES)
        url = reverse("resolution:index")
        states = "&".join(f"state={state}" for state in sorted(UNFINISHED))
        return {
            "unfinished": count,
            "late": late,
            "unfinished_url": f"{url}?{states}",
            "late_url": f"{url}?late=yes",
            "ledger": [ledger_line(row) for row in rows],
        }


def replace_home_panels(request: HttpRequest, panels: list[Component]) -> None:
    """Replace Wagtail's panels by the `Desk`, which also lists pages under review (hook of Wagtail)."""
    panels[:] = [Desk(request)]


def remove_summary_items(request: HttpRequest, items: list[Component]) -> None:
    """Remove Wagtail's counts of pages, images and documents (hook of Wagtail)."""
    items.clear()
