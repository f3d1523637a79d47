"""Operations of the administrator on conferences, regulations, adoptions and groups.

- `save_conference`: name, sides and member departments; the official name is enforced (`Y 3(3)`).
- `start_regulation`, `save_regulation`: the document with its topic categories, started from Y or C.
- `adopt_regulation`, `save_adoption`: the period in which a regulation is in force, with its rules as data.
- `save_group`: 领导小组, 协调小组 and office with their seats (`C 3`).

`by=None` means a management command on the server; the permission is not checked then.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from meetings.models import (
    Department,
    JointConference,
    LeadingGroup,
    Membership,
    Person,
    Regulation,
    RegulationAdoption,
    TopicCategory,
)
from meetings.operations.base import announce, require_administrator, saving
from meetings.refusal import Missing, Refused
from meetings.rule_presets import CATEGORIES, PRESETS
from meetings.rules.conference import adoption_gaps, name_gaps
from meetings.write_lock import write_transaction

Members = Iterable[tuple[Department, str]]


def _refuse_if(gaps: list[Missing]) -> None:
    if gaps:
        raise Refused.lacking(gaps)


@write_transaction()
def save_conference(
    conference: JointConference, *, by: Person | None, version: int | None = None, members: Members | None = None
) -> JointConference:
    """Create or change a conference; `members`, pairs of department and side, replaces its members when given."""
    require_administrator(by, conference)
    _refuse_if(name_gaps(conference))
    with saving(conference, "edit" if conference.pk else "create", by=by, version=version):
        if members is not None:
            conference.save()
            _write_members(conference, list(members))
    return conference


def _write_members(conference: JointConference, members: list[tuple[Department, str]]) -> None:
    if len({department.pk for department, _side in members}) < len(members):
        raise Refused(_("A department is named twice. It takes one side."), code="member_twice")
    for department, side in members:
        Membership.objects.update_or_create(conference=conference, department=department, defaults={"side": side})
    named = [department.pk for department, _side in members]
    Membership.objects.filter(conference=conference).exclude(department__in=named).delete()


def save_regulation(regulation: Regulation, *, by: Person | None, version: int | None = None) -> Regulation:
    """Create or change a regulation with its categories; categories used by topics cannot be removed."""
    require_administrator(by, regulation)
    with saving(regulation, "edit" if regulation.pk else "create", by=by, version=version):
        kept = {row.pk for row in regulation.categories.all()}
        lost = TopicCategory.objects.filter(regulation=regulation.pk, topics__isnull=False).exclude(pk__in=kept)
        if names := "、".join(lost.distinct().values_list("title", flat=True)):
            raise Refused(
                _("Topics use these categories; they have to stay: %(names)s.") % {"names": names},
                code="categories_in_use",
            )
    return regulation


def start_regulation(preset: str, *, by: Person | None, title: str, **fields: Any) -> Regulation:
    """Create a regulation with the topic categories of `preset` (Y or C), which can be changed afterwards."""
    regulation = Regulation(title=title, **fields)
    regulation.categories.set(
        TopicCategory(clause=clause, title=name, facet=facet, disclosure=disclosure, order=order)
        for order, (clause, name, facet, disclosure) in enumerate(CATEGORIES[preset])
    )
    return save_regulation(regulation, by=by)


def adopt_regulation(
    conference: JointConference,
    regulation: Regulation,
    *,
    by: Person | None,
    rules: str | Mapping[str, Any],
    from_date: date | None = None,
    to_date: date | None = None,
) -> RegulationAdoption:
    """Let a conference follow a regulation for a period; `rules` is the name of a preset or a mapping of all rules."""
    values = PRESETS[rules] if isinstance(rules, str) else rules
    adoption = RegulationAdoption(
        conference=conference, regulation=regulation, from_date=from_date, to_date=to_date, **values
    )
    return save_adoption(adoption, by=by)


def save_adoption(adoption: RegulationAdoption, *, by: Person | None, version: int | None = None) -> RegulationAdoption:
    """Create or change an adoption; periods of one conference must not overlap."""
    require_administrator(by, adoption.conference)
    with write_transaction():
        JointConference.objects.select_for_update().get(pk=adoption.conference_id)
        _refuse_if(adoption_gaps(adoption))
        with saving(adoption, "edit" if adoption.pk else "create", by=by, version=version):
            pass
        announce(adoption.conference, "adopt_regulation", by=by, data={"regulation": str(adoption.regulation)})
    return adoption


def save_group(group: LeadingGroup, *, by: Person | None, version: int | None = None) -> LeadingGroup:
    """Create or change a group with its seats; a seat belongs to the holder of its post (自然替补, `C 3`)."""
    require_administrator(by, group.conference)
    with saving(group, "edit" if group.pk else "create", by=by, version=version):
        posts = [seat.post_id for seat in group.seats.all()]
        if len(set(posts)) < len(posts):
            raise Refused(_("A post sits twice in this group. Once is enough."), code="seat_twice")
    return group
