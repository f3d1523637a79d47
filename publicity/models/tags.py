"""The tags of public pages, separate from those of records, so that no internal tag is ever suggested."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, TagBase


class PublicTag(TagBase):
    """A tag of public pages."""

    free_tagging = True

    class Meta:
        verbose_name = _("public tag")
        verbose_name_plural = _("public tags")


class TaggedArticle(ItemBase):
    """Joins a tag to an article."""

    tag = models.ForeignKey(PublicTag, models.CASCADE, related_name="tagged_articles")
    content_object = ParentalKey("publicity.Article", on_delete=models.CASCADE, related_name="tagged_items")
