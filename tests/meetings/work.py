"""Work items for tests: what waits for a person now.

Tests that write rows directly bypass the operations; `refresh_work` computes the tasks of all records, as
`manage.py work_check --repair` does.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from meetings.models import Person
from meetings.operations.work import repair, sources
from meetings.queries.work import with_records
from meetings.rules.addressees import work_of


@dataclass(frozen=True)
class Waiting:
    """A work item that waits for a person: the action without the model, the record, the due day."""

    action: str
    record: Any
    due: date | None


def refresh_work() -> None:
    """Compute the tasks of all records."""
    for source in sources():
        repair(source)


def waiting(person: Person) -> list[Waiting]:
    """Return what waits for the person today, computed from the records, with the person read anew."""
    refresh_work()
    items = with_records(work_of(Person.objects.get(pk=person.pk)))
    return [Waiting(item.action.rpartition(".")[2], item.record, item.due_on) for item in items]
