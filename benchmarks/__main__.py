"""`make bench`: measure every size in a temporary folder, and write the figures under docs/benchmarks."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks import places, report

SLOW = 1_000_000  # documents from which a build is measured once
MOST_COMPARED = 100_000  # documents up to which Wagtail's default search is measured


def main() -> None:
    """Measure what the command line names."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="10000,100000", help="numbers of decisions, parted by commas")
    options.add_argument("--seconds", type=float, default=20.0, help="of saving, and of asking over HTTP")
    options.add_argument("--calls", type=int, default=400, help="of each side of a comparison, at least")
    options.add_argument("--rounds", type=int, default=2, help="of building")
    chosen = options.parse_args()
    sizes = [int(size) for size in chosen.sizes.split(",")]
    engines = [_engines(size, chosen) for size in sizes]
    sqlite = not places.server().startswith("postgres")
    default = [_default(size, chosen.seconds) for size in sizes if sqlite and size <= MOST_COMPARED]
    written = report.write(engines, default, "SQLite" if sqlite else "PostgreSQL")
    sys.stdout.write(f"{written}\n")


def _engines(size: int, chosen: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of the portal's engines, measured in a process of their own."""
    with places.folder() as folder, places.node(folder / "node") as node:
        settings = _settings(folder, f"engines_{size}")
        settings |= {"ELASTICSEARCH_URL": node.address, "ELASTICSEARCH_TIMEOUT": "5"}
        words = ["--size", size, "--seconds", chosen.seconds, "--calls", chosen.calls, "--node", node.process]
        words += ["--rounds", 1 if size >= SLOW else chosen.rounds]
        return _measured(folder, settings, "bench_engines", *words)


def _default(size: int, seconds: float) -> dict[str, Any]:
    """Return the figures of the comparison with Wagtail's default search."""
    with places.folder() as folder:
        settings = _settings(folder, f"default_{size}")
        return _measured(folder, settings, "bench_default", "--size", size, "--seconds", seconds)


def _settings(folder: Path, name: str) -> dict[str, str]:
    data = folder / "data"
    (data / "static").mkdir(parents=True)
    return {"DATABASE_URL": places.database(folder, name), "DATA_DIR": str(data), "ELASTICSEARCH_URL": ""}


def _measured(folder: Path, settings: dict[str, str], *words: object) -> dict[str, Any]:
    out = folder / "figures.json"
    places.manage("migrate", "--run-syncdb", "--verbosity=0", **settings)
    places.manage(*words, "--out", out, **settings)
    found: dict[str, Any] = json.loads(out.read_text())
    return found


if __name__ == "__main__":
    main()
