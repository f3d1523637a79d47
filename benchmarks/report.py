"""Writing the figures down: what was measured on which machine, as tables, under docs/benchmarks.

Key concepts
- `write(engines, default, database)`: one file for a month and a database, one more where a single size was measured; a
  later run takes its place.
"""

import os
import platform
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.measuring import ALL, ALONE
from benchmarks.places import ROOT

FOLDER = ROOT / "docs" / "benchmarks"
PACKAGES = ("Django", "wagtail", "modelsearch", "elasticsearch")
GIGABYTE_IN_KB = 1024 * 1024
SIDES = ("ours", "wagtail")
Figures = dict[str, Any]


def write(engines: list[Figures], default: list[Figures], database: str) -> Path:
    """Write everything and return the file."""
    now = datetime.now(UTC)
    suffix = "" if database == "SQLite" else f"-{database.lower()}"
    suffix += f"-{engines[0]['size']}" if len(engines) == 1 else ""
    path = FOLDER / f"{now:%Y-%m}-search{suffix}.md"
    parts = [_head(now, database), *map(_size, engines)]
    parts += [_default(default)] if default else []
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(parts) + "\n")
    return path


def _head(now: datetime, database: str) -> str:
    memory = Path("/proc/meminfo").read_text().split()[1]
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return "\n".join(
        [
            "# The search, measured",
            "",
            "Written by `make bench`. Times are milliseconds at the caller; everything runs on one machine: the",
            "portal's process, the database, the node of Elasticsearch, and whoever asks.",
            "",
            f"- {now:%Y-%m-%d %H:%M} UTC, load {load} at the end",
            f"- {os.cpu_count()} cores, {int(memory) / GIGABYTE_IN_KB:.0f} GB, {platform.platform(terse=True)}",
            f"- Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}",
            f"- the rows lie in {database}; the node has a heap of {os.environ.get('HEAP', '384m')}",
        ]
    )


def _size(of: Figures) -> str:
    parts = [f"## {of['size']:,} decisions", _search(of["search"]), _building(of), _delay(of["delay"])]
    parts.append(_pages(of["pages"]))
    return "\n\n".join(parts)


def _search(of: Figures) -> str:
    times = of["times"]
    rows = []
    for name in sorted(times["ours"], key=ALL.__eq__):  # all of them come last
        ours, raw, bare, embedded = (times[side][name] for side in ("ours", "raw", "bare", "embedded"))
        pairs = [f"{each['p50']:.1f} / {each['p95']:.1f}" for each in (embedded, ours, raw, bare)]
        rows.append([name, *pairs, f"**{ours['p50'] / raw['p50']:.2f}**", f"{ours['p95'] / raw['p95']:.2f}"])
    heads = ["question", "embedded", "Elasticsearch", "raw `_search`", "bare bytes", "ratio p50", "ratio p95"]
    return "\n".join(
        [
            "### Answering: p50 / p95",
            "",
            f"{of['queries']} queries, {times['ours'][ALL]['calls']} calls of each side, asked in turn;",
            f"{of['same']} of {of['queries']} have the same total from both engines.",
            "“Elasticsearch” is our search call, from the query object to the result object, with facets and marks;",
            "“raw” the same request bodies through the same client, “bare” as bytes whose answer nobody reads.",
            "The ratio is that of our call to raw.",
            "",
            _table(heads, rows),
        ]
    )


def _building(of: Figures) -> str:
    build, disk, memory = of["build"], of["disk"], of["search"]["memory"]
    rows = [
        ["build, documents/s", f"{of['embedded build']:,.0f}", f"{build['ours']:,.0f}"],
        ["disk, MB", f"{disk['full-text table']:,.0f}", f"{disk['elasticsearch']:,.0f}"],
        ["memory of the portal's process, MB", *_memory(memory)],
        ["memory of the node, MB", "–", f"{of['node']:,.0f}"],
    ]
    return "\n".join(
        [
            "### Building, disk and memory",
            "",
            _table(["", "embedded", "Elasticsearch"], rows),
            "",
            f"Both need the rows of the documents besides: {disk['rows']:,.0f} MB.",
            f"Raw bulk requests of ready-made bodies with as many senders: {build['raw']:,.0f} documents/s;",
            f"with one, of {ALONE:,} at most: {build['raw, one sender']:,.0f}.",
            f"Our build to the better of the two: **{build['ratio']:.2f}**.",
        ]
    )


def _memory(of: Figures) -> list[str]:
    return [f"{of['portal with the embedded engine']:,.0f}", f"{of['portal']:,.0f}"]


def _delay(of: Figures) -> str:
    rows = [
        [name, f"{of[name]['calls']}", f"{of[name]['p50']:,.0f}", f"{of[name]['p95']:,.0f}"]
        for name in ("in the index", "through finder()", "saves")
    ]
    return "\n".join(
        [
            "### From the commit until it is found",
            "",
            f"{of['a second']:.0f} saves a second, each a transaction of its own, while the courier brings them.",
            f"Never seen: {of['never seen']}; answered by the embedded engine meanwhile: {of['standby']}.",
            "“saves” is how long a save itself took.",
            "",
            _table(["", "taken", "p50", "p95"], rows),
        ]
    )


def _pages(of: dict[str, list[tuple[int, int]]]) -> str:
    rows = [[name, "; ".join(f"{hits:,}: {number}" for hits, number in found)] for name, found in of.items()]
    return "\n".join(["### Database queries of a page", "", _table(["", "hits: queries"], rows)])


def _default(of: list[Figures]) -> str:
    rows = [line for each in of for line in _compared(each)]
    return "\n".join(
        [
            "## The embedded engine beside Wagtail's default search",
            "",
            "On SQLite, after `ANALYZE`: the same decisions, facets, hits and marks, by gunicorn with two workers and",
            "without middleware. Everyday texts are the questions above: Wagtail's search finds few of them, which is",
            "quick; the texts that both find stand between two punctuation marks as they are. Wagtail is judged by",
            "fewer saves, and over HTTP at the smallest sizes alone, because of the time that it takes.",
            "",
            _table(["decisions", "", "ours", "Wagtail's", "how many times better"], rows),
        ]
    )


def _compared(of: Figures) -> Iterator[list[str]]:
    """Yield the lines of one size."""
    size, save = f"{of['size']:,}", {side: of["save"][side]["p50"] for side in SIDES}
    for name, build in of["build"].items():
        yield _beside(size, f"{name}, documents/s", build, build["ours"] / build["wagtail"])
    yield _beside(size, "a save, p50", save, save["wagtail"] / save["ours"])
    for name, http in of.get("http", {}).items():
        rates = {side: http[side]["a second"] for side in SIDES}
        yield _beside(size, f"requests/s over HTTP, {name}", rates, rates["ours"] / rates["wagtail"])
    for name, judged in of.get("quality", {}).items():
        for what in ("recall", "precision"):
            yield [size, f"{what}, {name}", *(f"{judged[side][what]:.2f}" for side in SIDES), ""]


def _beside(size: str, what: str, of: dict[str, float], better: float) -> list[str]:
    return [size, what, *(f"{of[side]:,.1f}" for side in SIDES), f"**{better:.1f}**"]


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(heads), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
