"""Measure the pages of a city."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from benchmarks.page_times import measure


class Command(BaseCommand):
    """Measures in a separate process, on the database of the environment, which contains a built city."""

    help = "Asks for every kind of page and writes time, SQL, queries and size of each as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        options["out"].write_text(json.dumps(measure(self.stdout.write), ensure_ascii=False))
