"""Work items as lines of the desk and of record pages: what to do, by which clause, since when, until when, where.

- `work_lines(items, holders=…)`: lines for items, in a fixed number of queries; items of the same thing are one line.
- `register_actions()`: how the work items of this app are shown; apps of higher layers add theirs to the registry.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings import clock, registry
from meetings.admin.core.record_urls import url_of
from meetings.clauses import NO_CITATION, Citation
from meetings.enums import WorkItemKind
from meetings.machines import MACHINES
from meetings.models import JointConference, Person, ProgressReport, WorkItem
from meetings.queries.conference import adoption_on
from meetings.queries.work import with_records
from meetings.registry import WorkAction
from meetings.rules.addressees import SEAT_LABELS, Holders, work_of
from meetings.types import StrOrPromise

SOON = 14  # days before a deadline from which an item counts as due


@dataclass(frozen=True)
class WorkLine:
    """A work item as a line.

    `what` is the work without the name of the record. `tone` is `late`, `due` or empty. `waits_for` names seats or
    departments, `people` those who hold them; a task without people is vacant.
    """

    text: str
    what: str
    url: str
    kind: StrOrPromise
    clause: Citation
    since: datetime
    due: date | None
    tone: str
    waits_for: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    notice: bool = False
    record: Model | None = None


def urgency_of(due: date | None) -> str:
    """Return the urgency of a deadline: "late" if past, "due" within the next `SOON` days, else empty."""
    if due is None:
        return ""
    days = (due - clock.today()).days
    return "late" if days < 0 else "due" if days <= SOON else ""


def work_lines(items: Iterable[WorkItem], holders: Holders | None = None, *, own: bool = True) -> list[WorkLine]:
    """Return one line for each thing that waits, in the order of the items, with the people if `holders` are given.

    Work of others (not `own`) links to the page of the record, not to the page where it is done.
    """
    groups = _groups(with_records(items))
    details = _details(rows[0] for rows in groups)
    return [_line(rows, details.get((rows[0].action, rows[0].detail)), holders, own) for rows in groups]


def first_things(items: Iterable[WorkItem], most: int) -> tuple[list[WorkItem], int]:
    """Return the items of the first things that wait, and how many more things wait."""
    groups = _groups(items)
    return [item for rows in groups[:most] for item in rows], max(len(groups) - most, 0)


def _groups(items: Iterable[WorkItem]) -> list[list[WorkItem]]:
    """Return the items in groups, one for each thing that waits."""
    groups: dict[tuple[object, ...], list[WorkItem]] = defaultdict(list)
    for item in items:
        notice = item.pk if item.kind == WorkItemKind.NOTICE else 0
        groups[item.action, item.content_type_id, item.object_id, item.detail, notice].append(item)
    return list(groups.values())


def open_items(person: Person) -> list[WorkItem]:
    """Return what waits for the person today, the most urgent first; the menu counts it without another query."""
    cache: dict[date, list[WorkItem]] = person.__dict__.setdefault("_open_items", {})
    day = clock.today()
    if day not in cache:
        cache[day] = list(work_of(person).select_related("department", "person", "conference"))
    return cache[day]


def count_open(person: Person) -> int:
    """Return how many items wait for the person today."""
    cached: dict[date, list[WorkItem]] = person.__dict__.get("_open_items", {})
    found = cached.get(clock.today())
    return work_of(person).count() if found is None else len(found)


def _details(items: Iterable[WorkItem]) -> dict[tuple[str, int | None], Model]:
    """Return the rows that the items are about, by action and key; one query for each kind of row."""
    keys: dict[Callable[[], QuerySet[Any]], set[tuple[str, int]]] = defaultdict(set)
    for item in items:
        action = registry.WORK_ACTIONS.get(item.action)
        if item.detail is not None and action is not None and action.detail is not None:
            keys[action.detail].add((item.action, item.detail))
    found: dict[tuple[str, int | None], Model] = {}
    for find, wanted in keys.items():
        rows = {row.pk: row for row in find().filter(pk__in={pk for _name, pk in wanted})}
        found |= {(name, pk): rows[pk] for name, pk in wanted if pk in rows}
    return found


def _line(items: list[WorkItem], detail: Any, holders: Holders | None, own: bool) -> WorkLine:
    item, record = items[0], cast(Model, items[0].record)
    action = registry.WORK_ACTIONS.get(item.action)
    if action is None:
        text = _("%(step)s: %(record)s") % {"step": _step_label(item), "record": record}
        action = WorkAction(text=lambda item, detail: text, what=_step_label(item), kind=str(record._meta.verbose_name))
    notice = item.kind == WorkItemKind.NOTICE
    url = url_of_work(item, detail) if own or action.shared else url_of(record)
    return WorkLine(
        text=action.text(item, detail),
        what=str(action.what),
        url=reverse("records_notice", args=[item.pk]) if notice else url,
        kind=action.kind or str(record._meta.verbose_name),
        clause=_citation(item),
        since=min(row.since for row in items),
        due=item.due_on,
        tone=urgency_of(item.due_on),
        waits_for=list(dict.fromkeys(_seat_label(row) for row in items)),
        people=list(dict.fromkeys(str(p) for row in items for p in holders.of(row))) if holders else [],
        notice=notice,
        record=record,
    )


def url_of_work(item: WorkItem, detail: Any = None) -> str:
    """Return the page where the work is done."""
    action, record = registry.WORK_ACTIONS.get(item.action), cast(Model, item.record)
    return action.url(item, detail) if action is not None and action.url is not None else url_of(record)


def _step_label(item: WorkItem) -> StrOrPromise:
    """Return the label of a step of the record's machine."""
    return MACHINES[type(item.record)].get(item.action.partition(".")[2]).label


def _seat_label(item: WorkItem) -> str:
    if item.person is not None:
        return str(item.person)
    return str(item.department or SEAT_LABELS[item.seat])


def _citation(item: WorkItem) -> Citation:
    record = item.record
    if not item.clause:
        return NO_CITATION
    if isinstance(record, JointConference):
        rules = adoption_on(record, item.due_on or clock.today())
    else:
        rules = getattr(record, "adoption", None)
    return rules.cite(item.clause) if rules else NO_CITATION


def _report_text(message: StrOrPromise, item: WorkItem, report: ProgressReport | None) -> str:
    return str(message) % {"name": report.part.department if report else "", "title": item.record}


def _report_url(item: WorkItem, report: ProgressReport | None) -> str:
    return url_of(report or cast(Model, item.record))


def _reports() -> Any:
    return ProgressReport.objects.select_related("part__department")


def _voided(item: WorkItem, detail: None) -> str:
    values = {"record": item.record, "reason": item.data.get("reason", "")}
    return _("Your signature is void: %(record)s (%(reason)s)") % values


def _signed_for(item: WorkItem, detail: None) -> str:
    values = {"record": item.record, "who": item.data.get("by", "")}
    if item.data.get("delegated"):
        return _("%(who)s signed on your behalf: %(record)s") % values
    return _("%(who)s registered your signature on paper: %(record)s") % values


def _part_of_meeting(anchor: str) -> Any:
    return lambda item, detail: f"{url_of(item.record)}#{anchor}"


ACTIONS = {
    "topic.opinion": WorkAction(
        what=gettext_lazy("Give an opinion"),
        text=lambda item, row: (
            _("Give the opinion of %(name)s: %(topic)s") % {"name": item.department or "", "topic": item.record}
        ),
        kind=gettext_lazy("Opinion"),
        url=lambda item, row: reverse("topic:opinion", args=[item.object_id, item.detail]),
    ),
    "topic.list": WorkAction(
        what=gettext_lazy("Put it on the agenda of a meeting"),
        text=lambda item, detail: _("Put it on the agenda of a meeting: %(topic)s") % {"topic": item.record},
    ),
    "meeting.prepare": WorkAction(
        what=gettext_lazy("Complete the preparation"),
        text=lambda item, detail: _("Complete the preparation: %(record)s") % {"record": item.record},
    ),
    "meeting.explain": WorkAction(
        what=gettext_lazy("Explain what is unfinished"),
        text=lambda item, detail: _("Explain what is unfinished to the meeting: %(record)s") % {"record": item.record},
        url=_part_of_meeting("follow-up"),
    ),
    "meeting.reply": WorkAction(
        what=gettext_lazy("Reply to the invitation"),
        text=lambda item, row: (
            _("Reply to the invitation of %(name)s: %(record)s")
            % {"name": item.department or "", "record": item.record}
        ),
        url=_part_of_meeting("attendance"),
    ),
    "minutes.prepare": WorkAction(
        what=gettext_lazy("Complete the minutes"),
        text=lambda item, detail: _("Complete the minutes: %(record)s") % {"record": item.record},
    ),
    "resolution.accept_report": WorkAction(
        what=gettext_lazy("Verify a report"),
        text=lambda item, row: _report_text(_("Verify the report of %(name)s: %(title)s"), item, row),
        kind=gettext_lazy("Progress reports"),
        url=_report_url,
        detail=_reports,
    ),
    "resolution.deliver": WorkAction(
        what=gettext_lazy("Deliver a report"),
        text=lambda item, row: _report_text(_("Deliver the report of %(name)s: %(title)s"), item, row),
        kind=gettext_lazy("Progress reports"),
        url=_report_url,
        detail=_reports,
    ),
    "delegation.confirm": WorkAction(
        what=gettext_lazy("Confirm the delegation"),
        text=lambda item, detail: _("Confirm the delegation: %(record)s") % {"record": item.record},
        shared=True,
    ),
    "delegation.in_force": WorkAction(
        what=gettext_lazy("A delegation of your signature was confirmed"),
        text=lambda item, detail: _("The clerks let somebody sign for you: %(record)s") % {"record": item.record},
    ),
    "jointconference.meet": WorkAction(
        what=gettext_lazy("Hold the meeting of the year"),
        text=lambda item, detail: (
            _("Hold the meeting of %(year)s: %(record)s")
            % {"year": item.due_on.year if item.due_on else "", "record": item.record}
        ),
        kind=gettext_lazy("Meeting"),
        url=lambda item, detail: reverse("meeting:index"),
    ),
    "voided": WorkAction(what=gettext_lazy("Signature void"), text=_voided, kind=gettext_lazy("Signature")),
    "signed_for": WorkAction(
        what=gettext_lazy("Signed on your behalf"), text=_signed_for, kind=gettext_lazy("Signature")
    ),
}


def register_actions() -> None:
    """Register how the work items of this app are shown; called once when the app is ready."""
    for name, action in ACTIONS.items():
        registry.work_action(name, action)
