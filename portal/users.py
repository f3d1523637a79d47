"""Wagtail's own pages for users and groups are not offered.

People are kept in the records, with a log of every right given; nobody is a member of a group. Wagtail's documented way
to replace those pages is an app config with other viewsets: these have no page.
"""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    """`wagtail.users` without its pages for users and groups."""

    user_viewset = "wagtail.admin.viewsets.base.ViewSet"
    group_viewset = "wagtail.admin.viewsets.base.ViewSet"
