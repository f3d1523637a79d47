"""Rebuild the search index."""

import sys

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from search.engines.elasticsearch import index_build
from search.engines.elasticsearch.client import FAILURES, configured
from search.index_maintenance import count, rebuild
from search.models import SearchDocument


class Command(BaseCommand):
    """`manage.py search_rebuild`: rebuild the embedded index from all records, then build a new Elasticsearch index."""

    help = "Builds the search index afresh. Searches are answered from the old one until the new one stands."

    def add_arguments(self, parser: CommandParser) -> None:
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--elasticsearch", action="store_true", help="only Elasticsearch's, from that of the database")
        one.add_argument("--rollback", action="store_true", help="let Elasticsearch's former index answer again")
        one.add_argument("--off", action="store_true", help="give up Elasticsearch's; the database's answers from then")

    def handle(self, *args: object, **options: object) -> None:
        """Run it with a progress bar.

        After an interruption the old index stays in use. The next run continues the build for Elasticsearch.
        """
        quiet = options["verbosity"] == 0
        if any(options[each] for each in ("elasticsearch", "rollback", "off")) and not configured():
            raise CommandError("ELASTICSEARCH_URL names no Elasticsearch.")
        if not (options["elasticsearch"] or options["rollback"] or options["off"]):
            with tqdm(total=count(), unit="doc", file=sys.stderr, disable=quiet) as bar:
                number = rebuild(bar.update)
            self._say(quiet, f"{number} documents indexed.")
        if configured():
            try:
                self._say(quiet, self._elasticsearch(options, quiet=quiet))
            except (index_build.IndexMismatch, *FAILURES) as error:
                raise CommandError(f"{error} Searches are answered as before. Run it again to go on.") from error

    def _elasticsearch(self, options: dict[str, object], *, quiet: bool) -> str:
        if options["off"]:
            return f"{index_build.drop_indices()} indices given up."
        if options["rollback"]:
            return f"{index_build.roll_back()} answers again."
        unfinished = index_build.unfinished_build()
        total = SearchDocument.objects.filter(pk__gt=unfinished.reached if unfinished else 0).count()
        with tqdm(total=total, unit="doc", file=sys.stderr, disable=quiet) as bar:
            return f"{index_build.build(bar.update)} answers."

    def _say(self, quiet: bool, text: str) -> None:
        if not quiet:
            self.stdout.write(text)
