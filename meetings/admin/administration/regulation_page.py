"""The pages of a regulation: `RegulationPageView` for administrators, `RegulationTextView` for everybody on the staff.

Each citation of a clause in the portal links to the latter.
"""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import HeaderButton

from meetings.admin.administration.adoptions import adoption_lines
from meetings.admin.administration.base import AdministrationPageView
from meetings.admin.administration.rules_form import rules_table
from meetings.admin.core.operation import RoutedView
from meetings.admin.core.record_page import Fact, InspectPageView
from meetings.admin.core.record_urls import url_of
from meetings.clauses import Citation, Point
from meetings.models import Regulation
from meetings.queries.regulation import citations_of, is_followed
from meetings.registry import Button
from meetings.rules.people import manages
from meetings.rules.regulation import date_contradictions, points_without_clause


def document_facts(regulation: Regulation) -> list[Fact]:
    """Return the facts about the document that both pages show."""
    return [
        Fact.of(regulation, "number"),
        Fact.of(regulation, "issuer"),
        Fact.of(regulation, "issued_on"),
        Fact.of(regulation, "applies_from"),
    ]


def clause_lines(regulation: Regulation) -> list[dict[str, object]]:
    """Return the clauses with the labels of the points that each one governs. One query."""
    return [{"row": row, "points": [Point(point).label for point in row.points]} for row in regulation.clauses.all()]


class RegulationPageView(AdministrationPageView[Regulation]):
    """The page of a regulation: document, clauses, agenda order, topic categories, rules, and its adoptions."""

    template_name = "meetings/administration/regulation.html"

    def facts(self) -> list[Fact]:
        regulation: Regulation = self.object
        repealed_by = regulation.repealed_by.first()
        source = regulation.copy_of
        return [
            *document_facts(regulation),
            Fact(_("Copy of"), source, url_of(source) if source else ""),
            Fact.of(regulation, "disclosure"),
            Fact(_("Repeals"), regulation.repeals, url_of(regulation.repeals) if regulation.repeals else ""),
            Fact(_("Repealed by"), repealed_by, url_of(repealed_by) if repealed_by else ""),
            Fact.of(regulation, "copies"),
        ]

    def get_page_title(self) -> str:
        return str(self.object.title)

    def get_edit_url(self) -> str | None:
        """Return no URL for a regulation that is followed: it is changed by a dated copy."""
        url: str | None = super().get_edit_url()
        return None if is_followed(self.object) else url

    def operations(self) -> list[Button]:
        followed, has_text = is_followed(self.object), bool(self.object.text.strip())
        read = [Button(gettext("Read the clauses from the text"), self.operation_url("read_clauses"))]
        return [
            Button(gettext("Make a dated copy"), self.operation_url("dated_copy")),
            *([Button(gettext("Correct a misprint"), self.operation_url("correct_words"))] if followed else []),
            *(read if has_text and not followed else []),
        ]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        regulation: Regulation = self.object
        numbers = citations_of(regulation)
        adoptions = regulation.adoptions.select_related("conference").order_by("conference", "-from_date")
        return super().get_context_data(**kwargs) | {
            "bases": [line for line in regulation.bases.splitlines() if line.strip()],
            "categories": regulation.categories.all(),
            "agenda": regulation.agenda.all(),
            "clauses": clause_lines(regulation),
            "not_required": [point.label for point in points_without_clause(regulation)],
            "notices": date_contradictions(regulation),
            "rules": rules_table(regulation, lambda point: Citation(numbers.get(point, ""), regulation.pk)),
            "adoptions": adoption_lines(adoptions),
            "without_text": gettext("The text is not at hand: nothing is judged by it."),
        }


class RegulationTextView(RoutedView, InspectPageView[Regulation]):
    """The regulation for clerks and leaders: its clauses and its text. Every citation of a clause links here."""

    administrators_only = False
    template_name = "meetings/regulation.html"
    route = "text/<int:pk>/"
    url_name = "text"

    def facts(self) -> list[Fact]:
        return document_facts(self.object)

    def get_page_title(self) -> str:
        return str(self.object.title)

    def get_breadcrumbs_items(self) -> list[dict[str, object]]:
        """Leave out the list of regulations, which only administrators may open."""
        return [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, {"url": "", "label": self.get_page_title()}]

    def get_header_buttons(self) -> list[HeaderButton]:
        return []

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        own = url_of(self.object) if manages(self.person, self.object) else ""
        shown = {"clauses": clause_lines(self.object), "administration_url": own, "history_url": ""}
        return super().get_context_data(**kwargs) | shown
