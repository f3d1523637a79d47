"""The access log: logins, refusals, exports and downloads, written as they happen (互联网政务应用安全管理规定 art. 20).

Entries are never changed or deleted, and nothing removes old ones: the log is kept for as long as the installation.
"""

from meetings import clock
from meetings.enums import AccessKind
from meetings.models import AccessEntry, JointConference, Person
from meetings.request_origin import origin

LONGEST = 300


def note_access(
    kind: AccessKind,
    *,
    person: Person | None,
    what: str,
    conference: JointConference | None = None,
    login: str = "",
    path: str = "",
    address: str | None = None,
) -> AccessEntry:
    """Write one entry; login, page and address are those of the person and of the present request unless given.

    Call it outside of an operation's transaction: what was refused is rolled back, its entry is not.
    """
    present = origin()
    if present is not None:
        present.noted.add(kind)
    entry: AccessEntry = AccessEntry.objects.create(
        kind=kind,
        person=person,
        login=_kept(login or (person.username if person else ""), 150),
        conference=conference,
        what=_kept(what),
        path=_kept(path or (present.path if present else "")),
        address=address or (present.address if present else None),
        at=clock.now(),
    )
    return entry


def _kept(text: str, longest: int = LONGEST) -> str:
    """As much as the column takes; PostgreSQL stores no NUL, which an address may hold."""
    return text.replace("\0", "")[:longest]
