"""A conference's own templates of office documents, maintained by its administrators.

- `template_lines(conference)` lists each kind of document with the template in use, for the conference's page.
- `TemplateView` shows the fields that a template may use, and uploads one.
- `TemplateFileView` downloads the template in use, to be changed in Word.
- `ResetTemplateView` goes back to the portal's template.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings.admin.administration.base import AdministrationOperationView
from meetings.admin.core.downloads import DocumentView
from meetings.admin.core.operation import OperationForm
from meetings.documents.base import DOCX_TYPE, GeneratedFile, file_name
from meetings.documents.templates import own_template, template_of
from meetings.enums import DocumentKind
from meetings.models import DocumentTemplate, JointConference
from meetings.operations.document import remove_template, save_template
from meetings.rules.template import MAX_SIZE
from meetings.rules.template_fields import FIELDS
from meetings.word.fields import Fields, Flag, Rows, Text
from meetings.word.packages import MEGABYTE


@dataclass(frozen=True)
class TemplateLine:
    """A kind of document with the conference's own template, if there is one."""

    kind: DocumentKind
    own: DocumentTemplate | None
    url: str


def template_lines(conference: JointConference) -> list[TemplateLine]:
    """Return each kind of document with its template. One query."""
    own = {row.kind: row for row in conference.document_templates.select_related("uploaded_by")}
    return [
        TemplateLine(kind, own.get(kind), reverse("jointconference:template", args=[conference.pk, kind]))
        for kind in DocumentKind
    ]


# --- tags of a template ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class TemplateTag:
    """A field as it is written in a template, with an example; `children` are the fields of a list's rows."""

    tag: str
    example: str
    children: "tuple[TemplateTag, ...]" = ()


def template_tags(fields: Fields, row: str = "") -> tuple[TemplateTag, ...]:
    """Return the tags of the fields; `row` is the loop variable of the enclosing list."""
    return tuple(_template_tag(field, f"{row}.{field.name}" if row else field.name) for field in fields)


def _template_tag(field: Text | Flag | Rows, name: str) -> TemplateTag:
    if isinstance(field, Rows):
        return TemplateTag(
            f"{{% for {field.item} in {name} %}} … {{% endfor %}}", "", template_tags(field.fields, field.item)
        )
    if isinstance(field, Flag):
        return TemplateTag(f"{{% if {name} %}} … {{% endif %}}", gettext("only where it applies"))
    return TemplateTag(f"{{{{ {name} }}}}", field.example)


# --- views -----------------------------------------------------------------------------------------------------------
class DocumentKindMixin:
    """A mixin for views of one kind of document, which `kind` in the URL names."""

    kind: DocumentKind
    object: Any

    def setup(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        """Set `kind`; 404 for an unknown one."""
        super().setup(request, *args, **kwargs)  # type: ignore[misc]  # mixed in
        if kwargs["kind"] not in DocumentKind.values:
            raise Http404
        self.kind = DocumentKind(kwargs["kind"])

    def own(self) -> DocumentTemplate | None:
        """Return the conference's own template of this kind, if there is one."""
        return own_template(self.object, self.kind)


class TemplateOperationView(DocumentKindMixin, AdministrationOperationView[JointConference]):
    """The base of operations on the template of one kind of document."""

    anchor = "templates"

    def get_form_kwargs(self) -> dict[str, object]:
        """Add the version of the conference's own template, which the operations check; 0 without one."""
        own = self.own()
        return {**super().get_form_kwargs(), "own": own.version if own else 0}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        names = {name: [self.object.pk, self.kind] for name in ("template_file", "template_reset")}
        urls = {f"{name}_url": reverse(f"jointconference:{name}", args=args) for name, args in names.items()}
        return super().get_context_data(**kwargs) | urls | {"own": self.own(), "kind": self.kind.label}


class VersionForm(OperationForm):
    """A form with nothing but the version of the template that the page showed."""

    def __init__(self, *args: object, own: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = own


class TemplateForm(VersionForm):
    """The upload of a Word file."""

    file = forms.FileField(label=_("Template file"), widget=forms.FileInput(attrs={"accept": ".docx"}))

    def build(self) -> None:
        help_text = _("A Word file (.docx) of at most %(most)s MB, without macros, comments and tracked changes.")
        self.fields["file"].help_text = help_text % {"most": MAX_SIZE // MEGABYTE}


class TemplateView(TemplateOperationView):
    """The page of one kind of document: the fields that its template may use, and the upload of a template."""

    form_class = TemplateForm
    template_name = "meetings/administration/template.html"
    route = "template/<int:pk>/<slug:kind>/"
    url_name = "template"
    done = _("The template has been checked and is in use from now on.")

    def get_page_title(self) -> str:
        return gettext("Upload a template: %(kind)s") % {"kind": self.kind.label}

    def perform(self, form: OperationForm) -> None:
        values = form.cleaned_data
        save_template(self.object, kind=self.kind, file=values["file"], by=self.person, version=values["version"])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        examples = {"paragraph_tag": "{%p … %}", "row_tag": "{%tr … %}"}
        return super().get_context_data(**kwargs) | examples | {"fields": template_tags(FIELDS[self.kind])}


class ResetTemplateView(TemplateOperationView):
    """Remove the conference's own template, so that the portal's is used."""

    form_class = VersionForm
    route = "template-reset/<int:pk>/<slug:kind>/"
    url_name = "template_reset"
    button = _("Go back to the portal's template")
    done = _("The portal's template is in use from now on.")
    note = _("The conference's own template is taken away. Download it first if you want to keep it.")

    def perform(self, form: OperationForm) -> None:
        remove_template(self.object, kind=self.kind, by=self.person, version=form.cleaned_data["version"])


class TemplateFileView(DocumentKindMixin, DocumentView):
    """Download the template in use, to be changed in Word."""

    permission_required = "change"
    route = "template-file/<int:pk>/<slug:kind>/"
    url_name = "template_file"

    def make(self) -> GeneratedFile:
        own = self.own()
        name = own.name.removesuffix(".docx") if own else gettext("Template: %(kind)s") % {"kind": self.kind.label}
        return GeneratedFile(file_name(name, ".docx"), template_of(self.object, self.kind), DOCX_TYPE)


TEMPLATE_OPERATIONS = (TemplateView, ResetTemplateView, TemplateFileView)
