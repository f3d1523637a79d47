"""Count the database queries of a page of results, for texts with few hits and with many."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.query import Query
from search.reader import public_reader

TEXTS = ("工", "工资", "欠薪", "疗", "托育", "盐雾腐蚀", "总包代发制度")
TIMEOUT = 60.0


def queries() -> dict[str, list[tuple[int, int]]]:
    """Return for each kind of page pairs of the number of hits and the number of database queries."""
    searches: dict[str, Callable[[str], object]] = {
        "the embedded engine's search call": lambda text: EmbeddedEngine().search(_query(text)),
        "Elasticsearch's search call": lambda text: ElasticsearchEngine(TIMEOUT).search(_query(text)),
        "the public page over HTTP": lambda text: Client().get("/search/", {"q": text}),
    }
    hits = {text: EmbeddedEngine().search(_query(text)).total for text in TEXTS}
    return {name: sorted({(hits[text], _count_queries(ask, text)) for text in TEXTS}) for name, ask in searches.items()}


def _query(text: str) -> Query:
    return Query(text=text, reader=public_reader())


def _count_queries(ask: Callable[[str], object], text: str) -> int:
    ask(text)  # fills the caches of the process
    with CaptureQueriesContext(connection) as captured:
        ask(text)
    return len(captured)
