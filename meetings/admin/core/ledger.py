"""Resolutions as ledger lines, the input of `components/ledger_line.html`."""

from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.admin.core.deadlines import short_deadline
from meetings.admin.core.status_badges import LATE, StatusBadge, status_badge
from meetings.components import LedgerLine
from meetings.enums import PartRole
from meetings.models import Resolution
from meetings.queries.deadline import is_overdue
from meetings.queries.parts import department_labels


def overdue_badge(badge: StatusBadge) -> StatusBadge:
    """Return the badge of an overdue resolution: the shape for overdue, with its state in the text."""
    return StatusBadge(LATE, _("Overdue: %(state)s") % {"state": badge.word})


def resolution_badge(resolution: Resolution) -> StatusBadge:
    """Return the badge of the resolution's state, or the overdue badge."""
    badge = status_badge(resolution)
    return overdue_badge(badge) if is_overdue(resolution) else badge


def ledger_line(resolution: Resolution, *, linked: bool = True) -> LedgerLine:
    """Return a row of `queries.resolution.ledger()` as a line.

    A resolution without a public number shows its place in the minutes instead.
    """
    badge = resolution_badge(resolution)
    place = _("Item %(order)s") % {"order": resolution.order} if resolution.order else ""
    return LedgerLine(
        what=resolution.title,
        url=reverse("resolution:inspect", args=[resolution.pk]) if linked else "",
        number=resolution.public_number or place,
        lead=department_labels(resolution, PartRole.LEAD),
        co=department_labels(resolution, PartRole.CO),
        when=short_deadline(resolution),
        stage=badge.stage,
        word=badge.word,
    )
