"""How many database queries a page of results takes, whatever it shows."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.query import Query
from search.reader import public_reader

TEXTS = ("工", "工资", "欠薪", "疗", "托育", "盐雾腐蚀", "总包代发制度")
PATIENT = 60.0


def queries() -> dict[str, list[tuple[int, int]]]:
    """Return for each kind of page how many hits there were, and how many queries it took."""
    ways: dict[str, Callable[[str], object]] = {
        "the embedded engine's search call": lambda text: EmbeddedEngine().search(_query(text)),
        "Elasticsearch's search call": lambda text: ElasticsearchEngine(PATIENT).search(_query(text)),
        "the public page over HTTP": lambda text: Client().get("/search/", {"q": text}),
    }
    hits = {text: EmbeddedEngine().search(_query(text)).total for text in TEXTS}
    return {name: sorted({(hits[text], _counted(ask, text)) for text in TEXTS}) for name, ask in ways.items()}


def _query(text: str) -> Query:
    return Query(text=text, reader=public_reader())


def _counted(ask: Callable[[str], object], text: str) -> int:
    ask(text)  # what a process reads once, it has read
    with CaptureQueriesContext(connection) as captured:
        ask(text)
    return len(captured)
