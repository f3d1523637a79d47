"""`make bench`: measure every size in a temporary folder, and write the results to docs/benchmarks."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks import places, report

SLOW = 1_000_000  # from this number of documents on, a build is measured only once
MOST_COMPARED = 100_000  # up to this number of documents, Wagtail's default search is measured too


def main() -> None:
    """Measure the sizes given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000", help="numbers of decisions, comma-separated")
    parser.add_argument("--seconds", type=float, default=20.0, help="of saving, and of asking over HTTP")
    parser.add_argument("--calls", type=int, default=400, help="of each side of a comparison, at least")
    parser.add_argument("--rounds", type=int, default=2, help="of building")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    engines = [_measure_engines(size, options) for size in sizes]
    sqlite = not places.server().startswith("postgres")
    default = [_measure_default(size, options.seconds) for size in sizes if sqlite and size <= MOST_COMPARED]
    path = report.write(engines, default, "SQLite" if sqlite else "PostgreSQL")
    sys.stdout.write(f"{path}\n")


def _measure_engines(size: int, options: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of the portal's engines, measured in a separate process."""
    with places.folder() as folder, places.node(folder / "node") as node:
        settings = _settings(folder, f"engines_{size}")
        settings |= {"ELASTICSEARCH_URL": node.address, "ELASTICSEARCH_TIMEOUT": "5"}
        arguments = ["--size", size, "--seconds", options.seconds, "--calls", options.calls, "--node", node.process]
        arguments += ["--rounds", 1 if size >= SLOW else options.rounds]
        return _run(folder, settings, "bench_engines", *arguments)


def _measure_default(size: int, seconds: float) -> dict[str, Any]:
    """Return the figures of the comparison with Wagtail's default search."""
    with places.folder() as folder:
        settings = _settings(folder, f"default_{size}")
        return _run(folder, settings, "bench_default", "--size", size, "--seconds", seconds)


def _settings(folder: Path, name: str) -> dict[str, str]:
    data = folder / "data"
    (data / "static").mkdir(parents=True)
    return {"DATABASE_URL": places.database(folder, name), "DATA_DIR": str(data), "ELASTICSEARCH_URL": ""}


def _run(folder: Path, settings: dict[str, str], *arguments: object) -> dict[str, Any]:
    out = folder / "figures.json"
    places.manage("migrate", "--run-syncdb", "--verbosity=0", **settings)
    places.manage(*arguments, "--out", out, **settings)
    figures: dict[str, Any] = json.loads(out.read_text())
    return figures


if __name__ == "__main__":
    main()
