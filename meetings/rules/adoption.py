"""What a change of the regulation that a conference follows means for who acts in it.

- `STEP_RULES`: the rules that decide who acts on records, and which steps they pass.
- `who_acts_changes(adoption)`: whether saving an adoption changes that, so that a second person confirms it.
- `group_gaps(adoption)`: the coordination group that the rules name has to exist.
"""

from django.db.models import F
from django.utils.translation import gettext as _

from meetings.enums import GroupKind, MinutesApprovers, ReportsTo, SeatKind, SettledBy, Side
from meetings.models import GroupSeat, RegulationAdoption
from meetings.models.regulation import RULE_FIELDS
from meetings.refusal import Missing

# Without a text at hand (`judged`) nothing is required of a step.
STEP_RULES = (
    "judged",
    "topic_conferral",
    "topic_approval",
    "joint_research",
    "consensus_report",
    "settled_by",
    "special_after",
    "notice_by",
    "minutes_approved_by",
    "minutes_issued_by",
    "follow_up_by",
    "reports_to",
)
ADOPTION_COLUMNS = ("conference_id", "regulation_id", "from_date", "to_date", *RULE_FIELDS)
# The rules that name the heads of the coordination group, with the value that does.
RULES_OF_GROUP = {
    "settled_by": SettledBy.GROUP_HEADS,
    "minutes_approved_by": MinutesApprovers.GROUP_HEADS,
    "reports_to": ReportsTo.GROUP_HEADS,
}


def former_of(adoption: RegulationAdoption) -> RegulationAdoption | None:
    """Return the adoption that a new one follows: the last that begins before it, else the first of its conference."""
    others = RegulationAdoption.objects.filter(conference=adoption.conference_id).exclude(pk=adoption.pk)
    latest = others.order_by(F("from_date").desc(nulls_last=True), "-pk")
    if adoption.from_date is None:
        return latest.last()
    before = (row for row in latest if row.from_date is None or row.from_date < adoption.from_date)
    return next(before, latest.last())


def who_acts_changes(adoption: RegulationAdoption) -> bool:
    """Return whether saving the adoption changes who acts on records of its conference, or which steps they pass.

    That is a change of these rules, or of the days and the regulation for which they apply. A new adoption is compared
    with the one that it follows; the first of a conference changes nothing.
    """
    stored = RegulationAdoption.objects.filter(pk=adoption.pk).first() if adoption.pk else None
    if stored is not None:
        columns = ("conference_id", "regulation_id", "from_date", "to_date", *STEP_RULES)
        return any(getattr(stored, name) != getattr(adoption, name) for name in columns)
    former = former_of(adoption)
    return former is not None and any(getattr(former, name) != getattr(adoption, name) for name in STEP_RULES)


def group_gaps(adoption: RegulationAdoption) -> list[Missing]:
    """Require a coordination group with a head on each side, if a new or changed rule names its heads (`C 3`)."""
    stored = RegulationAdoption.objects.filter(pk=adoption.pk).first() if adoption.pk else None
    named = [name for name, value in RULES_OF_GROUP.items() if getattr(adoption, name) == value]
    same_place = stored is not None and stored.conference_id == adoption.conference_id
    if same_place and all(getattr(stored, name) == getattr(adoption, name) for name in named):
        return []
    heads = GroupSeat.objects.filter(
        kind=SeatKind.HEAD, group__kind=GroupKind.COORDINATION, group__conference=adoption.conference_id
    )
    if not named or {Side.GOVERNMENT, Side.UNION} <= set(heads.values_list("post__side", flat=True)):
        return []
    fields = {field.name: field for field in RegulationAdoption._meta.concrete_fields}
    labels = "、".join(str(fields[name].verbose_name) for name in named)
    reason = _(
        "These rules name the heads of the coordination group: %(rules)s. The conference has no coordination group "
        "with a head on each side. Create it first, or choose another rule."
    )
    return [Missing(reason % {"rules": labels}, code="group_of_rule_missing", field=named[0])]
