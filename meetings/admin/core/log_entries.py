"""Read a record's log entries and describe them as text."""

from datetime import datetime

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.log_actions import registry
from wagtail.models import BaseLogEntry

from meetings.models import RecordLogEntry


def log_entries(record: Model) -> QuerySet[RecordLogEntry]:
    """Return the log entries of a record with their users, newest first."""
    return RecordLogEntry.objects.for_instance(record).select_related("user").order_by("-timestamp", "-pk")


def action_label(entry: RecordLogEntry) -> str:
    """Return the label of the entry's action; the action itself if no app registers it any more."""
    # Unlike `get_action_label`, this works in a process that has logged nothing yet.
    formatter = registry.get_formatter(entry)
    return str(formatter.label) if formatter is not None else entry.action


def message_with_comment(entry: BaseLogEntry) -> str:
    """Return the entry's message, followed by its comment if there is one."""
    message = str(entry.message)
    return f"{message.removesuffix('。')}。{entry.comment}" if entry.comment else message


def format_timestamp(value: datetime) -> str:
    """Return date and time in the local time zone, to the second; the same format on pages and in spreadsheets."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"


def latest_change_message(record: Model, *, typed: bool = True) -> str:
    """Return the message of a stale form: the latest change of the record, who made it and when, and what to do.

    `typed`: the form is shown again, with what was typed.
    """
    entry = log_entries(record).first()
    if entry is None:
        return _("Somebody else has changed this record meanwhile. Look at its present state, then do it again.")
    values = {
        "who": entry.user.name if entry.user else _("The system"),
        "what": action_label(entry),
        "when": date_format(timezone.localtime(entry.timestamp), "DATETIME_FORMAT"),
    }
    if not typed:
        return (
            _("%(who)s did this meanwhile: “%(what)s”, %(when)s. Look at the present state, then do it again.") % values
        )
    message = _(
        "%(who)s did this meanwhile: “%(what)s”, %(when)s. What you typed stands below; compare, then save again."
    )
    return message % values
