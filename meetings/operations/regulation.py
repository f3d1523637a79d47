"""Operations of the administrator on regulations and on the periods in which conferences follow them.

- `start_regulation`: creates a regulation as a copy of a preset (Y or C) or of another regulation.
- `save_regulation`: saves document, clauses, agenda order, topic categories and rules, until a conference follows it.
- `read_text_clauses`: replaces the clauses by those of the text.
- `copy_regulation`: makes a dated copy. `correct_words`: corrects a misprint in place.
- `adopt_regulation`, `save_adoption`: the period in which a conference follows a regulation, with its rules.

`by=None` means a management command on the server; the permission is not checked then.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypedDict, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import CharField, Manager, Model, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from meetings.clauses import read_clauses
from meetings.enums import MeetingState
from meetings.models import (
    JointConference,
    Meeting,
    Person,
    Regulation,
    RegulationAdoption,
    RegulationClause,
    StandardAgendaItem,
    Topic,
    TopicCategory,
)
from meetings.models.regulation import RULE_FIELDS
from meetings.operations.base import (
    announce,
    locked,
    require_administrator,
    require_second_person,
    required_text,
    saving,
)
from meetings.queries.conference import adoption_on
from meetings.queries.regulation import CorrectableText, categories_in_use, citations_of, correctable
from meetings.refusal import Refused
from meetings.regulation_presets import AGENDA, CATEGORIES, PRESETS, clauses_of
from meetings.rules.adoption import group_gaps, who_acts_changes
from meetings.rules.conference import adoption_gaps
from meetings.rules.regulation import copy_gaps, regulation_gaps, why_not_changed
from meetings.write_lock import write_transaction

M = TypeVar("M", bound=Model)


class Rows(TypedDict):
    """The rows of a regulation, unsaved."""

    clauses: list[RegulationClause]
    agenda: list[StandardAgendaItem]
    categories: list[TopicCategory]


def _preset_rows(preset: str) -> Rows:
    return {
        "clauses": [
            RegulationClause(number=number, words=words, points=points, order=order)
            for order, (number, words, points) in enumerate(clauses_of(preset))
        ],
        "agenda": [
            StandardAgendaItem(kind=kind, side=side, title=title, order=order)
            for order, (kind, side, title) in enumerate(AGENDA[preset])
        ],
        "categories": [
            TopicCategory(clause=clause, title=title, facet=facet, disclosure=disclosure, order=order)
            for order, (clause, title, facet, disclosure) in enumerate(CATEGORIES[preset])
        ],
    }


def _copied_rows(source: Regulation) -> Rows:
    def copies(rows: Manager[M]) -> list[M]:
        names = [f.name for f in rows.model._meta.concrete_fields if f.name not in {"id", "regulation"}]
        return [rows.model(**{name: getattr(row, name) for name in names}) for row in rows.all()]

    return {
        "clauses": copies(source.clauses),
        "agenda": copies(source.agenda),
        "categories": copies(source.categories),
    }


def _clauses_of_text(text: str, before: list[RegulationClause]) -> list[RegulationClause]:
    points = {clause.number: clause.points for clause in before}
    return [
        RegulationClause(number=number, words=words, points=points.get(number, []), order=order)
        for order, (number, words) in enumerate(read_clauses(text))
    ]


def _drop_foreign_clauses(categories: list[TopicCategory], clauses: list[RegulationClause]) -> None:
    """Let categories cite no clause that the text does not have: its number is that of another regulation."""
    numbers = {clause.number for clause in clauses}
    for category in categories:
        if category.clause not in numbers:
            category.clause = ""


def start_regulation(source: str | Regulation, *, by: Person | None, **fields: Any) -> Regulation:
    """Create a regulation with the clauses, agenda order, topic categories and rules of `source`.

    `source` is the key of a preset (Y or C) or another regulation; `fields` are those of the document. If they
    contain a text with clauses, these replace the copied ones; a clause with the same number governs the same points.
    Categories keep only clauses that the text has.
    """
    rows = _preset_rows(source) if isinstance(source, str) else _copied_rows(source)
    if text := fields.get("text", ""):
        rows["clauses"] = _clauses_of_text(text, rows["clauses"]) or rows["clauses"]
        _drop_foreign_clauses(rows["categories"], rows["clauses"])
    return _create(source, rows, fields, by)


def _create(source: str | Regulation, rows: Rows, fields: dict[str, Any], by: Person | None) -> Regulation:
    rules = PRESETS[source] if isinstance(source, str) else {name: getattr(source, name) for name in RULE_FIELDS}
    regulation = Regulation(**{**rules, **fields})
    for name, copies in rows.items():
        getattr(regulation, name).set(copies)
    return save_regulation(regulation, by=by)


def save_regulation(regulation: Regulation, *, by: Person | None, version: int | None = None) -> Regulation:
    """Create or change a regulation with its clauses, agenda order, categories and rules.

    `Refused` for a regulation that a conference follows or followed, because its meetings keep their clauses, with gaps
    (`regulation_gaps`), or if a category that topics use is missing.
    """
    require_administrator(by, regulation)
    with saving(regulation, "edit" if regulation.pk else "create", by=by, version=version):
        if gaps := [*why_not_changed(regulation), *regulation_gaps(regulation)]:
            raise Refused.lacking(gaps)
        remaining = {row.pk for row in regulation.categories.all()}
        if names := categories_in_use(regulation, remaining):
            raise Refused(
                _("Topics use these categories; they have to stay: %(names)s.") % {"names": "、".join(names)},
                code="categories_in_use",
            )
        _release_unique_values(regulation)
    return regulation


def _release_unique_values(regulation: Regulation) -> None:
    """Let rows exchange their numbers or titles in one save, although each is unique at any moment.

    Rows are written one by one. The stored ones get a value that nobody enters; the save writes all of them again.
    """
    if regulation.pk is None:
        return
    regulation.clauses.set(list(regulation.clauses.all()))
    regulation.categories.set(list(regulation.categories.all()))
    free = Concat(Value("\x1f"), Cast("pk", CharField()))
    RegulationClause.objects.filter(regulation=regulation.pk).update(number=free)
    TopicCategory.objects.filter(regulation=regulation.pk).update(title=free)


def read_text_clauses(regulation: Regulation, *, by: Person | None, version: int | None = None) -> Regulation:
    """Replace the clauses by those of the text; a clause with the same number governs the same points.

    `Refused` for a text without clauses, and for a regulation that is followed.
    """
    clauses = _clauses_of_text(regulation.text, list(regulation.clauses.all()))
    if not clauses:
        reason = _("No clause was found in the text. Begin each section, article and item with its number.")
        raise Refused(reason, code="no_clause_in_text")
    categories = list(regulation.categories.all())
    _drop_foreign_clauses(categories, clauses)
    regulation.clauses.set(clauses)
    regulation.categories.set(categories)
    return save_regulation(regulation, by=by, version=version)


@write_transaction()
def copy_regulation(regulation: Regulation, *, by: Person | None, applies_from: date) -> Regulation:
    """Make a dated copy of a regulation, clause by clause; it can be changed until a conference follows it.

    `Refused` if a copy that applies from this day exists.
    """
    require_administrator(by, regulation)
    if gaps := copy_gaps(regulation, applies_from):
        raise Refused.lacking(gaps)
    names = [f.name for f in Regulation._meta.concrete_fields if f.name not in {"id", "version", "repeals"}]
    fields = {name: getattr(regulation, name) for name in names}
    fields |= {"copy_of": regulation, "applies_from": applies_from}
    return _create(regulation, _copied_rows(regulation), fields, by)


def correct_words(
    regulation: Regulation, *, by: Person, reason: str, texts: Mapping[str, str], version: int | None = None
) -> Regulation:
    """Correct a misprint in the texts of a regulation, also of one that is followed.

    `texts` maps names of `correctable(regulation)` to corrected texts. Each change is logged with the old and the new
    text. `Refused` without a reason, without a change, or for an empty text.
    """
    require_administrator(by, regulation)
    reason = required_text(reason, _("Say what the misprint was, or where it was found."), code="misprint_unexplained")
    with write_transaction():
        row = locked(regulation, version)
        places = correctable(row)
        changed = {name: right for name, right in texts.items() if places[name].text != right}
        if not changed:
            raise Refused(_("Nothing was changed. Correct the words that are wrong."), code="no_words_corrected")
        for name, right in changed.items():
            place, old = places[name], places[name].text
            right = required_text(right, _("The words cannot be empty."), code="words_empty")
            setattr(place.row, place.field, right)
            _demand_valid(place)
            place.row.save(update_fields=[place.field])
            data = {"words": f"{place.label}：“{old}” → “{right}”", "old": old, "new": right, "reason": reason}
            announce(row, "correct_words", by=by, data=data)
        row.version += 1
        row.save(update_fields=["version"])
    regulation.refresh_from_db()
    return regulation


def _demand_valid(place: CorrectableText) -> None:
    """Refuse a text that is too long for its field, or that another row of the regulation has already."""
    others = [field.name for field in place.row._meta.fields if field.name not in {place.field, "regulation"}]
    try:
        place.row.full_clean(exclude=others)
    except ValidationError as error:
        raise Refused.invalid(error) from error


def adopt_regulation(
    conference: JointConference,
    regulation: Regulation,
    *,
    by: Person | None,
    rules: Mapping[str, object] | None = None,
    from_date: date | None = None,
    to_date: date | None = None,
) -> RegulationAdoption:
    """Let a conference follow a regulation for a period, under its rules or under `rules`, a mapping of all of them."""
    values = rules or {name: getattr(regulation, name) for name in RULE_FIELDS}
    adoption = RegulationAdoption(
        conference=conference, regulation=regulation, from_date=from_date, to_date=to_date, **values
    )
    return save_adoption(adoption, by=by)


def save_adoption(adoption: RegulationAdoption, *, by: Person | None, version: int | None = None) -> RegulationAdoption:
    """Create or change an adoption; periods of one conference must not overlap.

    A new adoption of a dated copy ends the adoption of the regulation from which it was copied, on the day before.
    Meetings that are planned already are judged by the adoption of their day. `Refused` if the adoption judges topics
    or meetings and would be moved to another regulation or conference, if it names a group that the conference does not
    have, or if it changes who acts: that takes a second person (`operations.changes_of_adoptions`).
    """
    stored = [adoption] if adoption.pk else []  # its conference is read from the database
    require_administrator(by, adoption.conference, *stored)
    with write_transaction():
        changes = who_acts_changes(adoption)  # before `_end_former`
        JointConference.objects.select_for_update().get(pk=adoption.conference_id)
        if adoption.pk is None:
            _end_former(adoption, by)
        elif _is_repointed(adoption):
            raise Refused(
                _("Topics or meetings are judged by it already. End it, then put the other regulation in force."),
                code="adoption_in_use",
            )
        if gaps := [*adoption_gaps(adoption), *group_gaps(adoption)]:
            raise Refused.lacking(gaps)
        require_second_person(by, changes)
        adoption.citations = citations_of(adoption.regulation)
        new = adoption.pk is None
        with saving(adoption, "create" if new else "edit", by=by, version=version):
            pass
        if new:
            announce(adoption.conference, "adopt_regulation", by=by, data={"regulation": str(adoption.regulation)})
        _judge_planned_meetings(adoption.conference, by)
    return adoption


def _is_repointed(adoption: RegulationAdoption) -> bool:
    """Return True if an adoption in use would get another regulation or conference: past records would change."""
    before = RegulationAdoption.objects.get(pk=adoption.pk)
    same = (before.regulation_id, before.conference_id) == (adoption.regulation_id, adoption.conference_id)
    in_use = (
        Meeting.objects.filter(adoption=adoption.pk).exists() or Topic.objects.filter(adoption=adoption.pk).exists()
    )
    return not same and in_use


def _judge_planned_meetings(conference: JointConference, by: Person | None) -> None:
    """Give meetings that are not held yet the adoption of their day, where that is another one now."""
    for meeting in Meeting.objects.filter(conference=conference).exclude(state=MeetingState.HELD):
        adoption = adoption_on(conference, meeting.day)
        if adoption is not None and adoption.pk != meeting.adoption_id:
            meeting.adoption = adoption
            meeting.version += 1
            meeting.save(update_fields=["adoption", "version"])
            announce(meeting, "edit", by=by, data={"fields": [str(adoption._meta.verbose_name)]})


def _end_former(adoption: RegulationAdoption, by: Person | None) -> None:
    """If `adoption` is of a dated copy, end the open adoption of the regulation from which it was copied."""
    start, copied = adoption.from_date, adoption.regulation.copy_of_id
    if start is None or copied is None:
        return
    former = RegulationAdoption.objects.filter(conference=adoption.conference, regulation=copied, to_date=None).first()
    if former is not None and (former.from_date is None or former.from_date < start):
        former.to_date = start - timedelta(days=1)
        with saving(former, "edit", by=by):
            pass
