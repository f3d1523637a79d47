"""Requests to change the settings of the public site, which wait for a second person."""

from collections.abc import Iterator

from meetings.models import PendingChange
from meetings.queries.pending_change import waiting_changes

SITE_SETTINGS = "site_settings"  # the kind of change


def requested_marks() -> Iterator[tuple[PendingChange, int]]:
    """Yield each waiting request that changes the mark of the site, with the key of the picture that it asks for."""
    for change in waiting_changes():
        for act in change.acts:
            after = act["data"].get("after", {}) if act["kind"] == SITE_SETTINGS else {}
            if after.get("mark_id") is not None:
                yield change, after["mark_id"]
