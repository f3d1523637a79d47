"""The tables of the records' app that public pages may read. Every other one of that app is closed to them.

What the public reads was released or approved: public pages read the tables of the publicity, of Wagtail and, in the
search, of the index. What they need of a record is stored there when it is released or approved. Of the records' app
they use master data, which somebody maintains for everybody to see, and what holds no content at all.

`tests/public_wall.py` raises for any other table during each anonymous request of the tests.
"""

import re

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


def closed_tables(sql: str) -> set[str]:
    """Return the tables in an SQL statement that public pages must not read, whatever the statement does with them."""
    names = {(match[match.lastgroup] if match.lastgroup else "").lower() for match in _TOKEN.finditer(sql)}
    return {name for name in names if name.startswith(RECORD_PREFIX)} - OPEN_TABLES
