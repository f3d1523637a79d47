"""App configuration of the publicity."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class PublicityConfig(AppConfig):
    """Registers panels, receivers and the preparation after migrations."""

    name = "publicity"
    verbose_name = _("Publicity")

    def ready(self) -> None:
        from wagtail.models import ReferenceIndex

        from meetings.operations import change_kinds
        from publicity import checks, panels, receivers, work_sources  # noqa: F401  # importing `checks` registers the system check
        from publicity.admin import desk_sections  # noqa: F401  # importing it registers the sections
        from publicity.filter_options import limit_filter_options
        from publicity.models import PublicitySettings
        from publicity.operations import public_state, site_settings

        ReferenceIndex.register_model(PublicitySettings)  # Wagtail counts the uses of a picture without settings
        panels.register()
        work_sources.register()
        change_kinds.register(site_settings.KIND)
        receivers.connect()
        limit_filter_options()
        pre_migrate.connect(public_state.before_migration, sender=self)
        post_migrate.connect(_prepare, sender=self)
        post_migrate.connect(public_state.after_migration, sender=self)


def _prepare(sender: AppConfig, *, using: str, **kwargs: object) -> None:
    """Create the home page and the permission of the administrators once the tables exist."""
    from publicity.operations.setup import prepare_installation

    prepare_installation(sender, using=using)
