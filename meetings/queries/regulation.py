"""Reads of regulations: who follows one, and which clause governs a point.

- `citations_of(regulation)`: the clauses of each point, as printed.
- `correctable(regulation)`: the words in which a misprint can be corrected.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from meetings.clauses import print_numbers
from meetings.models import Regulation, RegulationAdoption, RegulationClause, TopicCategory


def is_followed(regulation: Regulation) -> bool:
    """Return True if a conference follows the regulation, or followed it."""
    return RegulationAdoption.objects.filter(regulation=regulation.pk).exists()


def clauses_by_point(clauses: Iterable[RegulationClause]) -> dict[str, list[RegulationClause]]:
    """Return the clauses that govern each point, in their order."""
    found: dict[str, list[RegulationClause]] = {}
    for clause in clauses:
        for point in clause.points:
            found.setdefault(point, []).append(clause)
    return found


def citations_of(regulation: Regulation) -> dict[str, str]:
    """Return the citation of each point that a clause governs, for example {"agenda": "二（四）"}. One query."""
    found = clauses_by_point(regulation.clauses.all())
    return {point: print_numbers(clause.number for clause in clauses) for point, clauses in found.items()}


def categories_in_use(regulation: Regulation, kept: set[int]) -> list[str]:
    """Return the titles of stored categories that topics use and that are not among `kept`."""
    lost = TopicCategory.objects.filter(regulation=regulation.pk, topics__isnull=False).exclude(pk__in=kept)
    return list(lost.distinct().values_list("title", flat=True))


@dataclass(frozen=True)
class Words:
    """Words of a regulation: where they are stored, what the place is called, and the words themselves."""

    row: Any
    field: str
    label: str

    @property
    def words(self) -> str:
        """The words as they stand."""
        return str(getattr(self.row, self.field))


def correctable(regulation: Regulation) -> dict[str, Words]:
    """Return the words by name: "title", "number", "text", "clause-<pk>" and "category-<pk>". Two queries."""
    labels = {"title": _("Title"), "number": _("Document number"), "text": _("Text")}
    found = {name: Words(regulation, name, label) for name, label in labels.items()}
    for clause in regulation.clauses.all():
        found[f"clause-{clause.pk}"] = Words(clause, "words", _("Clause %(clause)s") % {"clause": clause.number})
    for category in regulation.categories.all():
        found[f"category-{category.pk}"] = Words(category, "title", _("Category"))
    return found
