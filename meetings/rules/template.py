"""Checks of a file that is uploaded as a conference's own template of a kind of document."""

from typing import IO

from django.utils.translation import gettext as _

from meetings.refusal import Missing
from meetings.rules.template_fields import FIELDS
from meetings.word.checks import faults
from meetings.word.packages import MEGABYTE

EXTENSION = ".docx"
MAX_SIZE = 2 * MEGABYTE
MAX_NAME_LENGTH = 200


def template_faults(kind: str, name: str, file: IO[bytes]) -> list[Missing]:
    """Return everything that is wrong with a file as a template of this kind; empty if it is acceptable."""
    if not name.lower().endswith(EXTENSION) or len(name) > MAX_NAME_LENGTH:
        return [
            Missing(
                _("A template is a Word file (.docx). Save it in Word as “Word document (*.docx)”."),
                code="template_name",
            )
        ]
    content = file.read(MAX_SIZE + 1)
    if not content:
        return [Missing(_("The file is empty. Look whether it was saved."), code="file_empty")]
    if len(content) > MAX_SIZE:
        message = _("A template is at most %(most)s MB. Make the pictures in it smaller.")
        return [Missing(message % {"most": MAX_SIZE // MEGABYTE}, code="template_too_large")]
    return faults(content, FIELDS[kind])
