"""Numbers that look like personal data and may be published, each with the person who allowed it and the reason."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from meetings.models import Person, Resolution
from meetings.models.base import exactly_one


class PersonalDataException(models.Model):
    """Permission to publish one number in a page or resolution. The number itself is not stored."""

    page = models.ForeignKey(Page, models.CASCADE, null=True, related_name="+", verbose_name=_("page"))
    resolution = models.ForeignKey(
        Resolution, models.CASCADE, null=True, related_name="+", verbose_name=_("resolution")
    )
    digest = models.CharField(max_length=64)
    masked = models.CharField(_("number, masked"), max_length=20)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("exception for personal data")
        verbose_name_plural = _("exceptions for personal data")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=exactly_one("page", "resolution"), name="exception_of_one_thing"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="exception_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.masked}：{self.reason}"
