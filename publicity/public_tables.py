"""The tables that public pages may read, and those whose change moves the counter of the public state.

What the public reads was released or approved: public pages read the tables of the publicity, of Wagtail and, in the
search, of the index. What they need of a record is stored there when it is released or approved. Of the records' app
they use master data, which somebody maintains for everybody to see, and what holds no content at all.

`tests/public_wall.py` raises for any other table during each anonymous request of the tests.

- `closed_tables(sql)`: the tables of records that an SQL statement names.
- `STATE_MODELS`: what kept answers depend on. `tests/publicity/test_public_state.py` compares it with what they read.
"""

import re
from dataclasses import dataclass

from django.apps import apps

# Model names of the app `meetings`, each with the reason.
OPEN_MODELS = {
    "jointconference": "names and address of a section; the filters of the lists",
    "attemptcount": "counts requests per address, for the limit of exports; no content",
    "department": "present name of the department that leads a resolution, and whom to ask",
}
RECORD_PREFIX = "meetings_"
OPEN_TABLES = frozenset(RECORD_PREFIX + name for name in OPEN_MODELS)

# String literals and comments come first, so that a name in them is none. Names: quoted in any way, or bare.
_TOKEN = re.compile(
    r"""'(?:[^']|'')*' | --[^\n]* | /\*.*?\*/
    | "(?P<double>(?:[^"]|"")+)" | `(?P<back>[^`]+)` | \[(?P<bracket>\w+)\] | (?P<bare>[^\W\d]\w*)""",
    re.VERBOSE | re.DOTALL,
)


def tables_in(sql: str) -> set[str]:
    """Return the names in an SQL statement, in lower case: tables, columns and keywords, not literals or comments."""
    return {(match[match.lastgroup] if match.lastgroup else "").lower() for match in _TOKEN.finditer(sql)}


def closed_tables(sql: str) -> set[str]:
    """Return the tables in an SQL statement that public pages must not read, whatever the statement does with them."""
    return {name for name in tables_in(sql) if name.startswith(RECORD_PREFIX)} - OPEN_TABLES


@dataclass(frozen=True)
class Watched:
    """How a table takes part in the public state.

    - `unread`: columns that no public page reads; an update of these alone moves nothing.
    - `inserts`: whether a new row moves the counter.
    """

    unread: frozenset[str] = frozenset()
    inserts: bool = True


# A draft is saved often, and the public must not learn when.
_DRAFT_COLUMNS = frozenset(
    {
        *("draft_title", "has_unpublished_changes", "latest_revision_id", "latest_revision_created_at"),
        *("locked", "locked_at", "locked_by_id", "owner_id", "live_revision_id"),
    }
)
# Labels of the models whose tables kept answers read.
STATE_MODELS: dict[str, Watched] = {
    "publicity.publicdecision": Watched(),
    "publicity.publiccount": Watched(),
    "publicity.newscount": Watched(),
    "publicity.release": Watched(),
    "publicity.outcomepage": Watched(),
    "publicity.outcomeitem": Watched(),
    "publicity.hiddensource": Watched(),
    "publicity.article": Watched(),
    "publicity.taggedarticle": Watched(),
    "publicity.publictag": Watched(),
    "publicity.plainpage": Watched(),
    "publicity.homepage": Watched(),
    "publicity.conferencesection": Watched(),
    "publicity.newsindex": Watched(),
    "publicity.outcomesindex": Watched(),
    "publicity.publicitysettings": Watched(),
    "publicity.publicdocument": Watched(),
    "publicity.picture": Watched(),
    # The first reader of a new size makes its file; the page that needs it cannot have been kept before.
    "publicity.picturerendition": Watched(inserts=False),
    "wagtailcore.page": Watched(unread=_DRAFT_COLUMNS),
    "wagtailcore.pageviewrestriction": Watched(),
    "wagtailcore.site": Watched(),
    "wagtailcore.locale": Watched(),
    "meetings.jointconference": Watched(),
    "meetings.department": Watched(),
}
# Tables that kept answers read and that take no part in the state, each with the reason.
STATELESS_TABLES = {
    "publicity_publicstate": "the counter itself",
    "django_content_type": "written by migrations alone, and each migration moves the counter",
    "search_searchdocument": "the index changes in the transaction of what it contains; a repair moves the counter",
    "search_index": "as the documents",
    "search_searchaudience": "as the documents",
    "search_searchvalue": "as the documents",
}


@dataclass(frozen=True)
class WatchedTable:
    """A watched table of the database; `columns` are those whose update moves the counter."""

    name: str
    columns: tuple[str, ...]
    inserts: bool


def watched_tables() -> list[WatchedTable]:
    """Return the tables of `STATE_MODELS`."""
    found = []
    for label, watched in STATE_MODELS.items():
        meta = apps.get_model(label)._meta
        columns = (str(field.column) for field in meta.local_concrete_fields)
        read = tuple(column for column in columns if column not in watched.unread)
        found.append(WatchedTable(meta.db_table, read, watched.inserts))
    return found
