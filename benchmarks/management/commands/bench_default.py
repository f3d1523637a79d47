"""Compare the embedded engine with Wagtail's default search."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from benchmarks import load
from benchmarks.corpus import documents
from benchmarks.measuring import Times, seconds
from benchmarks.models import Decision, IndexedDecision, Row, document, row
from benchmarks.quality import Oracle, measure_quality
from benchmarks.questions import FOUND_BY_BOTH, TEXTS
from benchmarks.web import wagtail_results
from meetings.write_lock import write_transaction
from search.batches import batches
from search.engines.fulltext import table
from search.engines.selection import engine
from search.models import SearchDocument
from search.terms import parse_query

BATCH = 1000
SAVES, WAGTAIL_SAVES = 200, 20
SERVED = 10_000  # up to this number of documents the comparison includes HTTP; Wagtail's search is too slow beyond


class Command(BaseCommand):
    """The comparison with Wagtail; `make bench` runs it in a separate process with an empty SQLite database."""

    help = "Fills two equal tables, indexes them either way, and measures building, saving, searching and quality."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", type=int, required=True)
        parser.add_argument("--seconds", type=float, default=20.0, help="of asking each server")
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        size = options["size"]
        steps: dict[str, Callable[[], Any]] = {"fill": partial(fill, size), "build": partial(build, size), "save": save}
        if size <= SERVED:
            steps |= {"quality": quality, "http": partial(serve, options["seconds"])}
        figures: dict[str, Any] = {"size": size}
        for name, step in steps.items():
            figures[name] = step()
            self.stdout.write(f"{name}: {json.dumps(figures[name], ensure_ascii=False)}")
            options["out"].write_text(json.dumps(figures, ensure_ascii=False))


def fill(size: int) -> None:
    """Fill both tables without indexing them in either search."""
    for batch in batches(documents(size), BATCH):
        Decision._default_manager.bulk_create([row(Decision, each) for each in batch])
        IndexedDecision._default_manager.bulk_create([row(IndexedDecision, each) for each in batch])


def build(size: int) -> dict[str, dict[str, float]]:
    """Index both tables, rebuild both indexes, run ANALYZE; return documents per second of each side."""
    rates = {
        name: {"wagtail": size / seconds(_build_wagtail_index), "ours": size / seconds(_build_our_index)}
        for name in ("first build", "rebuild")
    }
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return rates


def _build_wagtail_index() -> None:
    call_command("update_index", verbosity=0)


def _build_our_index() -> None:
    with write_transaction():
        engine().clear()
        engine().index(map(document, Decision._default_manager.order_by("pk").iterator(BATCH)))


def save() -> dict[str, dict[str, float]]:
    """Change and save decisions, each in a transaction with the update of its search index."""

    def ours(changed: Row) -> None:
        changed.save()
        engine().index([document(changed)])

    sides: list[tuple[str, type[Row], int, Callable[[Row], None]]] = [
        ("ours", Decision, SAVES, ours),
        ("wagtail", IndexedDecision, WAGTAIL_SAVES, lambda changed: changed.save()),
    ]
    return {name: _time_saves(model, number, step) for name, model, number, step in sides}


def _time_saves(model: type[Row], number: int, step: Callable[[Row], None]) -> dict[str, float]:
    times = Times()
    for each in model._default_manager.order_by("pk")[:number]:
        each.title += "（修订）"
        with times.timed(), transaction.atomic():
            step(each)
    return times.summary()


def quality() -> dict[str, dict[str, dict[str, float]]]:
    """Compare the results of both sides with those of plain Python."""
    ids = dict(SearchDocument.objects.values_list("pk", "number"))
    ours, wagtails = _oracle(Decision), _oracle(IndexedDecision)
    return {
        name: {
            "ours": measure_quality(ours, texts, lambda text: {ids[pk] for pk in table().matching(parse_query(text))}),
            "wagtail": measure_quality(wagtails, texts, lambda text: {each.pk for each in wagtail_results(text)}),
        }
        for name, texts in (("everyday texts", TEXTS), ("texts that both find", FOUND_BY_BOTH))
    }


def _oracle(model: type[Row]) -> Oracle:
    return Oracle(model._default_manager.values_list("pk", "title", "body"))


def serve(duration: float) -> dict[str, dict[str, dict[str, float]]]:
    """Measure both over HTTP, one after the other, with everyday texts and with those that both find."""
    with load.server() as port:
        return {
            name: {path: load.requests(port, path, texts, duration) for path in ("ours", "wagtail")}
            for name, texts in (("everyday texts", TEXTS), ("texts that both find", FOUND_BY_BOTH))
        }
