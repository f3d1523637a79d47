"""The template tag for pictures of public pages."""

from django import template
from wagtail.images.models import AbstractRendition
from wagtail.images.shortcuts import get_rendition_or_not_found

from publicity.models import Picture
from publicity.picture_sizes import SIZES

register = template.Library()


@register.simple_tag
def picture(shown: Picture | None, size: str) -> AbstractRendition | None:
    """Return the picture in a size of `picture_sizes`; it is made now if it does not exist yet.

    As with Wagtail's tag, no picture has no rendition: drafts may name one that does not exist.
    """
    rendition: AbstractRendition | None = get_rendition_or_not_found(shown, SIZES[size]) if shown else None
    return rendition
