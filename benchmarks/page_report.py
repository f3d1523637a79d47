"""Write the figures of the pages and the machine that they were measured on to docs/benchmarks."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.city.size import CITY
from benchmarks.report import FOLDER, machine, table

TITLES = {
    "base": "To compare with",
    "kept": "Public pages, kept",
    "public": "Public pages, made anew",
    "staff": "Staff pages",
    "export": "Exports",
}
HEADERS = ("page", "ms", "processor ms", "SQL ms", "queries", "KB")


def write(rows: list[dict[str, Any]], database: str) -> Path:
    """Write all figures and return the path of the file; a later run of the month replaces it."""
    now = datetime.now(UTC)
    path = FOLDER / f"{now:%Y-%m}-pages{'' if database == 'SQLite' else f'-{database.lower()}'}.md"
    parts = [_head(now, database)]
    for group, title in TITLES.items():
        chosen = [row for row in rows if ("export" if row["export"] else row["group"]) == group]
        parts += [f"## {title}", table(HEADERS, _lines(chosen))]
    path.write_text("\n\n".join(parts) + "\n")
    return path


def _lines(rows: Iterable[dict[str, Any]]) -> list[list[str]]:
    return [
        [
            row["name"],
            *(f"{row[name]:,.{1 if row[name] > 1 else 2}f}" for name in ("ms", "cpu", "sql")),
            f"{row['queries']:.0f}",
            f"{row['kb']:,.0f}",
        ]
        for row in rows
    ]


def _head(now: datetime, database: str) -> str:
    total = {
        "conferences": CITY.conferences,
        "meetings": CITY.conferences * CITY.meetings,
        "resolutions": CITY.conferences * CITY.resolutions,
        "releases and withdrawals": CITY.conferences * CITY.releases,
    }
    command = "make bench PAGES=1" + ("" if database == "SQLite" else f" ENGINE={database.lower()}")
    return "\n".join(
        [
            "# Pages at the size of a city, measured",
            "",
            f"Written by `{command}`: {', '.join(f'{number:,} {name}' for name, number in total.items())},",
            "made in bulk through the models. Django's test client asks in one process, through all middleware; each",
            "figure is the median of 7 requests after 2 others, of 101 where an answer is kept. The “constant” answer",
            "has the same middleware, reads the counter of the public state, and has a body of the size of the kept",
            "home page. KB are those of the compressed answer. “Processor” is the time that the process itself used,",
            "which other programs of the machine do not lengthen. SQL is executing and fetching, at the caller.",
            "",
            *machine(now, database),
        ]
    )
