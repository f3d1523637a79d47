"""Authentication backend and Wagtail permission policies that derive permissions from tenures on each request.

- Groups hold permissions, but nobody is stored as a member of one. Their names are `role:<role>` for a role in any
  conference, `role:<role>@<slug>` for a role in one conference (`role_group_name`), and `role:<role>@*` for a role that
  is held without a conference (`role_group_name_for_all`). `current_groups(user)` reads the groups from the tenures.
- `TenureBackend`, `TenurePagePolicy`, `TenureFilePolicy`: the rules of Django and Wagtail, applied to those groups
  instead of stored group memberships.
- `RecordPolicy`, `AdministrationPolicy`, `AccessPolicy`, `ChangePolicy`: permissions for records, for the models that
  administrators maintain, for the access log, and for changes that a second person confirms. They use only the
  project's queries and rules. A superuser has no additional permissions there: operating the server gives no access to
  records.
- `register_policies()`: called once when the app is ready.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission
from django.db.models import Model, Q, QuerySet
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy

from meetings.enums import STAFF, MeetingState, MinutesState, Role
from meetings.models import AccessEntry, Delegation, JointConference, Meeting, Minutes, PendingChange, Person, Topic
from meetings.models.catalogue import ADMINISTERED, RECORDS
from meetings.models.people import AnyUser
from meetings.queries.access import audited, seen_accesses
from meetings.queries.pending_change import supervised_conferences
from meetings.queries.people import in_force
from meetings.queries.visibility import administers, overseen, readers, sees, sees_any_record, visible
from meetings.rules import topic
from meetings.rules.people import is_bootstrap_superuser, manages, manages_any, may_add
from meetings.rules.seats import is_clerk
from meetings.rules.second_people import seen_changes

ADMIN_ACCESS = Q(content_type__app_label="wagtailadmin", codename="access_admin")
VIEW_ACTIONS = frozenset({"view", "add", "change", "choose"})
ALL_CONFERENCES = "*"  # cannot be the slug of a conference
ROLES_WITH_RIGHTS = tuple(role for role in Role if role != Role.NONE)

# The roles that see the "add" button in the list of a model. Other records are created by steps.
ADDING_ROLES: dict[type[Model], frozenset[str]] = {
    Topic: frozenset({Role.CLERK, Role.LIAISON}),
    Meeting: frozenset({Role.CLERK}),
    Delegation: STAFF,
}
# Decides who sees the "edit" button of a record. The operations check the permission again.
CHANGE_RULES: dict[type[Model], Callable[[Person, Any], bool]] = {
    Topic: topic.may_edit,
    Meeting: lambda person, row: row.state != MeetingState.HELD and is_clerk(person, row),
    Minutes: lambda person, row: row.state != MinutesState.ISSUED and is_clerk(person, row),
}


def role_group_name(role: str, conference: JointConference | None = None) -> str:
    """Return the name of the group with the permissions of a role, in any conference or in the given one."""
    return f"role:{role}@{conference.slug}" if conference else f"role:{role}"


def role_group_name_for_all(role: str) -> str:
    """Return the name of the group with the permissions of a role that is held without a conference."""
    return f"role:{role}@{ALL_CONFERENCES}"


def current_groups(user: AnyUser) -> QuerySet[Group]:
    """Return the groups that the user's current tenures give; none for an anonymous visitor."""
    names: set[str] = set()
    for tenure in user.tenures_in_force() if isinstance(user, Person) else []:
        if tenure.post.role != Role.NONE:
            role, conference = tenure.post.role, tenure.post.conference
            names |= {
                role_group_name(role),
                role_group_name(role, conference) if conference else role_group_name_for_all(role),
            }
    return Group.objects.filter(name__in=names)


def people_with(groups: Iterable[Group]) -> QuerySet[Person]:
    """Return the active people who have one of these groups today; the inverse of `current_groups`."""
    condition = Q(pk__in=[])
    for group in groups:
        role, _, slug = group.name.removeprefix("role:").partition("@")
        in_conference = (
            {"tenures__post__conference": None}
            if slug == ALL_CONFERENCES
            else {"tenures__post__conference__slug": slug}
        )
        condition |= Q(tenures__post__role=role, **(in_conference if slug else {}))
    held = in_force(prefix="tenures__") & Q(tenures__post__role__in=ROLES_WITH_RIGHTS)
    return Person.objects.filter(condition, held, is_active=True).distinct()


class TenureBackend(ModelBackend):
    """Authentication backend. Permissions come from the current groups; any tenure with a role gives admin access.

    Permissions and groups stored on the person are ignored, because they would remain after the last tenure ends.
    """

    def get_user(self, user_id: int | str) -> Person | None:
        """Return the person of a session, with the profile in which Wagtail keeps language and display settings."""
        person = Person.objects.select_related("wagtail_userprofile").filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None

    def _get_user_permissions(self, user_obj: Person) -> QuerySet[Permission]:
        return Permission.objects.none()

    def _get_group_permissions(self, user_obj: Person) -> QuerySet[Permission]:
        held = Q(group__in=current_groups(user_obj))
        if any(tenure.post.role != Role.NONE for tenure in user_obj.tenures_in_force()):
            held |= ADMIN_ACCESS
        return Permission.objects.filter(held).distinct()


class TenurePagePolicy(PagePermissionPolicy):
    """Page permissions from the current groups; used by the page explorer, the choosers and the reports."""

    def get_all_permissions_for_user(self, user: AnyUser) -> QuerySet[GroupPagePermission]:
        """Return the page permissions of a user. Wagtail caches them for the request."""
        if not user.is_active or user.is_anonymous:
            return GroupPagePermission.objects.none()
        held = GroupPagePermission.objects.filter(group__in=current_groups(user))
        return held.select_related("page", "permission")

    def explorable_root_instance(self, user: AnyUser) -> Page | None:
        """Return the page at which the explorer starts. A single page was read with the permissions: no other query."""
        if not hasattr(user, self._explorable_root_instance_cache_name):
            pages = {page.pk: page for page in self.instances_with_direct_explore_permission(user)}
            if len(pages) == 1:
                setattr(user, self._explorable_root_instance_cache_name, next(iter(pages.values())))
        found: Page | None = super().explorable_root_instance(user)
        return found

    def users_with_any_permission(self, actions: Iterable[str], include_superusers: bool = True) -> QuerySet[Person]:
        """Return the people who have permission for one of `actions` on any page."""
        codenames = self._get_permission_codenames(_with_add(actions))
        groups = Group.objects.filter(page_permissions__permission__codename__in=codenames)
        return _with_superusers(people_with(groups.distinct()), include_superusers)

    def users_with_any_permission_for_instance(
        self, actions: Iterable[str], instance: Page, include_superusers: bool = True
    ) -> QuerySet[Person]:
        """Return the people who have permission for one of `actions` on this page.

        As in Wagtail, permission to add pages below a page includes changing one's own pages there.
        """
        codenames, ancestors = self._get_permission_codenames(actions), instance.get_ancestors(inclusive=True)
        groups = Group.objects.filter(
            page_permissions__permission__codename__in=codenames, page_permissions__page__in=ancestors
        )
        people = people_with(groups.distinct())
        if "change" in actions and "add" not in actions:
            adding = Group.objects.filter(
                page_permissions__permission__codename=self._get_permission_codename("add"),
                page_permissions__page__in=ancestors,
            )
            people = people | people_with(adding.distinct()).filter(pk=instance.owner_id or 0)
        return _with_superusers(people, include_superusers)


def _with_add(actions: Iterable[str]) -> set[str]:
    return set(actions) | ({"add"} if "change" in actions else set())


def _with_superusers(people: QuerySet[Person], included: bool) -> QuerySet[Person]:
    return people | Person.objects.filter(is_active=True, is_superuser=True).distinct() if included else people


class TenureFilePolicy(CollectionOwnershipPermissionPolicy):
    """Permissions for images and documents of the public pages, from the collection permissions of current groups."""

    def get_all_permissions_for_user(self, user: AnyUser) -> QuerySet[GroupCollectionPermission]:
        """Return the collection permissions of a user. Wagtail caches them for the request."""
        if not user.is_active or user.is_anonymous:
            return GroupCollectionPermission.objects.none()
        held = GroupCollectionPermission.objects.filter(group__in=current_groups(user))
        return held.select_related("permission", "collection")

    def _users_with_perm_filter(self, actions: Iterable[str], collection: Collection | None = None) -> Q:
        permissions = self._get_permission_objects_for_actions(actions)
        groups = Group.objects.filter(collection_permissions__permission__in=permissions)
        if collection is not None:
            ancestors = collection.get_ancestors(inclusive=True)
            groups = groups.filter(
                collection_permissions__permission__in=permissions, collection_permissions__collection__in=ancestors
            )
        return Q(is_active=True) & (Q(is_superuser=True) | Q(pk__in=people_with(groups.distinct()).values("pk")))


class RecordPolicy(ModelPermissionPolicy):
    """Permissions for records: `queries.visibility` decides who may view one, `CHANGE_RULES` who may change it.

    Nobody may delete a record. This policy decides what a page offers; the operations check again under their lock.
    """

    def user_has_permission(self, user: AnyUser, action: str) -> bool:
        """Return whether the person could view, add or change any record of the model."""
        if action == "delete" or not isinstance(user, Person):
            return False
        if action == "add":
            return any(tenure.post.role in ADDING_ROLES.get(self.model, ()) for tenure in user.tenures_in_force())
        return sees_any_record(user)

    def user_has_permission_for_instance(self, user: AnyUser, action: str, instance: Model) -> bool:
        """Return whether the person may view, or may change in its current state, this record."""
        if not isinstance(user, Person) or not self.user_has_permission(user, action) or action == "add":
            return False
        # A page that only shows a record has asked already (`admin.core.guard`).
        if getattr(instance, "seen_by_pk", None) != user.pk and not sees(user, instance):
            return False
        return action != "change" or (self.model in CHANGE_RULES and CHANGE_RULES[self.model](user, instance))

    def instances_user_has_any_permission_for(self, user: AnyUser, actions: Iterable[str]) -> QuerySet[Model]:
        """Return the records visible to the person; none for an action that nobody has (delete)."""
        rows: QuerySet[Model] = visible(user, self.model)
        return rows if VIEW_ACTIONS & set(actions) else rows.none()

    def users_with_any_permission_for_instance(self, actions: Iterable[str], instance: Model) -> QuerySet[Person]:
        """Return the people to whom this record is visible."""
        return readers(instance) if VIEW_ACTIONS & set(actions) else Person.objects.none()

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Person]:
        """Return the people with any role today; without a record the answer cannot be more precise."""
        held = in_force(prefix="tenures__") & Q(tenures__post__role__in=ROLES_WITH_RIGHTS)
        return Person.objects.filter(held, is_active=True).distinct()


class AdministrationPolicy(ModelPermissionPolicy):
    """Permissions for people, departments, posts, tenures, conferences and regulations.

    Administrators maintain them. Nobody may delete them.
    """

    def user_has_permission(self, user: AnyUser, action: str) -> bool:
        """Administrators may add and change; people who see records may view the rows of their own conferences."""
        if action == "delete" or not isinstance(user, Person):
            return False
        if action == "add":
            return may_add(user, self.model)
        return manages_any(user) or (action in {"view", "choose"} and sees_any_record(user))

    def user_has_permission_for_instance(self, user: AnyUser, action: str, instance: Model) -> bool:
        """Return whether the person may view this row, or may change it as its administrator."""
        if not self.user_has_permission(user, action):
            return False
        if action in {"view", "choose"}:
            return self._rows(user).filter(pk=instance.pk).exists()
        return manages(user, instance)

    def instances_user_has_any_permission_for(self, user: AnyUser, actions: Iterable[str]) -> QuerySet[Model]:
        """Return the rows that the person may view; none for an action that nobody has (delete)."""
        rows = self._rows(user)
        return rows if VIEW_ACTIONS & set(actions) else rows.none()

    def _rows(self, user: AnyUser) -> QuerySet[Model]:
        rows: QuerySet[Model] = (
            self.model._default_manager.all() if is_bootstrap_superuser(user) else overseen(user, self.model)
        )
        return rows

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Person]:
        held = in_force(prefix="tenures__")
        return Person.objects.filter(held, tenures__post__role=Role.ADMINISTRATOR, is_active=True).distinct()


class AccessPolicy(ModelPermissionPolicy):
    """Permissions for the access log: auditors read it, administrators read the logins; no page writes it."""

    def user_has_permission(self, user: AnyUser, action: str) -> bool:
        """Return whether the user may view any entry; no other action is allowed."""
        return action == "view" and bool(audited(user) or administers(user))

    def user_has_permission_for_instance(self, user: AnyUser, action: str, instance: Model) -> bool:
        return action == "view" and seen_accesses(user).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(self, user: AnyUser, actions: Iterable[str]) -> QuerySet[Model]:
        rows: QuerySet[Model] = seen_accesses(user)
        return rows if "view" in set(actions) else rows.none()


class ChangePolicy(ModelPermissionPolicy):
    """Permissions for requests that need a second person: reading; only their own operations change them."""

    def user_has_permission(self, user: AnyUser, action: str) -> bool:
        """Return whether the user may read any request: as a supervisor, or as somebody whom one concerns."""
        if action != "view":
            return False
        return bool(supervised_conferences(user)) or self._rows(user).exists() or is_bootstrap_superuser(user)

    def user_has_permission_for_instance(self, user: AnyUser, action: str, instance: Model) -> bool:
        return action == "view" and self._rows(user).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(self, user: AnyUser, actions: Iterable[str]) -> QuerySet[Model]:
        rows: QuerySet[Model] = self._rows(user)
        return rows if VIEW_ACTIONS & set(actions) else rows.none()

    def _rows(self, user: AnyUser) -> QuerySet[Model]:
        return PendingChange.objects.all() if is_bootstrap_superuser(user) else seen_changes(user)


def register_policies() -> None:
    """Register all policies. `exact_class` makes them win over those that Wagtail's apps register later."""
    from wagtail.documents import get_document_model
    from wagtail.images import get_image_model

    register_permission_policy(Page, TenurePagePolicy(Page))
    for model, stock in ((get_image_model(), "wagtailimages.Image"), (get_document_model(), "wagtaildocs.Document")):
        policy = TenureFilePolicy(model, auth_model=stock, owner_field_name="uploaded_by_user")
        register_permission_policy(model, policy, exact_class=True)
    for record in RECORDS:
        register_permission_policy(record, RecordPolicy(record), exact_class=True)
    for model in ADMINISTERED:
        register_permission_policy(model, AdministrationPolicy(model), exact_class=True)
    register_permission_policy(AccessEntry, AccessPolicy(AccessEntry), exact_class=True)
    register_permission_policy(PendingChange, ChangePolicy(PendingChange), exact_class=True)
