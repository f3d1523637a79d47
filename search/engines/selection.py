"""Which engine writes and which one answers.

The embedded engine keeps every document in the portal's own database and is written in the transaction of the change.
Where the settings name an Elasticsearch, that one answers; the embedded engine answers when it cannot.
"""

from search.engines.base import Engine
from search.engines.elasticsearch.circuit_breaker import GuardedEngine
from search.engines.elasticsearch.client import configured
from search.engines.embedded import EmbeddedEngine


def engine() -> EmbeddedEngine:
    """Return the engine that keeps the documents."""
    return EmbeddedEngine()


def finder() -> Engine:
    """Return the engine that answers."""
    return GuardedEngine() if configured() else EmbeddedEngine()
