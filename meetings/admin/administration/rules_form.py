"""The rules of a regulation as an administrator reads and writes them: each with the clause that it comes from.

Key concepts
- `RULEBOOK`: the fields of `Rules` under headings, each with its key in `meetings.clauses`; the form and the table of
  an adoption are both made from it, so that a new rule is one row here.
- `table(adoption)`: the rules in words, with the clause and, where the text is at hand, what it says.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.dates import MONTHS
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings.clauses import cite, quote
from meetings.models import RegulationAdoption

RULEBOOK: tuple[tuple[Any, dict[str, str]], ...] = (
    (_("Name and frequency"), {"name_pattern": "name", "frequency": "frequency", "flagged_from_month": "frequency"}),
    (
        _("Topics"),
        {
            "topic_conferral": "topic.confer",
            "topic_approval": "topic.approve",
            "joint_research": "topic.agree",
            "consensus_report": "topic.agree",
        },
    ),
    (
        _("The meeting"),
        {
            "special_after": "special",
            "settled_by": "meeting.settle",
            "notice_by": "meeting.notify",
            "chair": "chair",
            "attends": "attendance",
        },
    ),
    (
        _("The minutes"),
        {"minutes_approved_by": "minutes", "minutes_issued_by": "minutes", "minutes_numbering": ""},
    ),
    (_("Follow-up"), {"follow_up_by": "follow_up", "reports_to": "follow_up"}),
    (_("Publicity"), {"publicity_required": "publicity", "publicity_days": ""}),
)
# Whom `attends` draws into the attendance (`Y 2(3)`, `C 5(3)`).
ATTENDS = (
    ("posts", _("Whoever holds a post that attends the meetings")),
    ("topic_departments", _("The heads of the departments that the topics concern")),
)


@dataclass(frozen=True)
class Ruling:
    """A rule in words; `asked` is false for what this regulation does not ask for."""

    label: str
    value: str
    clause: str = ""
    text: str = ""
    asked: bool = True


def table(adoption: RegulationAdoption) -> list[tuple[Any, list[Ruling]]]:
    """The rules under their headings."""
    return [(heading, [_ruling(adoption, *rule) for rule in rules.items()]) for heading, rules in RULEBOOK]


def clause_of(name: str, clause_set: str) -> str:
    """The clause that a rule comes from, as printed; empty where that regulation has none."""
    return next(cite(rules[name], clause_set) for _heading, rules in RULEBOOK if name in rules)


def _ruling(adoption: RegulationAdoption, name: str, key: str) -> Ruling:
    field: Any = RegulationAdoption._meta.get_field(name)
    value = _printed(adoption, name)
    clause = cite(key, adoption.clause_set) if adoption.judged and value else ""
    return Ruling(
        label=capfirst(str(field.verbose_name)),
        value=value or gettext("not asked for"),
        clause=clause,
        text=quote(adoption.regulation.text, clause),
        asked=bool(value),
    )


def _printed(adoption: RegulationAdoption, name: str) -> str:
    """The value in words; empty where the regulation does not ask for it."""
    value = getattr(adoption, name)
    if name == "attends":
        return "；".join(str(label) for key, label in ATTENDS if key in value)
    if name == "flagged_from_month":
        return str(MONTHS[value])
    if name == "publicity_days":
        return gettext("%(days)s days") % {"days": value} if adoption.publicity_required else ""
    if name == "name_pattern":
        sides = {"{government}": adoption.conference.government_side, "{union}": adoption.conference.union_side}
        for mark, side in sides.items():
            value = value.replace(mark, side)
        return str(value)
    if isinstance(value, bool):
        return gettext("asked for") if value else ""
    display = getattr(adoption, f"get_{name}_display", None)
    return str(display() if display else value)
