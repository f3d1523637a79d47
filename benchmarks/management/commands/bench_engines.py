"""Measure the portal's engines on one size of corpus."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from benchmarks import building, delay, pages, searching
from benchmarks.measuring import resident_memory


class Command(BaseCommand):
    """Measurement of one size; `make bench` runs it in a separate process with an empty database and its own node."""

    help = "Fills both indices with the made-up corpus and measures building, searching, delay and pages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", type=int, required=True)
        parser.add_argument("--rounds", type=int, default=2, help="of building")
        parser.add_argument("--calls", type=int, default=400, help="of each side, at least")
        parser.add_argument("--seconds", type=float, default=20.0, help="of saving")
        parser.add_argument("--node", type=int, required=True, help="its process id")
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the measurements one after the other; write after each, so that a failure keeps the earlier results."""
        figures: dict[str, Any] = {"size": options["size"]}
        steps = {
            "embedded build": lambda: building.fill_embedded(options["size"]),
            "build": lambda: building.fill_elasticsearch(options["size"], options["rounds"]),
            "search": lambda: searching.compare(options["calls"]),
            "node": lambda: resident_memory(options["node"]),
            "disk": building.disk,
            "pages": pages.queries,
            "delay": lambda: delay.measure(options["seconds"]),
        }
        for name, step in steps.items():
            figures[name] = step()
            self.stdout.write(f"{name}: {json.dumps(figures[name], ensure_ascii=False)}")
            options["out"].write_text(json.dumps(figures, ensure_ascii=False))
