"""Sources of documents: records for staff, released content for everyone.

`SOURCES` has all sources by name. Rebuild, comparison and updates of the index read only these.
"""

from search.sources.base import Source
from search.sources.explanation import ExplanationSource
from search.sources.minutes import MinutesSource
from search.sources.progress import ReportSource
from search.sources.public import NewsSource, OutcomeSource, ReleaseSource
from search.sources.resolution import ResolutionSource
from search.sources.topic import TopicSource

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        TopicSource(),
        MinutesSource(),
        ResolutionSource(),
        ExplanationSource(),
        ReportSource(),
        ReleaseSource(),
        OutcomeSource(),
        NewsSource(),
    )
}

__all__ = ["SOURCES", "Source"]
