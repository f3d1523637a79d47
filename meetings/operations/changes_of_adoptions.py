"""The kind of change of the regulation that a conference follows, where that changes who acts in it."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.enums import Attends, MeetingState, TopicState
from meetings.models import Meeting, Person, RegulationAdoption, Topic
from meetings.operations.change_kinds import Act, ChangeKind, Data, register
from meetings.operations.change_words import as_day, as_text, changed_meanwhile, old_and_new
from meetings.operations.regulation import save_adoption
from meetings.rules.adoption import ADOPTION_COLUMNS, STEP_RULES, former_of, who_acts_changes
from meetings.rules.pending_change import needs_second_person

DAYS = ("from_date", "to_date")


def adoption_act(adoption: RegulationAdoption) -> Act:
    """Return the act that saves an adoption: the old and new values of what changes, all values of a new one."""
    stored = RegulationAdoption.objects.filter(pk=adoption.pk).first() if adoption.pk else None
    values = {name: _stored(name, getattr(adoption, name)) for name in ADOPTION_COLUMNS}
    before = {name: _stored(name, getattr(stored, name)) for name in ADOPTION_COLUMNS} if stored else {}
    after = {name: value for name, value in values.items() if not stored or before[name] != value}
    return Act(
        "adoption", {"adoption": adoption.pk, "before": {name: before.get(name) for name in after}, "after": after}
    )


def _stored(name: str, value: Any) -> Any:
    return as_text(value) if name in DAYS else value


def _read(name: str, value: Any) -> Any:
    return as_day(value) if name in DAYS and value else value


def _adoption(data: Data) -> tuple[RegulationAdoption | None, RegulationAdoption]:
    """Return the adoption as it is, None for a new one, and as it will be; `Refused` if it was changed since."""
    old = RegulationAdoption.objects.filter(pk=data["adoption"]).first()
    new = RegulationAdoption.objects.get(pk=old.pk) if old else RegulationAdoption()
    if old and any(_stored(name, getattr(old, name)) != value for name, value in data["before"].items()):
        raise changed_meanwhile()
    for name, value in data["after"].items():
        setattr(new, name, _read(name, value))
    return old, new


def _words(adoption: RegulationAdoption, name: str) -> object:
    """Return the value of a column as text."""
    value = getattr(adoption, name)
    if name == "attends":
        return "；".join(str(Attends(each).label) for each in value)
    if name.endswith("_id"):
        return getattr(adoption, name.removesuffix("_id"))
    display = getattr(adoption, f"get_{name}_display", None)
    return display() if display else date_format(value) if isinstance(value, date) else value


def _describe(data: Data) -> list[str]:
    old, new = _adoption(data)
    former = old or former_of(new)
    lines = [str(new)]
    for field in RegulationAdoption._meta.concrete_fields:
        name = field.attname
        shown = name in data["after"] if old else name in STEP_RULES + DAYS
        if not shown or (former and name not in DAYS and getattr(former, name) == getattr(new, name)):
            continue
        before = _words(former, name) if former and (old or name not in DAYS) else ""
        after = _words(new, name)
        if before or after not in {None, ""}:
            lines.append(old_and_new(field.verbose_name, before, after))
    return [*lines, *_affected(old)]


def _affected(adoption: RegulationAdoption | None) -> list[str]:
    """Return a line about the open records that go by the changed rules at once."""
    if adoption is None:
        return []
    topics = Topic.objects.filter(adoption=adoption).exclude(state=TopicState.DISCUSSED).count()
    meetings = Meeting.objects.filter(adoption=adoption).exclude(state=MeetingState.HELD).count()
    values = {"topics": topics, "meetings": meetings}
    return [_("Open records that go by it at once: %(topics)s topics, %(meetings)s meetings") % values]


def _apply(data: Data, by: Person, shown_to: Person | None) -> tuple[()]:
    save_adoption(_adoption(data)[1], by=by)
    return ()


def _conferences(data: Data) -> set[int | None]:
    stored = RegulationAdoption.objects.filter(pk=data["adoption"]).values_list("conference", flat=True)
    return {*stored, *(data["after"][name] for name in ("conference_id",) if name in data["after"])}


register(
    ChangeKind(
        key="adoption",
        label=gettext_lazy("Who acts under the regulation"),
        needs=lambda data, by: needs_second_person(by, who_acts_changes(_adoption(data)[1])),
        describe=_describe,
        apply=_apply,
        conferences=_conferences,
    )
)
