"""Deliver waiting changes to Elasticsearch."""

import signal
import threading

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.engines.elasticsearch.client import FAILURES, configured
from search.engines.elasticsearch.outbox_worker import deliver, follow


class Command(BaseCommand):
    """`manage.py search_sync [--follow]`: deliver the waiting changes once, or as they come until it is stopped."""

    help = "Brings changes to Elasticsearch; with --follow, goes on as a service."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--follow", action="store_true", help="go on, and wait for what comes")

    def handle(self, *args: object, **options: object) -> None:
        """Deliver changes. Raise CommandError if Elasticsearch does not accept them; with `--follow`, retry instead."""
        if not configured():
            raise CommandError("ELASTICSEARCH_URL names no Elasticsearch.")
        if options["follow"]:
            stop = threading.Event()
            for signum in (signal.SIGTERM, signal.SIGINT):
                signal.signal(signum, lambda *_: stop.set())
            follow(stop)
            return
        try:
            number = deliver()
        except FAILURES as error:
            raise CommandError(f"Elasticsearch does not take changes: {error}. They wait.") from error
        if options["verbosity"]:
            self.stdout.write(f"{number} changes brought.")
