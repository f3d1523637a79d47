"""Requirements of a regulation, when it may be changed, and notes for its administrator.

- `why_not_changed(regulation)`: why a followed regulation cannot be changed, only copied.
- `copy_gaps(regulation, day)`: one copy for each day.
- `regulation_gaps(regulation)`: clause numbers that occur twice, and clauses with unknown points.
- `date_contradictions(regulation)`: dates whose year is not that of the document number.
- `points_without_clause(regulation)`: the points that the regulation does not require.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from meetings.clauses import Point
from meetings.models import Regulation
from meetings.queries.regulation import is_followed
from meetings.refusal import Missing

_YEAR_OF_NUMBER = re.compile(r"〔(\d{4})〕")
# A line that contains only a date: the day on which the document was signed or printed.
_DATE_LINE = re.compile(r"^\s*((\d{4})年\d{1,2}月\d{1,2}日)(?:印发)?\s*$", re.MULTILINE)


def why_not_changed(regulation: Regulation) -> list[Missing]:
    """Return why a regulation that a conference follows or followed cannot be changed; empty if it can."""
    if regulation.pk is None or not is_followed(regulation):
        return []
    reason = _(
        "Meetings were held under this regulation, or are. Make a dated copy, change that, and let the conference"
        " follow it from its day. A misprint is corrected through “Correct a misprint”."
    )
    return [Missing(reason, code="regulation_followed")]


def regulation_gaps(regulation: Regulation) -> list[Missing]:
    """Require that clause numbers and category titles are unique, and that each point is known."""
    clauses = list(regulation.clauses.all())
    gaps = []
    if twice := _repeated(category.title for category in regulation.categories.all()):
        reason = _("These categories stand twice: %(titles)s. Each title once.")
        gaps.append(Missing(reason % {"titles": "、".join(twice)}, code="category_twice"))
    if twice := _repeated(clause.number for clause in clauses):
        reason = _("These clauses stand twice: %(numbers)s. Each number once.")
        gaps.append(Missing(reason % {"numbers": "、".join(twice)}, code="clause_twice"))
    if any(set(clause.points) - set(Point.values) for clause in clauses):
        gaps.append(Missing(_("A clause governs something that the portal does not know."), code="point_unknown"))
    return gaps


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def copy_gaps(regulation: Regulation, applies_from: date) -> list[Missing]:
    """Require that no other copy of the regulation applies from the same day: a double click makes one copy."""
    if not regulation.dated_copies.filter(applies_from=applies_from).exists():
        return []
    reason = _("A copy that applies from this day exists already. Change that one in the list of regulations.")
    return [Missing(reason, code="copy_exists")]


def date_contradictions(regulation: Regulation) -> list[str]:
    """Return a sentence for each date that contradicts the year of the document number."""
    number = _YEAR_OF_NUMBER.search(regulation.number)
    if number is None:
        return []
    reason = _("The number %(number)s is of %(year)s, but the text is dated %(date)s. Check the original.")
    found = [match[1] for match in _DATE_LINE.finditer(regulation.text) if match[2] != number[1]]
    values = {"number": regulation.number, "year": number[1]}
    notes = [reason % {**values, "date": date} for date in dict.fromkeys(found)]
    if regulation.issued_on and str(regulation.issued_on.year) != number[1]:
        reason = _("The number %(number)s is of %(year)s, but “issued on” says %(date)s. Check the original.")
        notes.append(reason % {**values, "date": f"{regulation.issued_on:%Y-%m-%d}"})
    return notes


def points_without_clause(regulation: Regulation) -> list[Point]:
    """Return the points that no clause governs, which the regulation therefore does not require."""
    governed = {point for clause in regulation.clauses.all() for point in clause.points}
    return [point for point in Point if point.value not in governed]
