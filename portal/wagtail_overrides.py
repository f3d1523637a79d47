"""Source strings of Wagtail that this portal translates differently into Chinese.

Listing them here puts them into the catalogue of an app, which takes precedence over Wagtail's. Strings without a
Chinese translation in Wagtail are in `portal/wagtail_zh`.
"""

from django.utils.translation import gettext_noop as _

OVERRIDDEN_STRINGS = (
    _("live"),
    _("live + draft"),
    _("live + scheduled"),
    _("live + in moderation"),
    _("Live"),
    _("Live version"),
    _("There are no %(model_name)s to display."),
    _("Dashboard"),
    _("Toggle breadcrumbs"),
    _("Toggle section"),
    _("This field is required."),
    _("Page '%(page_title)s' created."),
    _("Page '%(page_title)s' created and submitted for moderation."),
    _("Page '%(page_title)s' has been submitted for moderation."),
    _("Submit for moderation"),
    _("Submit to %(workflow_name)s"),
    _("Resubmit to %(task_name)s"),
    _("Restart workflow "),
    _("Cancel workflow "),
    _("Promote"),
    _("The page title as you'd like it to be seen by the public"),
    _("Choose an image"),
    _("A comma-separated list of tags."),
    _("Your %(username_field)s and password didn't match. Please try again."),
    _("You do not have permission to access the admin."),
    _("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
    _("Null characters are not allowed."),
    _("Title: (A -> Z)"),
    _("Title: (Z -> A)"),
    _("Account"),
    _("Your account settings have been changed successfully!"),
    _("Your account doesn't have access to this page. To proceed, please log in with an account that has access."),
    _('Multi-word tags with spaces will automatically be enclosed in double quotes (").'),
)
