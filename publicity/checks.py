"""System checks of the page types: where a page with text may stand in the tree."""

from collections.abc import Iterator, Sequence

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from wagtail.models import Page

from publicity.models import ConferenceSection, GatedPage, gated_page_types
from publicity.models.tree import ConferenceList

HINT = "Name ConferenceSection or a ConferenceList in its parent_page_types."


@register()
def pages_stand_in_sections(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Report page types with text that may stand elsewhere than in the section of a conference.

    Rights, reviews and the conference of a page come from its section. A page below another page with text would be
    public while that page is not, with its title and address in the breadcrumbs.
    """
    return [
        Error(f"{model._meta.label} may be created below {parent._meta.label}.", hint=HINT, id="publicity.E001")
        for model in gated_page_types()
        for parent in _other_parents(model)
    ]


def _other_parents(model: type[GatedPage]) -> Iterator[type[Page]]:
    for parent in model.allowed_parent_page_models():
        if not issubclass(parent, ConferenceSection | ConferenceList):
            yield parent
