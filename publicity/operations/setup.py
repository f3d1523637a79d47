"""Preparation of an installation before anybody logs in: the home page and the administrators' permissions."""

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, ReferenceIndex

from meetings.enums import Role
from meetings.rights import role_group_name, role_group_name_for_all
from publicity.models import ConferenceSection, PublicitySettings
from publicity.operations.sections import ROOT_COLLECTION, ensure_home, ensure_lists


def prepare_installation(app: AppConfig, *, using: str = "default") -> None:
    """Create the home page and the lists that sections lack, and let administrators of all edit the site's settings.

    It can be repeated. Site and pictures belong to the whole installation; the administrator of one conference has the
    pictures of that one (`sections.grant_permissions`).
    """
    create_permissions(app, verbosity=0, using=using)
    ensure_home()
    for section in ConferenceSection.objects.all():
        ensure_lists(section)
    for settings in PublicitySettings.objects.all():
        ReferenceIndex.create_or_update_for_object(settings)  # of installations from before it was indexed
    Group.objects.filter(name=role_group_name(Role.ADMINISTRATOR)).delete()  # a group of earlier versions
    group, _created = Group.objects.get_or_create(name=role_group_name_for_all(Role.ADMINISTRATOR))
    group.permissions.add(
        Permission.objects.get(content_type__app_label="publicity", codename="change_publicitysettings")
    )
    Collection.objects.filter(depth=1, name="Root").update(name=ROOT_COLLECTION)  # Wagtail's migration names it
    root = Collection.get_first_root_node()
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailimages", codename__in=["add_image", "change_image", "choose_image"]
    ):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)
