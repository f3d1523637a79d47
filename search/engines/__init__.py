"""The engines behind the contract of `search.engines.base`.

The embedded one keeps every document in the portal's own database, in the transaction of whoever changes something.
Where the settings name an Elasticsearch, that one answers, and the embedded one when it cannot.
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
