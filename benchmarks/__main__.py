"""`make bench`: measure the search at every size, or the pages of a city, and write the results to docs/benchmarks."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks import city_store, page_report, places, report

SLOW = 1_000_000  # from this number of documents on, a build is measured only once
MOST_COMPARED = 100_000  # up to this number of documents, Wagtail's default search is measured too


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000", help="numbers of decisions, comma-separated")
    parser.add_argument("--seconds", type=float, default=20.0, help="of saving, and of asking over HTTP")
    parser.add_argument("--calls", type=int, default=400, help="of each side of a comparison, at least")
    parser.add_argument("--rounds", type=int, default=2, help="of building")
    parser.add_argument("--pages", action="store_true", help="measure the pages of a city instead of the search")
    options = parser.parse_args()
    sys.stdout.write(f"{_measure_pages() if options.pages else _measure_search(options)}\n")


def _measure_search(options: argparse.Namespace) -> Path:
    sizes = [int(size) for size in options.sizes.split(",")]
    engines = [_measure_engines(size, options) for size in sizes]
    sqlite = not places.server().startswith("postgres")
    default = [_measure_default(size, options.seconds) for size in sizes if sqlite and size <= MOST_COMPARED]
    return report.write(engines, default, "SQLite" if sqlite else "PostgreSQL")


def _measure_pages() -> Path:
    """Build the city, or use the kept one, and measure its pages in a separate process."""
    with city_store.places_of_city() as settings, places.folder() as folder:
        out = folder / "figures.json"
        places.manage("bench_pages", "--out", out, **settings)
        sqlite = settings["DATABASE_URL"].startswith("sqlite")
        return page_report.write(json.loads(out.read_text()), "SQLite" if sqlite else "PostgreSQL")


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
