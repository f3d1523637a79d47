"""Models of the portal itself: the demonstration load, and the rules of the login."""

from collections.abc import Iterable

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.permission_policies import BasePermissionPolicy

from meetings.enums import Role
from meetings.models.people import AnyUser
from meetings.queries.visibility import administers


class DemonstrationLoad(models.Model):
    """Marker of a demonstration load: created first and completed last, so that an interrupted load is detected."""

    day = models.DateField(_("day of loading"))
    complete = models.BooleanField(_("complete"), default=False)

    class Meta:
        verbose_name = _("loaded demonstration")
        verbose_name_plural = _("loaded demonstrations")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.day)


class LoginRulesPolicy(BasePermissionPolicy):
    """Permission to change the rules of the login: administrators of all conferences."""

    def user_has_permission(self, user: AnyUser, action: str) -> bool:
        """Return True for `change`, if the person administers all conferences today."""
        return action == "change" and None in administers(user)

    def user_has_any_permission(self, user: AnyUser, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: AnyUser, action: str, instance: object) -> bool:
        """Return the same as without an instance, because there is only one row."""
        return self.user_has_permission(user, action)


class LoginRulesForm(WagtailAdminModelForm):
    """Form for the roles that need a second factor."""

    second_factor_roles = forms.MultipleChoiceField(
        label=_("Second factor for"),
        choices=[(role.value, role.label) for role in Role if role != Role.NONE],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Whoever holds one of these rights logs in with the password and a code from a telephone, from the next "
            "page on. An app on the telephone shows the code; it needs no network."
        ),
    )

    def save(self, commit: bool = True) -> "LoginRules":
        """Raise `TypeError`: `portal.login_rules` saves, or submits what lowers the protection."""
        raise TypeError("the rules of the login are saved by an operation")


@register_setting(icon="key", order=300)
class LoginRules(BaseGenericSetting):
    """What a login requires besides the password."""

    second_factor_roles = models.JSONField(_("roles that need a second factor"), default=list, blank=True)

    edit_handler = ObjectList([FieldPanel("second_factor_roles")], base_form_class=LoginRulesForm)

    class Meta:
        verbose_name = _("rules of the login")
        verbose_name_plural = _("rules of the login")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def required_roles(cls) -> list[str]:
        """Return the roles that need a second factor now."""
        return cls._default_manager.values_list("second_factor_roles", flat=True).first() or []

    @classmethod
    def get_permission_policy(cls) -> LoginRulesPolicy:
        """Return our own policy: the default one checks model permissions, which nobody has."""
        return LoginRulesPolicy(cls)
