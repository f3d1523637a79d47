"""Adoptions in the admin: the periods in which conferences follow regulations, with the rules as data."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList

from meetings import clock
from meetings.admin.administration.base import (
    AdministrationPageView,
    AdministrationViewSet,
    administered_rows,
    offer_conferences,
)
from meetings.admin.administration.rules_form import RulesFormMixin, rule_panels, rules_table
from meetings.admin.administration.second_person import SubmittingForm, with_outcome
from meetings.admin.administration.tenures import check_date_order
from meetings.admin.core.forms import RecordForm
from meetings.admin.core.listing import DayField, Field, RadioFilter, RecordFilterSet, RecordIndexView, StageField
from meetings.admin.core.record_page import Fact
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import DONE, EMPTY, SKIPPED, StatusBadge
from meetings.admin.core.views import RecordCreateView, RecordEditView
from meetings.clauses import Citation
from meetings.models import JointConference, Person, Regulation, RegulationAdoption
from meetings.models.regulation import RULE_FIELDS
from meetings.operations.submitting import submit_adoption
from meetings.queries.conference import adoption_in_force
from meetings.queries.regulation import citations_of
from meetings.regulation_presets import PRESETS


class AdoptionForm(RulesFormMixin, RecordForm):
    """The form of an adoption: conference, regulation, first and last day, and each rule."""

    def limit_choices(self, person: Person) -> None:
        """Offer the conferences that the person administers."""
        offer_conferences(self, administered_rows(person, JointConference))
        self.fields["from_date"].help_text = gettext("Empty where the first day is not known.")
        adoption: RegulationAdoption = self.instance
        numbers = citations_of(adoption.regulation) if adoption.regulation_id else {}
        self.show_clauses(lambda point: Citation(numbers.get(point, ""), adoption.regulation_id))

    def clean(self) -> dict[str, object]:
        """Refuse a last day before the first."""
        data: dict[str, object] = super().clean() or {}
        check_date_order(self)
        return data


PANELS = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel("conference"),
                FieldPanel("regulation"),
                FieldRowPanel([FieldPanel("from_date"), FieldPanel("to_date")]),
                FieldPanel("judged"),
            ],
            heading=_("What is followed, from when to when"),
        ),
        *rule_panels(RegulationAdoption),
    ],
    base_form_class=AdoptionForm,
)


def adoption_badge(adoption: RegulationAdoption) -> StatusBadge:
    """Return whether the adoption is in force today, still to come, or past."""
    today = clock.today()
    if adoption.to_date and adoption.to_date < today:
        return StatusBadge(SKIPPED, gettext("No longer in force"))
    if adoption.from_date and adoption.from_date > today:
        return StatusBadge(EMPTY, gettext("Not yet in force"))
    return StatusBadge(DONE, gettext("In force"))


@dataclass(frozen=True)
class AdoptionLine:
    """An adoption as a line of the page of its conference or regulation."""

    row: RegulationAdoption
    badge: StatusBadge
    url: str


def adoption_lines(adoptions: Iterable[RegulationAdoption]) -> list[AdoptionLine]:
    """Return adoptions as lines, each with a link to its rules."""
    return [AdoptionLine(row, adoption_badge(row), url_of(row)) for row in adoptions]


class AdoptionFilterSet(RecordFilterSet):
    """Filters by conference, and by whether the adoption is in force today."""

    state = RadioFilter(
        label=_("State"), choices=[("now", _("In force")), ("other", _("Past or to come"))], method="in_force"
    )

    class Meta:
        model = RegulationAdoption
        fields: list[str] = []

    def in_force(self, rows: QuerySet[RegulationAdoption], name: str, value: str) -> QuerySet[RegulationAdoption]:
        """Keep the adoptions in force today, or all others."""
        now = adoption_in_force(clock.today())
        return rows.filter(now if value == "now" else ~now)


class AdoptionIndexView(RecordIndexView[RegulationAdoption]):
    """The list of adoptions."""

    add_item_label = _("Put a regulation in force")
    empty_message = _("Say from which day a conference follows which regulation.")
    fields = (
        Field("conference", _("Conference"), lambda a: a.conference.short_name, sort="conference"),
        Field("regulation", _("Regulation"), lambda a: str(a.regulation), sort="regulation", width="44%"),
        StageField("state", _("State"), adoption_badge),
        DayField("from_date", _("From"), lambda a: a.from_date, sort="from_date", width="12%"),
        DayField("to_date", _("Until"), lambda a: a.to_date, sort="to_date", width="12%", classname="day wide-only"),
    )

    def prepare(self, rows: QuerySet[RegulationAdoption]) -> QuerySet[RegulationAdoption]:
        return rows.select_related("conference", "regulation")


def store_adoption(form: RecordForm, *, by: Person, version: int | None) -> RegulationAdoption:
    """Save the adoption, or submit it if it changes who acts on records."""
    adoption: RegulationAdoption = form.instance
    with_outcome(form, lambda: submit_adoption(adoption, by=by, version=version), saved=False)
    return adoption


class AdoptionCreateView(SubmittingForm, RecordCreateView):
    """The form of a new adoption. `?regulation=<pk>` fills in that regulation with its rules."""

    page_title = _("Put a regulation in force")
    template_name = "meetings/administration/adoption_form.html"

    @cached_property
    def regulations(self) -> list[Regulation]:
        """The regulations that can be followed, the latest first."""
        return list(Regulation.objects.order_by(F("issued_on").desc(nulls_last=True), "-pk"))

    @cached_property
    def regulation(self) -> Regulation | None:
        """The regulation whose rules the form contains at first: the one in the URL, else the latest."""
        chosen = self.request.GET.get("regulation", "")
        found = next((row for row in self.regulations if str(row.pk) == chosen), None)
        return found or (self.regulations[0] if self.regulations else None)

    def get_initial_form_instance(self) -> RegulationAdoption:
        """Return an adoption with the rules of the regulation, and with its first day if it is a dated copy."""
        regulation = self.regulation
        if regulation is None:
            return RegulationAdoption(**PRESETS["Y"])
        rules = {name: getattr(regulation, name) for name in RULE_FIELDS}
        return RegulationAdoption(regulation=regulation, from_date=regulation.applies_from, **rules)

    def get_add_url(self) -> str:
        """Keep the chosen regulation in the URL of the form, so that a form shown again has the same clauses."""
        chosen = f"?regulation={self.regulation.pk}" if self.regulation else ""
        return f"{super().get_add_url()}{chosen}"

    store = staticmethod(store_adoption)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        address = reverse(self.add_url_name)
        starts = [(str(row), f"{address}?regulation={row.pk}", row == self.regulation) for row in self.regulations]
        return {**super().get_context_data(**kwargs), "starts": starts}


class AdoptionEditView(SubmittingForm, RecordEditView):
    """The form of an existing adoption."""

    store = staticmethod(store_adoption)


class AdoptionPageView(AdministrationPageView[RegulationAdoption]):
    """The page of an adoption: its rules as text, each with its clause."""

    template_name = "meetings/administration/adoption.html"

    def badge(self) -> StatusBadge:
        return adoption_badge(self.object)

    def facts(self) -> list[Fact]:
        adoption: RegulationAdoption = self.object
        return [
            Fact(_("Conference"), adoption.conference.name, url_of(adoption.conference)),
            Fact(_("Regulation"), adoption.regulation, url_of(adoption.regulation)),
            Fact(_("From"), adoption.from_date),
            Fact(_("Until"), adoption.to_date),
        ]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"rules": rules_table(self.object, self.object.cite)}


class AdoptionViewSet(AdministrationViewSet):
    """The viewset of adoptions."""

    model = RegulationAdoption
    icon = "list-ul"
    hint = _("Which regulation a conference follows from when on, and its rules.")
    edit_handler = PANELS
    index_view_class = AdoptionIndexView
    add_view_class = AdoptionCreateView
    edit_view_class = AdoptionEditView
    inspect_view_class = AdoptionPageView
    filterset_class = AdoptionFilterSet
    search_fields = ["regulation__title", "regulation__number", "conference__name"]
