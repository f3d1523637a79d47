"""The tags of public pages: a model of their own, so that nothing internal is ever suggested here."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, TagBase


class PublicTag(TagBase):
    """A word that public pages share."""

    free_tagging = True

    class Meta:
        verbose_name = _("public tag")
        verbose_name_plural = _("public tags")


class TaggedArticle(ItemBase):
    """Joins a tag to an article."""

    tag = models.ForeignKey(PublicTag, models.CASCADE, related_name="tagged_articles")
    content_object = ParentalKey("publicity.Article", on_delete=models.CASCADE, related_name="tagged_items")
