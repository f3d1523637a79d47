"""Resolutions as ledger lines, as `components/ledger_line.html` takes them."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.admin.core.deadlines import when
from meetings.admin.core.status_badges import LATE, Mark, mark_of
from meetings.models import Resolution
from meetings.queries.deadline import is_overdue
from meetings.queries.resolution import ledger_entry


@dataclass(frozen=True)
class LedgerLine:
    """What, who, by when, how far."""

    what: str
    url: str
    number: str
    lead: str
    co: str
    when: str
    stage: str
    word: str


def overdue_mark(mark: Mark) -> Mark:
    """What takes the place of the mark of an overdue one: the shape of lateness, with the state in words."""
    return Mark(LATE, _("Overdue: %(state)s") % {"state": mark.word})


def resolution_mark(resolution: Resolution) -> Mark:
    """The mark of its state, or that it is overdue."""
    mark = mark_of(resolution)
    return overdue_mark(mark) if is_overdue(resolution) else mark


def ledger_line(resolution: Any, *, linked: bool = True) -> LedgerLine:
    """The line of a row of `queries.resolution.ledger()`; what is not public bears its place in its minutes."""
    read, mark = ledger_entry(resolution), resolution_mark(resolution)
    url = reverse("resolution:inspect", args=[resolution.pk]) if linked else ""
    place = _("Item %(order)s") % {"order": resolution.order} if resolution.order else ""
    return LedgerLine(read.what, url, read.number or place, read.lead, read.co, when(resolution), mark.stage, mark.word)
