"""Compare the search index with what it is made from."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.engines.elasticsearch import index_build
from search.engines.elasticsearch.client import FAILURES, configured
from search.engines.elasticsearch.outbox_worker import deliver
from search.engines.selection import engine
from search.index_maintenance import differences, one_moment, rebuild, repair
from search.models import SearchIndex

SHOWN = 20


class Command(BaseCommand):
    """`manage.py search_check [--repair]`: fails when the index differs and was not repaired."""

    help = "Says how the search index and the records differ; with --repair, puts it right."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--repair`."""
        parser.add_argument("--repair", action="store_true", help="bring the index up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what differs; repair it when asked. Raises CommandError while anything differs."""
        with one_moment():
            found, faults = list(differences()), list(engine().faults())
        behind = self._elasticsearch()
        lines = [*(f"{each.key}: {each.what}" for each in found), *faults, *map(str, behind)]
        for line in lines[:SHOWN]:
            self.stdout.write(line)
        if len(lines) > SHOWN:
            self.stdout.write(f"… and {len(lines) - SHOWN} more")
        if not lines:
            self.stdout.write("The index agrees with the records.")
        elif not options["repair"]:
            raise CommandError(f"{len(lines)} differences. Run search_check --repair.")
        else:
            if faults:  # the full-text table cannot be mended row by row
                rebuild()
            else:
                repair(found)
            if behind:
                self._repair_elasticsearch(behind)
            self.stdout.write(f"{len(lines)} differences repaired.")

    def _elasticsearch(self) -> list[index_build.Differing]:
        """Bring what waits, then return how the index that answers differs from the database's."""
        ready = SearchIndex.objects.filter(ready=True).first()
        if ready is None or not configured():
            return []
        try:
            deliver()
            return list(index_build.differences(ready.name))
        except FAILURES as error:
            raise CommandError(f"Elasticsearch cannot be compared: {error}") from error

    def _repair_elasticsearch(self, found: list[index_build.Differing]) -> None:
        index_build.repair(found)
        if self._elasticsearch():
            raise CommandError("Elasticsearch holds newer documents than the database. Run search_rebuild.")
