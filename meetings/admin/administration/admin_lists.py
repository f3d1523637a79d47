"""What administrators keep, as it stands on their desk: each list with what is done there."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meetings.models import Person
from meetings.queries.visibility import administers

KEPT: tuple[tuple[str, Any, Any], ...] = (
    ("person", _("People"), _("Add people, set a password anew, deactivate who has left.")),
    ("post", _("Posts"), _("Which rights a post carries; appoint who holds it, from which day on.")),
    ("department", _("Departments"), _("Names, telephones; rename and merge.")),
    ("jointconference", _("Conferences and members"), _("Official names, both sides, member departments.")),
    ("leadinggroup", _("Groups"), _("Leading and coordination groups, and the posts that sit in them.")),
    ("regulation", _("Regulations"), _("Documents with number, date and text.")),
    (
        "regulationadoption",
        _("Regulations in force"),
        _("Which regulation a conference follows from when on, and its rules."),
    ),
)


@dataclass(frozen=True)
class Kept:
    """A list with its address."""

    label: str
    hint: str
    url: str


def kept_by(person: Person) -> list[Kept]:
    """The lists of an administrator; none for everybody else."""
    rows = KEPT if administers(person) else ()
    return [Kept(str(label), str(hint), reverse(f"{name}:index")) for name, label, hint in rows]
