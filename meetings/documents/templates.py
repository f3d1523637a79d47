"""Choice of the template of a document: the conference's own if it has one, else the portal's.

- `render_document(kind, values, …)` fills the template; it raises `Refused` if the conference's own template fails.
- `template_of(conference, kind)` returns the template in use as bytes, to be filled or downloaded.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from meetings.documents.portal_templates import portal_template
from meetings.enums import DocumentKind
from meetings.models import DocumentTemplate, JointConference
from meetings.refusal import Refused
from meetings.rules.template_fields import FIELDS
from meetings.word.fields import check_values
from meetings.word.rendering import BrokenTemplate, fill


def own_template(conference: JointConference | None, kind: str) -> DocumentTemplate | None:
    """Return the row of the conference's own template, or None."""
    return DocumentTemplate.objects.filter(conference=conference, kind=kind).first() if conference else None


def template_of(conference: JointConference | None, kind: str) -> bytes:
    """Return the template in use; raise `Refused` if the file of the conference's own template is missing."""
    own = own_template(conference, kind)
    if own is None:
        return portal_template(kind)
    try:
        with own.file.open("rb") as stored:
            content: bytes = stored.read()
    except OSError:
        raise Refused(
            _(
                "The conference's own template for “%(kind)s” is no longer there. "
                "An administrator can upload it anew, or go back to the portal's."
            )
            % {"kind": own.get_kind_display()},
            code="template_lost",
        ) from None
    return content


def render_document(
    kind: str, values: Mapping[str, object], *, conference: JointConference | None, title: str
) -> bytes:
    """Return the document as bytes; raise `Refused` if the conference's own template is broken."""
    check_values(FIELDS[kind], values)
    template = template_of(conference, kind)
    try:
        return fill(template, values, title=title)
    except BrokenTemplate:
        if own_template(conference, kind) is None:
            raise
        raise Refused(
            _(
                "No document can be made from the conference's own template for “%(kind)s”. "
                "An administrator can change it, or go back to the portal's."
            )
            % {"kind": DocumentKind(kind).label},
            code="template_broken",
        ) from None
