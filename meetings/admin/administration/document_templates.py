"""A conference's own templates of office documents, in the admin (kept by its administrators).

Key concepts
- `template_lines(conference)`: each kind of document with the template in use, for the conference's page.
- `TemplateView`: what a template may name, and the form that uploads one. `TemplateFileView`: the one in use, to be
  changed in Word. `ResetTemplateView`: back to the portal's own.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings.admin.administration.base import ManagedOperationView
from meetings.admin.core.downloads import DocumentView
from meetings.admin.core.operation import OperationForm
from meetings.documents.base import DOCX_TYPE, GeneratedFile, file_name
from meetings.documents.templates import own_template, template_of
from meetings.enums import DocumentKind
from meetings.models import DocumentTemplate, JointConference
from meetings.operations.document import remove_template, save_template
from meetings.rules.template import MAX_SIZE
from meetings.rules.template_fields import FIELDS
from meetings.word.fields import Fields, Flag, Rows
from meetings.word.packages import MEGABYTE


@dataclass(frozen=True)
class TemplateLine:
    """A kind of document with the conference's own template of it, if it keeps one."""

    kind: DocumentKind
    own: DocumentTemplate | None
    url: str


def template_lines(conference: JointConference) -> list[TemplateLine]:
    """Each kind with its template. One query."""
    own = {row.kind: row for row in conference.document_templates.select_related("uploaded_by")}
    return [
        TemplateLine(kind, own.get(kind), reverse("jointconference:template", args=[conference.pk, kind]))
        for kind in DocumentKind
    ]


# --- what a template may name ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Written:
    """A field as one writes it, and what then stands there; `inside` are the fields of a list's rows."""

    tag: str
    example: str
    inside: "tuple[Written, ...]" = ()


def written(fields: Fields, row: str = "") -> tuple[Written, ...]:
    """The fields as a template names them."""
    return tuple(_written(field, f"{row}.{field.name}" if row else field.name) for field in fields)


def _written(field: Any, name: str) -> Written:
    if isinstance(field, Rows):
        return Written(f"{{% for {field.item} in {name} %}} … {{% endfor %}}", "", written(field.fields, field.item))
    if isinstance(field, Flag):
        return Written(f"{{% if {name} %}} … {{% endif %}}", gettext("only where it applies"))
    return Written(f"{{{{ {name} }}}}", field.example)


# --- the pages -------------------------------------------------------------------------------------------------------
class OfKind:
    """Of one kind of document, which the address names."""

    kind: DocumentKind
    object: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the kind."""
        super().setup(request, *args, **kwargs)  # type: ignore[misc]  # mixed in
        if kwargs["kind"] not in DocumentKind.values:
            raise Http404
        self.kind = DocumentKind(kwargs["kind"])

    def own(self) -> DocumentTemplate | None:
        """The conference's own template."""
        return own_template(self.object, self.kind)


class TemplateOperationView(OfKind, ManagedOperationView):
    """An operation on the template of one kind."""

    anchor = "templates"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The version is that of the conference's own template."""
        own = self.own()
        return {**super().get_form_kwargs(), "own": own.version if own else 0}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the template in use and the ways to it."""
        names = {name: [self.object.pk, self.kind] for name in ("template_file", "template_reset")}
        urls = {f"{name}_url": reverse(f"jointconference:{name}", args=args) for name, args in names.items()}
        return super().get_context_data(**kwargs) | urls | {"own": self.own(), "kind": self.kind.label}


class VersionForm(OperationForm):
    """Nothing but the version of the template that the page shows."""

    def __init__(self, *args: Any, own: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = own


class TemplateForm(VersionForm):
    """A Word file."""

    file = forms.FileField(label=_("Template file"), widget=forms.FileInput(attrs={"accept": ".docx"}))

    def build(self) -> None:
        """Say what is accepted."""
        told = _("A Word file (.docx) of at most %(most)s MB, without macros, comments and tracked changes.")
        self.fields["file"].help_text = told % {"most": MAX_SIZE // MEGABYTE}


class TemplateView(TemplateOperationView):
    """The template of one kind: what it may name, and another one to upload."""

    form_class = TemplateForm
    template_name = "meetings/administration/template.html"
    route = "template/<int:pk>/<slug:kind>/"
    url_name = "template"
    done = _("The template has been checked and is in use from now on.")

    def get_page_title(self) -> str:
        """The verb, and of which document."""
        return gettext("Upload a template: %(kind)s") % {"kind": self.kind.label}

    def perform(self, form: Any) -> None:
        """Check it and keep it."""
        values = form.cleaned_data
        save_template(self.object, kind=self.kind, file=values["file"], by=self.person, version=values["version"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the fields."""
        whole = {"paragraph_tag": "{%p … %}", "row_tag": "{%tr … %}"}
        return super().get_context_data(**kwargs) | whole | {"fields": written(FIELDS[self.kind])}


class ResetTemplateView(TemplateOperationView):
    """Back to the portal's template."""

    form_class = VersionForm
    route = "template-reset/<int:pk>/<slug:kind>/"
    url_name = "template_reset"
    button = _("Go back to the portal's template")
    done = _("The portal's template is in use from now on.")
    note = _("The conference's own template is taken away. Download it first if you want to keep it.")

    def perform(self, form: Any) -> None:
        """Take the own one away."""
        remove_template(self.object, kind=self.kind, by=self.person, version=form.cleaned_data["version"])


class TemplateFileView(OfKind, DocumentView):
    """The template in use, to be changed in Word."""

    permission_required = "change"
    route = "template-file/<int:pk>/<slug:kind>/"
    url_name = "template_file"

    def make(self) -> GeneratedFile:
        """The file as it was uploaded, or the portal's own."""
        own = self.own()
        name = own.name.removesuffix(".docx") if own else gettext("Template: %(kind)s") % {"kind": self.kind.label}
        return GeneratedFile(file_name(name, ".docx"), template_of(self.object, self.kind), DOCX_TYPE)


TEMPLATE_OPERATIONS = (TemplateView, ResetTemplateView, TemplateFileView)
