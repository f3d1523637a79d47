"""The template of each kind of document: the conference's own where it keeps one, else the portal's.

Key concepts
- `filled(kind, values, …)`: the document made from it; `Refused` when the conference's own template fails.
- `template_of(conference, kind)`: the template in use as bytes, to be filled or taken away and changed.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from meetings.documents.portal_templates import portal_template
from meetings.enums import DocumentKind
from meetings.models import DocumentTemplate, JointConference
from meetings.refusal import Refused
from meetings.rules.template_fields import FIELDS
from meetings.word.fields import demand_fit
from meetings.word.rendering import Broken, fill


def own_template(conference: JointConference | None, kind: str) -> DocumentTemplate | None:
    """The row of the conference's own template, if it keeps one."""
    return DocumentTemplate.objects.filter(conference=conference, kind=kind).first() if conference else None


def template_of(conference: JointConference | None, kind: str) -> bytes:
    """The template in use; `Refused` when the file of the conference's own is gone."""
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


def filled(kind: str, values: Mapping[str, Any], *, conference: JointConference | None, title: str) -> bytes:
    """The template in use with these values."""
    demand_fit(FIELDS[kind], values)
    template = template_of(conference, kind)
    try:
        return fill(template, values, title=title)
    except Broken:
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
