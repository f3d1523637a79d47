"""The access log: logins, refusals, exports and downloads, written as they happen (互联网政务应用安全管理规定 art. 20).

Entries are never changed or deleted. Nothing removes old ones: the log is kept as long as the installation exists.
"""

from meetings import clock
from meetings.enums import AccessKind
from meetings.models import AccessEntry, JointConference, Person
from meetings.request_origin import origin

MAX_LENGTH = 300


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
    """Write one entry and return it.

    Login, path and address default to those of the person and of the current request. Call it outside the transaction
    of an operation: a refused operation is rolled back, and its log entry must survive.
    """
    request = origin()
    if request is not None:
        request.logged_kinds.add(kind)
    entry: AccessEntry = AccessEntry.objects.create(
        kind=kind,
        person=person,
        login=_truncate(login or (person.username if person else ""), 150),
        conference=conference,
        what=_truncate(what),
        path=_truncate(path or (request.path if request else "")),
        address=address or (request.address if request else None),
        at=clock.now(),
    )
    return entry


def _truncate(text: str, length: int = MAX_LENGTH) -> str:
    """Return the text without NUL, which a URL may contain and PostgreSQL cannot store, cut to `length` characters."""
    return text.replace("\0", "")[:length]
