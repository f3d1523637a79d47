"""Build the search index afresh."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from search.engines.elasticsearch import index_build
from search.engines.elasticsearch.client import FAILURES, configured
from search.index_maintenance import count, rebuild
from search.models import SearchDocument


class Command(BaseCommand):
    """`manage.py search_rebuild`: fill the database's index from every record, then a new one of Elasticsearch."""

    help = "Builds the search index afresh. Searches are answered from the old one until the new one stands."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is to be done instead of all of it."""
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--elasticsearch", action="store_true", help="only Elasticsearch's, from that of the database")
        one.add_argument("--rollback", action="store_true", help="let Elasticsearch's former index answer again")
        one.add_argument("--off", action="store_true", help="give up Elasticsearch's; the database's answers from then")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it with a progress bar. What is cut off leaves the old index, and Elasticsearch's is gone on with."""
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
            except (index_build.Unlike, *FAILURES) as error:
                raise CommandError(f"{error} Searches are answered as before. Run it again to go on.") from error

    def _elasticsearch(self, options: dict[str, Any], *, quiet: bool) -> str:
        if options["off"]:
            return f"{index_build.give_up()} indices given up."
        if options["rollback"]:
            return f"{index_build.roll_back()} answers again."
        begun = index_build.begun()
        total = SearchDocument.objects.filter(pk__gt=begun.reached if begun else 0).count()
        with tqdm(total=total, unit="doc", file=sys.stderr, disable=quiet) as bar:
            return f"{index_build.build(bar.update)} answers."

    def _say(self, quiet: bool, text: str) -> None:
        if not quiet:
            self.stdout.write(text)
