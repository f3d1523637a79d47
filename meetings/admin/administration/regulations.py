"""Regulations in the admin: the document with its text, bases and topic categories, started from Y or C."""

from typing import Any

from django import forms
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList

from meetings.admin.administration.adoptions import adoption_lines
from meetings.admin.administration.base import AdministrationPageView, AdministrationViewSet
from meetings.admin.core.forms import RecordForm
from meetings.admin.core.listing import DayField, Field, RecordIndexView
from meetings.admin.core.record_page import Fact
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.views import RecordCreateView, RecordEditView
from meetings.models import Person, Regulation, RegulationAdoption
from meetings.operations.conference import save_regulation, start_regulation

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
        "text", help_text=_("One paragraph a line, each item begins with its number: so clauses can be quoted.")
    ),
]


class RegulationForm(RecordForm):
    """The form of a regulation."""

    def limit_choices(self, person: Person) -> None:
        """It does not repeal itself."""
        self.limit_queryset("repeals", Regulation.objects.exclude(pk=self.instance.pk))


class StartForm(RegulationForm):
    """The form of a new regulation: with whose topic categories it starts."""

    start = forms.ChoiceField(
        label=_("Start with the topic categories of"),
        choices=[
            ("Y", _("the county notice (Y 1(3) to (5), (7))")),
            ("C", _("the town measures (C 4(2))")),
        ],
        widget=forms.RadioSelect,
        help_text=_("They can be changed once the regulation is saved."),
    )


CREATE_PANELS = ObjectList([FieldPanel("start"), *DOCUMENT], base_form_class=StartForm)
PANELS = ObjectList(
    [
        *DOCUMENT,
        InlinePanel(
            "categories",
            panels=[
                FieldRowPanel([FieldPanel("clause"), FieldPanel("title")]),
                FieldRowPanel([FieldPanel("facet"), FieldPanel("disclosure"), FieldPanel("order")]),
            ],
            heading=_("Topic categories"),
            label=_("category"),
            help_text=_("Each belongs to a common subject, so that conferences can be compared."),
        ),
    ],
    base_form_class=RegulationForm,
)


def followers(regulation: Regulation) -> str:
    """Which conferences follow it, or followed it."""
    adoptions = getattr(regulation, "followed", [])
    return "、".join(dict.fromkeys(adoption.conference.short_name for adoption in adoptions))


class RegulationIndexView(RecordIndexView):
    """The list of regulations."""

    add_item_label = _("New regulation")
    empty_message = _("Enter the regulation, then say from when the conference follows it and with which rules.")
    fields = (
        Field("title", _("Regulation"), lambda r: r.title, sort="title"),
        Field("number", _("Document number"), lambda r: r.number, sort="number", width="20%"),
        Field("issuer", _("Issued by"), lambda r: r.issuer, width="18%", classname="wide-only"),
        DayField(
            "issued_on", _("Issued on"), lambda r: r.issued_on, sort="issued_on", width="12%", classname="day wide-only"
        ),
        Field("followers", _("Followed by"), followers, width="12%"),
    )

    def prepare(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        adoptions = RegulationAdoption.objects.select_related("conference")
        return rows.prefetch_related(Prefetch("adoptions", queryset=adoptions, to_attr="followed"))


class RegulationCreateView(RecordCreateView):
    """A new regulation, with the topic categories of Y or C to begin with."""

    page_title: Any = _("New regulation")

    @staticmethod
    def store(form: Any, *, by: Person, version: int | None) -> Regulation:
        """Create it with its categories."""
        values = {name: value for name, value in form.cleaned_data.items() if name not in {"version", "start"}}
        return start_regulation(form.cleaned_data["start"], by=by, **values)


class RegulationEditView(RecordEditView):
    """Change a regulation and its categories."""

    @staticmethod
    def store(form: Any, *, by: Person, version: int | None) -> Regulation:
        """Save it with its categories."""
        return save_regulation(form.save(commit=False), by=by, version=version)


class RegulationPageView(AdministrationPageView):
    """The page of a regulation: the document, its categories, who follows it."""

    template_name = "meetings/administration/regulation.html"

    def facts(self) -> list[Fact]:
        regulation: Regulation = self.object
        repealed_by = regulation.repealed_by.first()
        return [
            Fact(_("Document number"), regulation.number),
            Fact(_("Issued by"), regulation.issuer),
            Fact(_("Issued on"), regulation.issued_on),
            Fact(_("Disclosure"), regulation.get_disclosure_display()),
            Fact(_("Repeals"), regulation.repeals, url_of(regulation.repeals) if regulation.repeals else ""),
            Fact(_("Repealed by"), repealed_by, url_of(repealed_by) if repealed_by else ""),
            Fact(_("Copies to"), regulation.copies),
        ]

    def get_page_title(self) -> str:
        return str(self.object.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        regulation: Regulation = self.object
        adoptions = regulation.adoptions.select_related("conference").order_by("conference", "-from_date")
        return super().get_context_data(**kwargs) | {
            "bases": [line for line in regulation.bases.splitlines() if line.strip()],
            "categories": regulation.categories.all(),
            "adoptions": adoption_lines(adoptions),
            "without_text": gettext("The text is not at hand: nothing is judged by it."),
        }


class RegulationViewSet(AdministrationViewSet):
    """Regulations."""

    model = Regulation
    icon = "doc-full"
    menu_label: Any = _("Regulations")
    hint = _("Documents with number, date and text.")
    edit_handler = PANELS
    index_view_class = RegulationIndexView
    add_view_class = RegulationCreateView
    edit_view_class = RegulationEditView
    inspect_view_class = RegulationPageView
    search_fields = ["title", "number", "issuer"]

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """The form of a new regulation is another."""
        panels = CREATE_PANELS.bind_to_model(Regulation)
        own = {"panel": panels, "form_class": panels.get_form_class(), **kwargs}
        return dict(super().get_add_view_kwargs(**own))
