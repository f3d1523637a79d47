"""Compare the search index with its sources."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.engines.elasticsearch import index_build
from search.engines.elasticsearch.client import FAILURES, configured
from search.engines.elasticsearch.outbox_worker import deliver
from search.engines.selection import engine
from search.index_maintenance import consistent_snapshot, differences, rebuild, repair
from search.models import SearchIndex

SHOWN = 20


class Command(BaseCommand):
    """`manage.py search_check [--repair]`: fails if the index differs and was not repaired."""

    help = "Says how the search index and the records differ; with --repair, puts it right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="bring the index up to date")

    def handle(self, *args: object, **options: object) -> None:
        """Print the differences, and repair them if asked. Raise CommandError while differences remain."""
        with consistent_snapshot():
            found, faults = list(differences()), list(engine().faults())
        outdated = self._elasticsearch()
        lines = [*(f"{each.key}: {each.status}" for each in found), *faults, *map(str, outdated)]
        for line in lines[:SHOWN]:
            self.stdout.write(line)
        if len(lines) > SHOWN:
            self.stdout.write(f"… and {len(lines) - SHOWN} more")
        if not lines:
            self.stdout.write("The index agrees with the records.")
        elif not options["repair"]:
            raise CommandError(f"{len(lines)} differences. Run search_check --repair.")
        else:
            if faults:  # the full-text table cannot be repaired row by row
                rebuild()
            else:
                repair(found)
            if outdated:
                self._repair_elasticsearch(outdated)
            self.stdout.write(f"{len(lines)} differences repaired.")

    def _elasticsearch(self) -> list[index_build.IndexDifference]:
        """Deliver waiting changes, then return how the Elasticsearch index in use differs from the embedded one."""
        ready = SearchIndex.objects.filter(ready=True).first()
        if ready is None or not configured():
            return []
        try:
            deliver()
            return list(index_build.differences(ready.name))
        except FAILURES as error:
            raise CommandError(f"Elasticsearch cannot be compared: {error}") from error

    def _repair_elasticsearch(self, found: list[index_build.IndexDifference]) -> None:
        index_build.repair(found)
        if self._elasticsearch():
            raise CommandError("Elasticsearch holds newer documents than the database. Run search_rebuild.")
