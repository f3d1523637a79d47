"""Queries of regulations: whether one is followed, and which clause governs a point.

- `citations_of(regulation)`: the clauses of each point, as printed.
- `correctable(regulation)`: the texts in which a misprint can be corrected.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from meetings.clauses import print_numbers
from meetings.models import Regulation, RegulationAdoption, RegulationClause, StandardAgendaItem, TopicCategory


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
    """Return the citation of each point that a clause governs, for example {"agenda": "二（四）"}. Runs one query."""
    found = clauses_by_point(regulation.clauses.all())
    return {point: print_numbers(clause.number for clause in clauses) for point, clauses in found.items()}


def categories_in_use(regulation: Regulation, remaining: set[int]) -> list[str]:
    """Return the titles of stored categories that topics use and that are not among `remaining` (primary keys)."""
    lost = TopicCategory.objects.filter(regulation=regulation.pk, topics__isnull=False).exclude(pk__in=remaining)
    return list(lost.distinct().values_list("title", flat=True))


@dataclass(frozen=True)
class CorrectableText:
    """A text of a regulation: the row and field that store it, and its label."""

    row: Regulation | RegulationClause | TopicCategory | StandardAgendaItem
    field: str
    label: str

    @property
    def text(self) -> str:
        """The stored text."""
        return str(getattr(self.row, self.field))


def correctable(regulation: Regulation) -> dict[str, CorrectableText]:
    """Return the texts by name: "title", "number", "text", "clause-<pk>", "category-<pk>". Runs two queries."""
    labels = {"title": _("Title"), "number": _("Document number"), "text": _("Text")}
    found = {name: CorrectableText(regulation, name, label) for name, label in labels.items()}
    for clause in regulation.clauses.all():
        found[f"clause-{clause.pk}"] = CorrectableText(clause, "words", f"{clause._meta.verbose_name} {clause.number}")
    for category in regulation.categories.all():
        found[f"category-{category.pk}"] = CorrectableText(category, "title", _("Category"))
    return found
