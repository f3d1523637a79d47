"""The rules of a regulation in forms and tables, each with the clause that governs it.

- `RULEBOOK`: the fields of `Rules` under headings, each with its point. The forms and the table are made from it, so a
  new rule is one row here.
- `RulesFormMixin`: the rules in the form of a regulation and of an adoption. `rule_panels()`: their panels.
- `rules_table(rules, cite)`: the rules as text, each with its clause.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Field
from django.utils.dates import MONTHS
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from meetings.clauses import NO_CITATION, Citation, Point
from meetings.enums import Attends
from meetings.models import Regulation, RegulationAdoption
from meetings.models.regulation import Rules
from meetings.types import StrOrPromise

RULEBOOK: tuple[tuple[StrOrPromise, dict[str, Point | None]], ...] = (
    (
        _("Name and frequency"),
        {"name_pattern": Point.NAME, "frequency": Point.FREQUENCY, "flagged_from_month": Point.FREQUENCY},
    ),
    (
        _("Topics"),
        {
            "topic_conferral": Point.TOPIC_CONFER,
            "topic_approval": Point.TOPIC_APPROVE,
            "joint_research": Point.TOPIC_AGREE,
            "consensus_report": Point.TOPIC_AGREE,
        },
    ),
    (
        _("The meeting"),
        {
            "special_after": Point.SPECIAL,
            "settled_by": Point.MEETING_SETTLE,
            "notice_by": Point.MEETING_NOTIFY,
            "chair": Point.CHAIR,
            "attends": Point.ATTENDANCE,
        },
    ),
    (
        _("The minutes"),
        {"minutes_approved_by": Point.MINUTES, "minutes_issued_by": Point.MINUTES, "minutes_numbering": None},
    ),
    (_("Follow-up"), {"follow_up_by": Point.FOLLOW_UP, "reports_to": Point.FOLLOW_UP}),
    (_("Publicity"), {"publicity_required": Point.PUBLICITY, "publicity_days": None}),
)
POINT_OF_RULE = {name: point for _heading, rules in RULEBOOK for name, point in rules.items()}
Cite = Callable[[str], Citation]


class RulesFormMixin(forms.Form):
    """A mixin for a form with the rules; each rule shows its clause."""

    attends = forms.MultipleChoiceField(
        label=_("Who attends"), choices=Attends.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    flagged_from_month = forms.TypedChoiceField(
        label=_("A year without a meeting is flagged from"), choices=list(MONTHS.items()), coerce=int
    )

    def show_clauses(self, cite: Cite) -> None:
        """Drop empty choices, and show the governing clause beside each rule."""
        for name, point in POINT_OF_RULE.items():
            field = self.fields[name]
            if isinstance(field, forms.TypedChoiceField):
                offered: Any = field.choices
                field.choices = [choice for choice in offered if choice[0]]  # a rule is always one of them
            clause = cite(point) if point else NO_CITATION
            help_text = gettext("Clause %(clause)s") % {"clause": clause} if clause else ""
            field.help_text = "　".join(filter(None, [help_text, str(field.help_text)]))


def rule_panels(model: type[Rules]) -> list[MultiFieldPanel]:
    """Return the panels of the rules under their headings."""

    def panel(name: str) -> FieldPanel:
        choices = _model_field(model, name).choices
        return FieldPanel(name, widget=forms.RadioSelect) if choices else FieldPanel(name)

    return [MultiFieldPanel([panel(name) for name in rules], heading=heading) for heading, rules in RULEBOOK]


@dataclass(frozen=True)
class RuleLine:
    """A rule as text; `required` is False if the regulation does not ask for it."""

    label: str
    value: str
    clause: Citation = NO_CITATION
    required: bool = True


def rules_table(rules: Regulation | RegulationAdoption, cite: Cite) -> list[tuple[StrOrPromise, list[RuleLine]]]:
    """Return the rules under their headings."""
    return [(heading, [_line(rules, cite, *rule) for rule in names.items()]) for heading, names in RULEBOOK]


def _line(rules: Regulation | RegulationAdoption, cite: Cite, name: str, point: Point | None) -> RuleLine:
    value = _printed(rules, name)
    return RuleLine(
        label=capfirst(str(_model_field(rules, name).verbose_name)),
        value=value or gettext("not asked for"),
        clause=cite(point) if point and value else NO_CITATION,
        required=bool(value),
    )


def _model_field(model: Rules | type[Rules], name: str) -> "Field[object, object]":
    return next(field for field in model._meta.fields if field.name == name)


def _printed(rules: Regulation | RegulationAdoption, name: str) -> str:
    """Return the value as text; empty if the regulation does not ask for it."""
    value = getattr(rules, name)
    if name == "attends":
        return "；".join(str(label) for key, label in Attends.choices if key in value)
    if name == "flagged_from_month":
        return str(MONTHS[value])
    if name == "publicity_days":
        return gettext("%(days)s days") % {"days": value} if rules.publicity_required else ""
    if name == "name_pattern":
        return _printed_name(rules, value)
    if isinstance(value, bool):
        return gettext("asked for") if value else ""
    display = getattr(rules, f"get_{name}_display", None)
    return str(display() if display else value)


def _printed_name(rules: Regulation | RegulationAdoption, pattern: str) -> str:
    """Return the official name of an adoption's conference; for a regulation, the pattern with both sides described."""
    government, union = gettext("(the government side)"), gettext("(the union side)")
    if isinstance(rules, RegulationAdoption):
        government, union = rules.conference.government_side, rules.conference.union_side
    return pattern.replace("{government}", government).replace("{union}", union)
