"""Status of the search, for monitoring."""

from django.utils import timezone

from search.engines.elasticsearch.circuit_breaker import breaker
from search.engines.elasticsearch.client import configured
from search.engines.elasticsearch.pending_changes import MAX_PENDING
from search.models import SearchIndex
from search.outbox import backlog

ELASTICSEARCH, EMBEDDED = "elasticsearch", "embedded"


def search_state() -> dict[str, object]:
    """Return which engine answers in this process, and how many changes wait for delivery to Elasticsearch.

    `breaker` is open while Elasticsearch is not asked because it failed. `oldest_seconds` is None if no change waits.
    """
    index = SearchIndex.objects.filter(ready=True).values_list("name", flat=True).first()
    pending = backlog()
    answers = configured() and breaker.closed and index is not None and pending.number <= MAX_PENDING
    return {
        "engine": ELASTICSEARCH if answers else EMBEDDED,
        "configured": ELASTICSEARCH if configured() else EMBEDDED,
        "breaker": "closed" if breaker.closed else "open",
        "index": index,
        "waiting": pending.number,
        "oldest_seconds": round((timezone.now() - pending.since).total_seconds()) if pending.since else None,
    }
