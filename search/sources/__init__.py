"""What can be found: the records for staff, and for everyone what was released."""

from search.sources import public, records
from search.sources.base import SOURCES, Source

__all__ = ["SOURCES", "Source", "public", "records"]
