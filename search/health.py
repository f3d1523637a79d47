"""How the search stands, for whoever keeps the portal running."""

from typing import Any

from django.utils import timezone

from search.engines.elasticsearch.circuit_breaker import breaker
from search.engines.elasticsearch.client import configured
from search.engines.elasticsearch.pending_changes import MOST
from search.models import SearchIndex
from search.outbox import waiting

ELASTICSEARCH, EMBEDDED = "elasticsearch", "embedded"


def search_state() -> dict[str, Any]:
    """Return which engine answers this process, and what Elasticsearch does not know yet.

    `breaker` is open while Elasticsearch failed and is not asked; `oldest_seconds` is None where nothing waits.
    """
    index = SearchIndex.objects.filter(ready=True).values_list("name", flat=True).first()
    left = waiting()
    answers = configured() and breaker.closed and index is not None and left.number <= MOST
    return {
        "engine": ELASTICSEARCH if answers else EMBEDDED,
        "configured": ELASTICSEARCH if configured() else EMBEDDED,
        "breaker": "closed" if breaker.closed else "open",
        "index": index,
        "waiting": left.number,
        "oldest_seconds": round((timezone.now() - left.since).total_seconds()) if left.since else None,
    }
