"""Measure the embedded engine beside Wagtail's default search."""

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
from benchmarks.quality import Oracle, judged
from benchmarks.questions import TEXTS, WHOLE
from benchmarks.web import found
from meetings.write_lock import writing
from search.batches import batches
from search.engines.fulltext import table
from search.engines.selection import engine
from search.models import SearchDocument
from search.terms import wanted

BATCH = 1000
SAVES, FEWER = 200, 20
SERVED = 10_000  # documents up to which the whole of it is asked over HTTP; Wagtail's takes too long beyond


class Command(BaseCommand):
    """`make bench` runs it in a process of its own, over an empty SQLite."""

    help = "Fills two tables alike, indexes them either way, and measures building, saving, answering and rightness."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size, how long to ask over HTTP, and where to write the figures."""
        parser.add_argument("--size", type=int, required=True)
        parser.add_argument("--seconds", type=float, default=20.0, help="of asking each server")
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure one after the other."""
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
    """Fill both tables, without a word to either search."""
    for batch in batches(documents(size), BATCH):
        Decision._default_manager.bulk_create([row(Decision, each) for each in batch])
        IndexedDecision._default_manager.bulk_create([row(IndexedDecision, each) for each in batch])


def build(size: int) -> dict[str, dict[str, float]]:
    """Index both tables, then index them afresh as is done to an index that stands; documents a second of each side.

    Both are analysed afterwards.
    """
    found = {
        name: {"wagtail": size / seconds(_wagtails_index), "ours": size / seconds(_our_index)}
        for name in ("first build", "rebuild")
    }
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return found


def _wagtails_index() -> None:
    call_command("update_index", verbosity=0)


def _our_index() -> None:
    with writing():
        engine().clear()
        engine().index(map(document, Decision._default_manager.order_by("pk").iterator(BATCH)))


def save() -> dict[str, dict[str, float]]:
    """Save a changed decision, each in a transaction: the row and what its search keeps of it."""

    def ours(changed: Row) -> None:
        changed.save()
        engine().index([document(changed)])

    sides: list[tuple[str, type[Row], int, Callable[[Row], None]]] = [
        ("ours", Decision, SAVES, ours),
        ("wagtail", IndexedDecision, FEWER, lambda changed: changed.save()),
    ]
    return {name: _saved(model, number, step) for name, model, number, step in sides}


def _saved(model: type[Row], number: int, step: Callable[[Row], None]) -> dict[str, float]:
    times = Times()
    for each in model._default_manager.order_by("pk")[:number]:
        each.title += "（修订）"
        with times.timed(), transaction.atomic():
            step(each)
    return times.told()


def quality() -> dict[str, dict[str, dict[str, float]]]:
    """Judge both sides by what plain Python finds."""
    ids = dict(SearchDocument.objects.values_list("pk", "number"))
    ours, wagtails = _oracle(Decision), _oracle(IndexedDecision)
    return {
        name: {
            "ours": judged(ours, texts, lambda text: {ids[pk] for pk in table().matching(wanted(text))}),
            "wagtail": judged(wagtails, texts, lambda text: {each.pk for each in found(text)}),
        }
        for name, texts in (("everyday texts", TEXTS), ("texts that both find", WHOLE))
    }


def _oracle(model: type[Row]) -> Oracle:
    return Oracle(model._default_manager.values_list("pk", "title", "body"))


def serve(duration: float) -> dict[str, dict[str, dict[str, float]]]:
    """Ask both over HTTP, one after the other: everyday texts, and those that both find."""
    with load.server() as port:
        return {
            name: {way: load.requests(port, way, texts, duration) for way in ("ours", "wagtail")}
            for name, texts in (("everyday texts", TEXTS), ("texts that both find", WHOLE))
        }
