"""Resolutions as ledger lines, the input of `components/ledger_line.html`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.admin.core.deadlines import short_deadline
from meetings.admin.core.status_badges import LATE, StatusBadge, status_badge
from meetings.components import LedgerLine
from meetings.models import Resolution
from meetings.queries.deadline import is_overdue
from meetings.queries.resolution import ledger_entry


def overdue_badge(badge: StatusBadge) -> StatusBadge:
    """Return the badge of an overdue resolution: the shape for overdue, with its state in the text."""
    return StatusBadge(LATE, _("Overdue: %(state)s") % {"state": badge.word})


def resolution_badge(resolution: Resolution) -> StatusBadge:
    """Return the badge of the resolution's state, or the overdue badge."""
    badge = status_badge(resolution)
    return overdue_badge(badge) if is_overdue(resolution) else badge


def ledger_line(resolution: Any, *, linked: bool = True) -> LedgerLine:
    """Return a row of `queries.resolution.ledger()` as a line.

    A resolution without a public number shows its place in the minutes instead.
    """
    row, badge = ledger_entry(resolution), resolution_badge(resolution)
    url = reverse("resolution:inspect", args=[resolution.pk]) if linked else ""
    place = _("Item %(order)s") % {"order": resolution.order} if resolution.order else ""
    return LedgerLine(
        row.what, url, row.number or place, row.lead, row.co, short_deadline(resolution), badge.stage, badge.word
    )
