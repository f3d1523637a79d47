"""Sources of documents: records for staff, released content for everyone."""

from search.sources import public, records
from search.sources.base import SOURCES, Source

__all__ = ["SOURCES", "Source", "public", "records"]
