"""The search room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """What is indexed, one query language, one engine contract, its engines and index upkeep."""

    name = "search"
    verbose_name = _("Search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to changes, check that everything is found, and hang panels into the rooms below."""
        from search import index_updates
        from search.engines.elasticsearch import outbox_worker
        from search.views import similar

        index_updates.connect()
        outbox_worker.connect()
        similar.register()
