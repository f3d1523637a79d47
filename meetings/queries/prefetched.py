"""Whether rows that belong to a record were read with it."""

from django.db.models import Model


def is_prefetched(record: Model, relation: str) -> bool:
    """Return whether the rows of a relation were read with the record, by `prefetch_related`."""
    return relation in getattr(record, "_prefetched_objects_cache", {})
