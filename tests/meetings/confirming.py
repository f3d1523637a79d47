"""Acts that need a second person, submitted by one and confirmed by another.

- `submit(*acts, by=…)`: submits acts as one request and returns it.
- `confirm(change, by=…)`: confirms it, as somebody who read its page; returns the codes that are shown.
- `confirmed(*acts, by=…, second=…)`: both, in one call.
- `with_records(world)`: makes the installation one that holds records.
"""

from meetings.models import PendingChange, Person
from meetings.operations.change_content import content_digest
from meetings.operations.change_kinds import Act
from meetings.operations.login import IssuedCode
from meetings.operations.pending_change import confirm_change, put_in_force, request_or_apply
from tests.meetings.factories import World

OWN_PASSWORD = "own-Password-2025"


def with_records(world: World) -> World:
    """Create a topic, so that acts need a second person from now on; give the supervisors a password."""
    world.topic()
    for person in (world.administrator, world.auditor):
        give_password(person)
    return world


def give_password(person: Person) -> Person:
    """Let a person log in, as if the password had been chosen long ago."""
    person.set_password(OWN_PASSWORD)
    person.save()
    return person


def fresh(person: Person) -> Person:
    """Return the person as a new request loads it, without cached tenures."""
    return Person.objects.get(pk=person.pk)


def submit(*acts: Act, by: Person, subject: Person | None = None, note: str = "") -> PendingChange:
    """Submit acts as one request, and return it."""
    change = request_or_apply(acts, by=fresh(by), subject=subject, note=note).change
    assert change is not None, "nobody else is needed"
    return change


def confirm(change: PendingChange, *, by: Person) -> list[IssuedCode]:
    """Confirm a request as somebody who has just read its page."""
    row = PendingChange.objects.get(pk=change.pk)
    return confirm_change(row, by=fresh(by), version=row.version, seen=content_digest(row))


def enforce(change: PendingChange, *, by: Person) -> list[IssuedCode]:
    """Put a request in force after the waiting period, as somebody who has just read its page."""
    row = PendingChange.objects.get(pk=change.pk)
    return put_in_force(row, by=fresh(by), version=row.version, seen=content_digest(row))


def confirmed(*acts: Act, by: Person, second: Person) -> list[IssuedCode]:
    """Submit acts as one person and confirm them as another; return the codes that the second one sees."""
    return confirm(submit(*acts, by=by), by=second)
