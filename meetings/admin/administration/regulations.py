"""Regulations in the admin: the list, and the form with document, clauses, agenda order, categories and rules.

A new regulation starts as a copy. The page is in `regulation_page`, the operations are in `regulation_operations`.
"""

from django import forms
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.widgets import AdminAutoHeightTextInput

from meetings.admin.administration.base import AdministrationViewSet, FormInlinePanel
from meetings.admin.administration.regulation_operations import REGULATION_OPERATIONS
from meetings.admin.administration.regulation_page import RegulationPageView, RegulationTextView
from meetings.admin.administration.rules_form import RulesFormMixin, rule_panels
from meetings.admin.core.downloads import redirect_with_reasons
from meetings.admin.core.forms import RecordForm, offer_rows, offer_values
from meetings.admin.core.listing import Field, RecordIndexView
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.views import RecordCreateView, RecordEditView
from meetings.clauses import Citation, Point
from meetings.models import Person, Regulation, RegulationAdoption, RegulationClause
from meetings.operations.regulation import save_regulation, start_regulation
from meetings.queries.regulation import citations_of
from meetings.refusal import Refused
from meetings.rules.regulation import why_not_changed

DOCUMENT = [
    MultiFieldPanel(
        [
            FieldPanel("title"),
            FieldRowPanel([FieldPanel("number"), FieldPanel("issuer")]),
            FieldRowPanel([FieldPanel("issued_on"), FieldPanel("disclosure")]),
            FieldPanel("copies"),
        ],
        heading=_("Title, number and issuer"),
    ),
    MultiFieldPanel([FieldPanel("bases"), FieldPanel("repeals")], heading=_("Bases and repeals")),
    FieldPanel(
        "text",
        help_text=_("One paragraph a line, each item begins with its number: so the clauses can be read from it."),
    ),
]
PRESET_CHOICES = [("Y", _("The county notice of 2024, number 19")), ("C", _("The town measures"))]


class RegulationForm(RecordForm):
    """The base of both forms: the fields of the document."""

    def limit_choices(self, person: Person) -> None:
        """Exclude the regulation itself from those that it may repeal."""
        offer_rows(self, "repeals", Regulation.objects.exclude(pk=self.instance.pk))


class StartForm(RegulationForm):
    """The form of a new regulation: the document, and the regulation from which it is copied."""

    source = forms.ChoiceField(
        label=_("Start as a copy of"),
        widget=forms.RadioSelect,
        help_text=_(
            "Clauses, order of the agenda, topic categories and rules are copied; change them once the regulation is"
            " saved. If you enter the text below, its own clauses take the place of the copied ones."
        ),
    )

    def limit_choices(self, person: Person) -> None:
        """Offer the two presets and every regulation."""
        super().limit_choices(person)
        others = ((str(row.pk), str(row)) for row in Regulation.objects.all())
        offer_values(self, "source", [*PRESET_CHOICES, *others])
        self.initial.setdefault("source", "Y")


class PointsWidget(forms.CheckboxSelectMultiple):
    """The points of a clause as collapsed check boxes; the summary lists the chosen ones."""

    template_name = "meetings/administration/points.html"

    def get_context(self, name: str, value: list[str] | None, attrs: dict[str, object] | None) -> dict[str, object]:
        chosen = [str(point.label) for point in Point if point.value in (value or [])]
        return {**super().get_context(name, value, attrs), "chosen": chosen}


class ClauseForm(WagtailAdminModelForm):
    """The row of a clause in the form of its regulation."""

    points = forms.MultipleChoiceField(label=_("Governs"), choices=Point.choices, widget=PointsWidget, required=False)

    class Meta:
        model = RegulationClause
        fields = ["number", "words", "points"]


class RegulationEditForm(RulesFormMixin, RegulationForm):
    """The form of a regulation with its rules."""

    def limit_choices(self, person: Person) -> None:
        """Show the governing clause beside each rule."""
        super().limit_choices(person)
        numbers = citations_of(self.instance)
        self.show_clauses(lambda point: Citation(numbers.get(point, ""), self.instance.pk))


CREATE_PANELS = ObjectList([FieldPanel("source"), *DOCUMENT], base_form_class=StartForm)
PANELS = ObjectList(
    [
        *DOCUMENT,
        FormInlinePanel(
            "clauses",
            row_form=ClauseForm,
            panels=[
                FieldPanel("number"),
                FieldPanel("words", widget=AdminAutoHeightTextInput(attrs={"rows": 2})),
                FieldPanel("points"),
            ],
            heading=_("Clauses"),
            label=_("clause"),
            help_text=_("What a clause governs is cited with its number. One that governs nothing is shown as text."),
        ),
        InlinePanel(
            "agenda",
            panels=[FieldRowPanel([FieldPanel("kind"), FieldPanel("side")]), FieldPanel("title")],
            heading=_("Order of the agenda"),
            label=_("item of the agenda"),
            help_text=_("A new meeting starts with these items. An item of both sides has no side."),
        ),
        FormInlinePanel(
            "categories",
            row_form=WagtailAdminModelForm,
            panels=[
                FieldRowPanel([FieldPanel("clause"), FieldPanel("title")]),
                FieldRowPanel([FieldPanel("facet"), FieldPanel("disclosure")]),
            ],
            heading=_("Topic categories"),
            label=_("category"),
            help_text=_("Each belongs to a common subject, so that conferences can be compared."),
        ),
        FieldPanel("judged"),
        *rule_panels(Regulation),
    ],
    base_form_class=RegulationEditForm,
)


def followers(regulation: Regulation) -> str:
    """Return the names of the conferences that follow the regulation, or followed it."""
    adoptions = getattr(regulation, "followed", [])
    return "、".join(dict.fromkeys(adoption.conference.short_name for adoption in adoptions))


class RegulationIndexView(RecordIndexView[Regulation]):
    """The list of regulations."""

    add_item_label = _("New regulation")
    empty_message = _("Enter the regulation, then say from when the conference follows it and with which rules.")
    fields = (
        Field("title", _("Regulation"), lambda r: r.title, sort="title"),
        Field.of(Regulation, "number", sort="number", width="20%"),
        Field.of(Regulation, "issuer", width="18%", classname="wide-only"),
        Field.of(Regulation, "issued_on", sort="issued_on", width="12%", classname="day wide-only"),
        Field("followers", _("Followed by"), followers, width="12%"),
    )

    def prepare(self, rows: QuerySet[Regulation]) -> QuerySet[Regulation]:
        adoptions = RegulationAdoption.objects.select_related("conference")
        return rows.prefetch_related(Prefetch("adoptions", queryset=adoptions, to_attr="followed"))


class RegulationCreateView(RecordCreateView):
    """The form of a new regulation."""

    page_title = _("New regulation")

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> Regulation:
        """Create the regulation with the rows and rules of its source."""
        values = {name: value for name, value in form.cleaned_data.items() if name not in {"version", "source"}}
        source = form.cleaned_data["source"]
        return start_regulation(source if source in "YC" else Regulation.objects.get(pk=source), by=by, **values)


class RegulationEditView(RecordEditView):
    """The form of a regulation that no conference follows yet."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Lead back to the regulation, with what to do instead, before somebody fills the form in vain."""
        regulation: Regulation = self.get_object()
        if gaps := why_not_changed(regulation):
            return redirect_with_reasons(request, Refused.lacking(gaps), url_of(regulation), regulation)
        return super().get(request, *args, **kwargs)

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> Regulation:
        """Save the regulation with its rows."""
        return save_regulation(form.save(commit=False), by=by, version=version)


class RegulationViewSet(AdministrationViewSet):
    """The viewset of regulations."""

    model = Regulation
    icon = "doc-full"
    hint = _("Documents with number, date and text.")
    edit_handler = PANELS
    index_view_class = RegulationIndexView
    add_view_class = RegulationCreateView
    edit_view_class = RegulationEditView
    inspect_view_class = RegulationPageView
    operations = (RegulationTextView, *REGULATION_OPERATIONS)
    search_fields = ["title", "number", "issuer"]

    def get_add_view_kwargs(self, **kwargs: object) -> dict[str, object]:
        """Use another form for a new regulation."""
        panels = CREATE_PANELS.bind_to_model(Regulation)
        own = {"panel": panels, "form_class": panels.get_form_class(), **kwargs}
        return dict(super().get_add_view_kwargs(**own))
