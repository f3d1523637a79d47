"""Fill an empty database with the records of a city."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from benchmarks.city.build import build
from benchmarks.city.size import CITY, SMALL


class Command(BaseCommand):
    """Builds the records for `make bench PAGES=1`, in a separate process."""

    help = "Fills an empty, migrated database with the made-up records of a city."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--small", action="store_true", help="three small conferences")

    def handle(self, *args: Any, **options: Any) -> None:
        build(SMALL if options["small"] else CITY, note=self.stdout.write)
