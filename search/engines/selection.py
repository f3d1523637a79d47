"""Selects the engine that writes and the engine that answers.

The embedded engine stores every document in the portal's own database, in the transaction of the change. If the
settings name an Elasticsearch, it answers searches; while it cannot, the embedded engine does.
"""

from search.engines.base import Engine
from search.engines.elasticsearch.circuit_breaker import GuardedEngine
from search.engines.elasticsearch.client import configured
from search.engines.embedded import EmbeddedEngine


def engine() -> EmbeddedEngine:
    """Return the engine that stores the documents."""
    return EmbeddedEngine()


def finder() -> Engine:
    """Return the engine that answers searches."""
    return GuardedEngine() if configured() else EmbeddedEngine()
