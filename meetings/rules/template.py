"""Which file may be a conference's own template of a kind of document, and why not."""

from typing import IO

from django.utils.translation import gettext as _

from meetings.refusal import Missing
from meetings.rules.template_fields import FIELDS
from meetings.word.checks import faults
from meetings.word.packages import MEGABYTE

ENDING = ".docx"
LIMIT = 2 * MEGABYTE
LONGEST_NAME = 200


def template_faults(kind: str, name: str, file: IO[bytes]) -> list[Missing]:
    """Everything that is wrong with a file as a template of this kind, each with what to do; empty for a good one."""
    if not name.lower().endswith(ENDING) or len(name) > LONGEST_NAME:
        return [
            Missing(
                _("A template is a Word file (.docx). Save it in Word as “Word document (*.docx)”."),
                code="template_name",
            )
        ]
    content = file.read(LIMIT + 1)
    if not content:
        return [Missing(_("The file is empty. Look whether it was saved."), code="file_empty")]
    if len(content) > LIMIT:
        told = _("A template is at most %(most)s MB. Make the pictures in it smaller.")
        return [Missing(told % {"most": LIMIT // MEGABYTE}, code="template_too_large")]
    return faults(content, FIELDS[kind])
