"""Remove Wagtail's own pages for users and groups.

People are records with a log of every right that they were given; nobody is a member of a group. Wagtail's documented
way to replace those pages is an app config with other viewsets; these have no pages.
"""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    """`wagtail.users` without pages for users and groups."""

    user_viewset = "wagtail.admin.viewsets.base.ViewSet"
    group_viewset = "wagtail.admin.viewsets.base.ViewSet"
