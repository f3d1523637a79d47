"""Which conference follows which regulation from when to when, with its rules as data, started from Y or C."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.dates import MONTHS
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
from meetings.admin.administration.rules_form import ATTENDS, RULEBOOK, clause_of, table
from meetings.admin.administration.tenures import check_date_order
from meetings.admin.core.forms import RecordForm
from meetings.admin.core.listing import DayField, Field, RadioFilter, RecordFilterSet, RecordIndexView, StageField
from meetings.admin.core.record_page import Fact
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import DONE, EMPTY, SKIPPED, StatusBadge
from meetings.admin.core.views import RecordCreateView, RecordEditView
from meetings.models import JointConference, Person, RegulationAdoption
from meetings.operations.conference import save_adoption
from meetings.queries.conference import adoption_in_force
from meetings.rule_presets import PRESETS

STARTS = {"Y": _("from the county notice"), "C": _("from the town measures")}


class AdoptionForm(RecordForm):
    """Who follows what from when to when, and each rule as a choice."""

    attends = forms.MultipleChoiceField(
        label=_("Who attends"), choices=ATTENDS, widget=forms.CheckboxSelectMultiple, required=False
    )

    flagged_from_month = forms.TypedChoiceField(
        label=_("A year without a meeting is flagged from"), choices=list(MONTHS.items()), coerce=int
    )

    def limit_choices(self, person: Person) -> None:
        """Conferences within reach; each rule names its clause."""
        offer_conferences(self, administered_rows(person, JointConference))
        self.fields["from_date"].help_text = gettext("Empty where the first day is not known.")
        clause_set = self.initial.get("clause_set") or self.instance.clause_set
        for _heading, rules in RULEBOOK:
            for name in rules:
                field: Any = self.fields[name]
                clause = clause_of(name, clause_set)
                if isinstance(field, forms.TypedChoiceField):
                    offered: Any = field.choices
                    field.choices = [choice for choice in offered if choice[0]]  # a rule is always one of them
                told = gettext("Clause %(clause)s") % {"clause": clause} if clause else ""
                field.help_text = "　".join(filter(None, [told, str(field.help_text)]))

    def clean(self) -> dict[str, Any]:
        """The days stand in their order."""
        data: dict[str, Any] = super().clean() or {}
        check_date_order(self)
        return data


def _rule_panel(name: str) -> FieldPanel:
    field: Any = RegulationAdoption._meta.get_field(name)
    return FieldPanel(name, widget=forms.RadioSelect) if field.choices else FieldPanel(name)


PANELS = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel("conference"),
                FieldPanel("regulation"),
                FieldRowPanel([FieldPanel("from_date"), FieldPanel("to_date")]),
                FieldRowPanel([FieldPanel("clause_set"), FieldPanel("judged")]),
            ],
            heading=_("What is followed, from when to when"),
        ),
        *(MultiFieldPanel([_rule_panel(name) for name in rules], heading=heading) for heading, rules in RULEBOOK),
    ],
    base_form_class=AdoptionForm,
)


def adoption_badge(adoption: RegulationAdoption) -> StatusBadge:
    """In force today, still to come, or past."""
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
    mark: StatusBadge
    url: str


def adoption_lines(adoptions: Iterable[RegulationAdoption]) -> list[AdoptionLine]:
    """Adoptions as lines, each leading to its rules."""
    return [AdoptionLine(row, adoption_badge(row), url_of(row)) for row in adoptions]


class AdoptionFilterSet(RecordFilterSet):
    """By conference, and whether it is in force today."""

    state = RadioFilter(
        label=_("State"), choices=[("now", _("In force")), ("other", _("Past or to come"))], method="in_force"
    )

    class Meta:
        model = RegulationAdoption
        fields: list[str] = []

    def in_force(self, rows: QuerySet[RegulationAdoption], name: str, value: str) -> QuerySet[RegulationAdoption]:
        """Those in force today, or all others."""
        now = adoption_in_force(clock.today())
        return rows.filter(now if value == "now" else ~now)


class AdoptionIndexView(RecordIndexView):
    """The list of what is followed where."""

    add_item_label = _("Put a regulation in force")
    empty_message = _("Say from which day a conference follows which regulation.")
    fields = (
        Field("conference", _("Conference"), lambda a: a.conference.short_name, sort="conference"),
        Field("regulation", _("Regulation"), lambda a: str(a.regulation), sort="regulation", width="44%"),
        StageField("state", _("State"), adoption_badge),
        DayField("from_date", _("From"), lambda a: a.from_date, sort="from_date", width="12%"),
        DayField("to_date", _("Until"), lambda a: a.to_date, sort="to_date", width="12%", classname="day wide-only"),
    )

    def prepare(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("conference", "regulation")


class AdoptionCreateView(RecordCreateView):
    """Put a regulation in force; `?start=Y` or `?start=C` fills the rules in."""

    page_title: Any = _("Put a regulation in force")
    template_name = "meetings/administration/adoption_form.html"

    @property
    def start(self) -> str:
        """Whose rules stand in the form at first."""
        asked = self.request.GET.get("start", "")
        return asked if asked in STARTS else "Y"

    def get_initial_form_instance(self) -> RegulationAdoption:
        """The rules of the preset."""
        return RegulationAdoption(**PRESETS[self.start])

    def get_add_url(self) -> str:
        """The form is sent to where it was opened, so that its clauses stay those of the preset."""
        return f"{super().get_add_url()}?start={self.start}"

    @staticmethod
    def store(form: Any, *, by: Person, version: int | None) -> RegulationAdoption:
        """Create it."""
        return save_adoption(form.instance, by=by)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the ways to start."""
        address = reverse(self.add_url_name)
        starts = [(label, f"{address}?start={key}", key == self.start) for key, label in STARTS.items()]
        return {**super().get_context_data(**kwargs), "starts": starts}


class AdoptionEditView(RecordEditView):
    """Change the days or the rules."""

    @staticmethod
    def store(form: Any, *, by: Person, version: int | None) -> RegulationAdoption:
        """Save it."""
        return save_adoption(form.instance, by=by, version=version)


class AdoptionPageView(AdministrationPageView):
    """The rules of a regulation as a conference follows it, in words, each with its clause."""

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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"rules": table(self.object)}


class AdoptionViewSet(AdministrationViewSet):
    """Regulations in force."""

    model = RegulationAdoption
    icon = "list-ul"
    menu_label: Any = _("Regulations in force")
    hint = _("Which regulation a conference follows from when on, and its rules.")
    edit_handler = PANELS
    index_view_class = AdoptionIndexView
    add_view_class = AdoptionCreateView
    edit_view_class = AdoptionEditView
    inspect_view_class = AdoptionPageView
    filterset_class = AdoptionFilterSet
    search_fields = ["regulation__title", "regulation__number", "conference__name"]
