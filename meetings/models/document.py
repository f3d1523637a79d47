"""Template files of a conference for its office documents."""

import secrets
from pathlib import PurePath

from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.enums import DocumentKind
from meetings.models.attachment import private_storage
from meetings.models.base import Versioned
from meetings.models.conference import JointConference
from meetings.models.people import Person


def template_name(template: "DocumentTemplate", filename: str) -> str:
    """Return a random path with the validated extension."""
    return f"templates/{secrets.token_hex(16)}{PurePath(filename).suffix.lower()}"


class DocumentTemplate(Versioned):
    """A conference's template for one kind of document. Without a row the template of the portal is used."""

    conference = models.ForeignKey(
        JointConference, models.PROTECT, related_name="document_templates", verbose_name=_("joint conference")
    )
    kind = models.CharField(_("office document"), max_length=20, choices=DocumentKind.choices)
    file = models.FileField(_("template file"), storage=private_storage, upload_to=template_name, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("document template")
        verbose_name_plural = _("document templates")
        ordering = ["conference", "kind"]
        constraints = [models.UniqueConstraint(fields=["conference", "kind"], name="own_template_once")]

    def __str__(self) -> str:
        return f"{self.conference.short_name} · {self.get_kind_display()}"
