"""Write the results and the machine that they were measured on as tables under docs/benchmarks.

`write(engines, default, database)` writes one file per month and database, and a separate one where a single size was
measured; a later run replaces it.
"""

import os
import platform
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.measuring import ALL_CLASSES, MOST_FOR_ONE_SENDER
from benchmarks.places import ROOT

FOLDER = ROOT / "docs" / "benchmarks"
PACKAGES = ("Django", "wagtail", "modelsearch", "elasticsearch")
GIGABYTE_IN_KB = 1024 * 1024
SIDES = ("ours", "wagtail")
Figures = dict[str, Any]


def write(engines: list[Figures], default: list[Figures], database: str) -> Path:
    """Write all results and return the path of the file."""
    now = datetime.now(UTC)
    suffix = "" if database == "SQLite" else f"-{database.lower()}"
    suffix += f"-{engines[0]['size']}" if len(engines) == 1 else ""
    path = FOLDER / f"{now:%Y-%m}-search{suffix}.md"
    parts = [_head(now, database), *map(_size, engines)]
    parts += [_default(default)] if default else []
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(parts) + "\n")
    return path


def machine(now: datetime, database: str) -> list[str]:
    """Return the lines that say when, on which machine and with which versions it was measured."""
    memory = Path("/proc/meminfo").read_text().split()[1]
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        f"- {now:%Y-%m-%d %H:%M} UTC, load {load} at the end",
        f"- {os.cpu_count()} cores, {int(memory) / GIGABYTE_IN_KB:.0f} GB, {platform.platform(terse=True)}",
        f"- Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}",
        f"- the rows lie in {database}",
    ]


def _head(now: datetime, database: str) -> str:
    return "\n".join(
        [
            "# The search, measured",
            "",
            "Written by `make bench`. Times are milliseconds at the caller; everything runs on one machine: the",
            "portal's process, the database, the node of Elasticsearch, and whoever asks.",
            "",
            *machine(now, database),
            f"- the node has a heap of {os.environ.get('HEAP', '384m')}",
        ]
    )


def _size(figures: Figures) -> str:
    parts = [
        f"## {figures['size']:,} decisions",
        _search(figures["search"]),
        _building(figures),
        _delay(figures["delay"]),
    ]
    parts.append(_pages(figures["pages"]))
    return "\n\n".join(parts)


def _search(figures: Figures) -> str:
    times = figures["times"]
    rows = []
    for name in sorted(times["ours"], key=ALL_CLASSES.__eq__):  # the class ALL comes last
        ours, raw, bare, embedded = (times[side][name] for side in ("ours", "raw", "bare", "embedded"))
        pairs = [f"{each['p50']:.1f} / {each['p95']:.1f}" for each in (embedded, ours, raw, bare)]
        rows.append([name, *pairs, f"**{ours['p50'] / raw['p50']:.2f}**", f"{ours['p95'] / raw['p95']:.2f}"])
    headers = ["question", "embedded", "Elasticsearch", "raw `_search`", "bare bytes", "ratio p50", "ratio p95"]
    return "\n".join(
        [
            "### Answering: p50 / p95",
            "",
            f"{figures['queries']} queries, {times['ours'][ALL_CLASSES]['calls']} calls of each side, asked in turn;",
            f"{figures['same']} of {figures['queries']} have the same total from both engines.",
            "“Elasticsearch” is our search call, from the query object to the result object, with facets and marks;",
            "“raw” the same request bodies through the same client, “bare” as bytes whose answer nobody reads.",
            "The ratio is that of our call to raw.",
            "",
            table(headers, rows),
        ]
    )


def _building(figures: Figures) -> str:
    build, disk, memory = figures["build"], figures["disk"], figures["search"]["memory"]
    rows = [
        ["build, documents/s", f"{figures['embedded build']:,.0f}", f"{build['ours']:,.0f}"],
        ["disk, MB", f"{disk['full-text table']:,.0f}", f"{disk['elasticsearch']:,.0f}"],
        ["memory of the portal's process, MB", *_memory(memory)],
        ["memory of the node, MB", "–", f"{figures['node']:,.0f}"],
    ]
    return "\n".join(
        [
            "### Building, disk and memory",
            "",
            table(["", "embedded", "Elasticsearch"], rows),
            "",
            f"Both need the rows of the documents besides: {disk['rows']:,.0f} MB.",
            f"Raw bulk requests of ready-made bodies with as many senders: {build['raw']:,.0f} documents/s;",
            f"with one, of {MOST_FOR_ONE_SENDER:,} at most: {build['raw, one sender']:,.0f}.",
            f"Our build to the better of the two: **{build['ratio']:.2f}**.",
        ]
    )


def _memory(figures: Figures) -> list[str]:
    return [f"{figures['portal with the embedded engine']:,.0f}", f"{figures['portal']:,.0f}"]


def _delay(figures: Figures) -> str:
    rows = [
        [name, f"{figures[name]['calls']}", f"{figures[name]['p50']:,.0f}", f"{figures[name]['p95']:,.0f}"]
        for name in ("in the index", "through finder()", "saves")
    ]
    return "\n".join(
        [
            "### From the commit until it is found",
            "",
            f"{figures['a second']:.0f} saves a second, each in a transaction, while the outbox worker delivers them.",
            f"Never seen: {figures['never seen']}; answered by the embedded engine meanwhile: {figures['standby']}.",
            "“saves” is how long a save itself took.",
            "",
            table(["", "taken", "p50", "p95"], rows),
        ]
    )


def _pages(figures: dict[str, list[tuple[int, int]]]) -> str:
    rows = [[name, "; ".join(f"{hits:,}: {number}" for hits, number in found)] for name, found in figures.items()]
    return "\n".join(["### Database queries of a page", "", table(["", "hits: queries"], rows)])


def _default(figures: list[Figures]) -> str:
    rows = [line for each in figures for line in _comparison_rows(each)]
    return "\n".join(
        [
            "## The embedded engine beside Wagtail's default search",
            "",
            "On SQLite, after `ANALYZE`: the same decisions, facets, hits and marks, by gunicorn with two workers and",
            "without middleware. Everyday texts are the questions above: Wagtail's search finds few of them, which is",
            "quick; the texts that both find stand between two punctuation marks as they are. Wagtail is judged by",
            "fewer saves, and over HTTP at the smallest sizes alone, because of the time that it takes.",
            "",
            table(["decisions", "", "ours", "Wagtail's", "how many times better"], rows),
        ]
    )


def _comparison_rows(figures: Figures) -> Iterator[list[str]]:
    """Yield the lines of one size."""
    size, save = f"{figures['size']:,}", {side: figures["save"][side]["p50"] for side in SIDES}
    for name, build in figures["build"].items():
        yield _comparison_row(size, f"{name}, documents/s", build, build["ours"] / build["wagtail"])
    yield _comparison_row(size, "a save, p50", save, save["wagtail"] / save["ours"])
    for name, http in figures.get("http", {}).items():
        rates = {side: http[side]["a second"] for side in SIDES}
        yield _comparison_row(size, f"requests/s over HTTP, {name}", rates, rates["ours"] / rates["wagtail"])
    for name, judged in figures.get("quality", {}).items():
        for what in ("recall", "precision"):
            yield [size, f"{what}, {name}", *(f"{judged[side][what]:.2f}" for side in SIDES), ""]


def _comparison_row(size: str, what: str, figures: dict[str, float], better: float) -> list[str]:
    return [size, what, *(f"{figures[side]:,.1f}" for side in SIDES), f"**{better:.1f}**"]


def table(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    lines = [list(headers), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
