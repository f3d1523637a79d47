"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Search: the sources of documents, the query language, the search engines and the maintenance of the index."""

    name = "search"
    verbose_name = _("Search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the signal receivers of the index, and register the panels and the system check."""
        from search import checks, index_updates  # noqa: F401  # importing `checks` registers the system check
        from search.engines.elasticsearch import outbox_worker
        from search.views import similar

        index_updates.connect()
        outbox_worker.connect()
        similar.register()
