"""The lists of administrators on their home page, each with a note that says what it is for."""

from dataclasses import dataclass

from django.urls import reverse

from meetings.admin.administration.viewsets import ADMINISTRATION_VIEWSETS
from meetings.models import Person
from meetings.models.catalogue import CATALOGUE
from meetings.queries.visibility import administers


@dataclass(frozen=True)
class AdminList:
    """A list with its address."""

    label: str
    hint: str
    url: str


def admin_lists(person: Person) -> list[AdminList]:
    """Return the lists of an administrator, in the order of the menu; none for everybody else."""
    viewsets = ADMINISTRATION_VIEWSETS if administers(person) else ()
    return [
        AdminList(str(viewset().menu_label), str(viewset.hint), reverse(f"{CATALOGUE[viewset.model].page}:index"))
        for viewset in viewsets
    ]
