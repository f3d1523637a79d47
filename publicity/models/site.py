"""Settings of the public site."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import GroupSitePermission
from wagtail.permission_policies.sites import SitePermissionPolicy

from publicity.choosers import PicturePanel
from publicity.forms import SettingsForm


class PublicitySettingsForm(SettingsForm):
    """Form for the settings of the public site."""

    def save(self, commit: bool = True) -> "PublicitySettings":
        """Raise `TypeError`: `operations.site_settings` saves, or submits what the public would read."""
        raise TypeError("the settings of the public site are saved by an operation")


class SettingsPolicy(SitePermissionPolicy):
    """Permissions for the settings: those of the person's posts, never those of stored memberships of groups.

    Nobody is a stored member of a group (`meetings.rights`), so the permissions of a single site are none.
    """

    def get_all_permissions_for_user(self, user: object) -> QuerySet[GroupSitePermission]:
        """Return no permission of a single site, without a query."""
        return GroupSitePermission.objects.none()


@register_setting(icon="site", order=200)
class PublicitySettings(BaseSiteSetting):
    """Name, operator, contact and registration numbers of the site, and the top of its home page."""

    title = models.CharField(_("name of the site"), max_length=80, blank=True)
    welcome = models.CharField(
        _("opening sentence"), max_length=200, blank=True, help_text=_("Stands below the name on the home page.")
    )
    examples = models.TextField(
        _("example searches"), blank=True, help_text=_("One a line; they stand below the search box of the home page.")
    )
    organ = models.CharField(_("run by"), max_length=120, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    site_id_code = models.CharField(_("site code"), max_length=10, blank=True, help_text=_("Ten digits."))
    icp_number = models.CharField(_("internet record"), max_length=40, blank=True)
    police_number = models.CharField(_("police record"), max_length=60, blank=True)
    mark = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mark"),
        help_text=_("The office's own. The national, party and union emblems are protected."),
    )
    demonstration = models.BooleanField(_("all data is invented, and each page says so"), default=False)

    select_related: Any = ["mark"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("title"),
                    PicturePanel("mark"),
                    FieldPanel("welcome"),
                    FieldPanel("examples"),
                ],
                _("Home page"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("organ"),
                    FieldPanel("contact"),
                    FieldPanel("site_id_code"),
                    FieldPanel("icp_number"),
                    FieldPanel("police_number"),
                ],
                _("Foot of each page"),
            ),
            FieldPanel("demonstration"),
        ],
        base_form_class=PublicitySettingsForm,
    )

    class Meta:
        verbose_name = _("public site")

    def __str__(self) -> str:
        """Return what it is; there is one site, whose host name says nothing to staff."""
        return str(self._meta.verbose_name)

    @classmethod
    def get_permission_policy(cls) -> SettingsPolicy:
        """Return our own policy, which reads no stored memberships."""
        return SettingsPolicy(cls)

    @property
    def name(self) -> str:
        """The name of the site; the name of the installation if the office has given none."""
        return self.title or settings.WAGTAIL_SITE_NAME

    @property
    def searches(self) -> list[str]:
        """The example searches of the home page."""
        return [line.strip() for line in self.examples.splitlines() if line.strip()]
