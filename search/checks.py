"""System check: every model with visible rows has a search source or is listed as found in another way."""

from collections.abc import Iterator, Sequence

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.db.models import Model

from meetings.models import Attachment, Delegation, Meeting
from meetings.models.catalogue import RECORDS
from publicity.models import PlainPage, PublicDecision, gated_page_types
from search.sources import SOURCES

# Models that readers may see and that have no source, with the way in which search finds them.
FOUND_OTHERWISE: dict[type[Model], str] = {
    Meeting: "by its topics, its minutes and its outcomes",
    Attachment: "by the record that it belongs to; the text of files is not read",
    Delegation: "by the list of the conference, and by the approvals that were given under it",
    PlainPage: "by the links of its section",
}


def findable() -> Iterator[type[Model]]:
    """Yield every model whose rows a reader may see: records, releases and publicity pages."""
    yield from RECORDS
    yield PublicDecision
    yield from gated_page_types()


@register()
def everything_is_found(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Report an error for each model that readers may see and that has no source."""
    registered = {source.model for source in SOURCES.values()}
    return [
        Error(
            f"{model._meta.label} is not found by the search.",
            hint="Add a source for it to SOURCES in search/sources, or say in search/checks.py how else it is found.",
            id="search.E001",
        )
        for model in findable()
        if model not in registered and model not in FOUND_OTHERWISE
    ]
