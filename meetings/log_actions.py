"""The names of the actions in the audit log.

The steps of a machine have labels of their own (`meetings.machines`). The other verbs of each model are in the
catalogue (`log_verbs`), and their labels are in `LABELS`. An action that is not registered rolls its operation back.

- `register(registry)`: called by the hook `register_log_actions`.
"""

from django.apps import apps
from django.db.models import Model, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import BaseLogEntry

from meetings.machines import MACHINES
from meetings.models import RecordLogEntry
from meetings.models.catalogue import CATALOGUE

LABELS: dict[str, object] = {
    "create": _("Created"),
    "edit": _("Edited"),
    # topic
    "opinion": _("Opinion given"),
    "override": _("Objection overridden"),
    "list": _("Put on the agenda"),
    "unlist": _("Taken off the agenda"),
    "discuss": _("Discussed by the meeting"),
    # meeting
    "add_topic": _("Topic put on the agenda"),
    "remove_topic": _("Topic taken off the agenda"),
    "add_agenda_item": _("Agenda item added"),
    "edit_agenda_item": _("Agenda item changed"),
    "remove_agenda_item": _("Agenda item removed"),
    "order_agenda": _("Agenda rearranged"),
    "draw_attendance": _("Attendance drawn"),
    "add_guest": _("Guest invited"),
    "set_attendance": _("Attendance recorded"),
    "remove_attendance": _("Attendance removed"),
    "explain": _("Unfinished resolution explained"),
    "void": _("Approvals voided"),
    "change": _("Changed while in approval"),
    "record_attendee": _("Unplanned attendance recorded"),
    # minutes
    "redraft": _("Drafted again"),
    "discard": _("Correction discarded"),
    # resolution
    "adopt": _("Settled by the issue of the minutes"),
    "carry": _("Carried over"),
    "remove": _("Removed"),
    "correct": _("Corrected"),
    "tag": _("Subject and tags changed"),
    "tighten": _("Disclosure tightened"),
    "loosen": _("Disclosure loosened"),
    "number": _("Public number allocated"),
    "verdict": _("Report judged"),
    # delegation
    "revoke": _("Delegation ended early"),
    "confirm_delegation": _("Delegation confirmed"),
    # people and conference
    "deactivate": _("Deactivated"),
    "reactivate": _("Reactivated"),
    "password": _("Password set"),
    "login_code": _("One-time code issued"),
    "choose_password": _("Own password chosen"),
    "bind_device": _("Telephone bound as a second factor"),
    "reset_device": _("Second factor taken away"),
    "tenure_begin": _("Tenure begun"),
    "tenure_change": _("Tenure changed"),
    "tenure_end": _("Tenure ended"),
    "merge": _("Merged into another"),
    "adopt_regulation": _("Regulation put in force"),
    "correct_words": _("Misprint corrected"),
    # changes that a second person confirms
    "request": _("Submitted for confirmation"),
    "confirm": _("Confirmed and put in force"),
    "decline": pgettext_lazy("change", "Declined"),
    "take_back": _("Withdrawn"),
    "put_in_force": _("Put in force after the waiting period"),
}
COMMENT_FIELDS = ("text", "reason", "opinion")
SENTENCE_ENDS = ("。", "！", "？", "；", "…")
# Data that the message of an entry leaves out: it is shown elsewhere, or is not meant for readers.
UNPRINTED = frozenset(
    {"from", "to", "later", "text", "reason", "opinion", "hash", "seat", "content", "old", "new"}
    | {"role", "conference", "ends_supervision", "change"}
)


def note(key: str, value: object) -> str:
    """Return a value that an operation logged as text: a list joined by 、, a count with its unit."""
    if key == "count" and isinstance(value, int):
        return ngettext("%(count)s person", "%(count)s persons", value) % {"count": value}
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


class RecordFormatter(LogFormatter):
    """Formats an entry: the label of the action, both states of a step, the logged values, and the comment."""

    states: type[TextChoices] | None = None

    def format_message(self, log_entry: BaseLogEntry) -> str:
        """Return for example 退回议题（已提出 → 退回）."""
        data, text = log_entry.data, str(self.label)
        if self.states is not None and data.get("from"):
            text += f"（{self.states(data['from']).label} → {self.states(data['to']).label}）"
        notes = [
            note(key, value) for key, value in data.items() if key not in UNPRINTED and value not in ("", None, [])
        ]
        values = "；".join(notes)
        return f"{text}：{values}" if values else text

    def format_comment(self, log_entry: BaseLogEntry) -> str:
        """Return the entered texts (`COMMENT_FIELDS`), joined; each but the last ends with punctuation."""
        comments = [str(log_entry.data[name]).strip() for name in COMMENT_FIELDS if log_entry.data.get(name)]
        *before, last = comments or [""]
        return "".join(comment if comment.endswith(SENTENCE_ENDS) else f"{comment}；" for comment in before) + last


def verbs_of(model: type[Model]) -> dict[str, object]:
    """Return the verbs that are logged for a model, each with its label: the steps first, then the others."""
    machine = MACHINES.get(model)
    steps = {transition.action: transition.label for transition in machine.transitions} if machine else {}
    others = CATALOGUE[model].log_verbs if model in CATALOGUE else ()
    return steps | {verb: LABELS[verb] for verb in others}


def register(registry: LogActionRegistry) -> None:
    """Register every model of `meetings` for `RecordLogEntry`, and each of its actions with its label."""
    for model in apps.get_app_config("meetings").get_models():
        if model is RecordLogEntry:
            continue
        registry.register_model(model, RecordLogEntry)
        machine = MACHINES.get(model)
        for verb, label in verbs_of(model).items():
            attributes = {"label": label, "states": machine.states if machine else None}
            formatter = type("_Formatter", (RecordFormatter,), attributes)
            registry.register_action(f"meetings.{model._meta.model_name}.{verb}")(formatter)
