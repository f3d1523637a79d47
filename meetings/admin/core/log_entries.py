"""What happened to a record, read from its log, in sentences."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.log_actions import registry

from meetings.models import RecordLogEntry


def entries(record: Any) -> Any:
    """The log of a record, newest first, with who did it."""
    return RecordLogEntry.objects.for_instance(record).select_related("user").order_by("-timestamp", "-pk")


def label_of(entry: RecordLogEntry) -> str:
    """What was done, in words."""
    return str(registry.get_action_label(entry.action))


def told_of(entry: Any) -> str:
    """What was done, and the words that came with it."""
    told = str(entry.message)
    return f"{told.removesuffix('。')}。{entry.comment}" if entry.comment else told


def moment(value: Any) -> str:
    """Day and time to the second, where the office is; the same on the page and in a spreadsheet."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"


def latest_change(record: Any) -> str:
    """Who did the latest thing to this record, when, and what to do about it."""
    entry = entries(record).first()
    if entry is None:
        return _("Somebody else has changed this record meanwhile. Look at its present state, then do it again.")
    words = {
        "who": entry.user.name if entry.user else _("The system"),
        "what": label_of(entry),
        "when": date_format(timezone.localtime(entry.timestamp), "DATETIME_FORMAT"),
    }
    told = _("%(who)s did this meanwhile: “%(what)s”, %(when)s. What you typed stands below; compare, then save again.")
    return told % words
