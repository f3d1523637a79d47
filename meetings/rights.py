"""How Django and Wagtail learn the rights that tenures carry, on each request.

Key concepts
- A group is a named bundle of permissions and nobody is its member: `role:<role>` for a role wherever it is held,
  `role:<role>@<slug>` for a role in one conference (`bundle`), `role:<role>@*` for a role that is held for all of them
  (`bundle_for_all`). `groups_held_today(user)` reads them from tenures.
- `TenureBackend`, `TenurePagePolicy`, `TenureFilePolicy`: the stock rules of Django and
  Wagtail, over those groups instead of stored memberships.
- `RecordPolicy`, `ManagedPolicy`, `AccessPolicy`: records, what the administrator keeps, and the access log, answered
  by queries and rules alone.
  A superuser is answered as everybody else is: records are no business of whoever runs the server.
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
from meetings.models import AccessEntry, Delegation, JointConference, Meeting, Minutes, Person, Topic
from meetings.models.catalogue import ADMINISTERED, RECORDS
from meetings.queries.access import audited, seen_accesses
from meetings.queries.people import in_force
from meetings.queries.visibility import administers, has_sight, overseen, readers, visible
from meetings.rules import topic
from meetings.rules.people import is_bootstrap_superuser, manages, manages_any, may_add
from meetings.rules.seats import either_clerk, seat_of

ACCESS = Q(content_type__app_label="wagtailadmin", codename="access_admin")
LOOK = frozenset({"view", "add", "change", "choose"})
ALL = "*"  # no conference has such an address
WITH_RIGHTS = tuple(role for role in Role if role != Role.NONE)

# Who is offered "new" in the listing of a model; the other records are made by steps.
ADDERS: dict[type[Model], frozenset[str]] = {
    Topic: frozenset({Role.CLERK, Role.LIAISON}),
    Meeting: frozenset({Role.CLERK}),
    Delegation: STAFF,
}
# Who is offered "edit" of a record; the operations decide.
CHANGERS: dict[type[Model], Callable[[Person, Any], bool]] = {
    Topic: topic.may_edit,
    Meeting: lambda person, row: row.state != MeetingState.HELD and _is_clerk(person, row),
    Minutes: lambda person, row: row.state != MinutesState.ISSUED and _is_clerk(person, row),
}


def _is_clerk(person: Person, record: Any) -> bool:
    return seat_of(person, record, either_clerk(record)) is not None


def bundle(role: str, conference: JointConference | None = None) -> str:
    """The name of the group that holds the permissions of a role, everywhere or in one conference."""
    return f"role:{role}@{conference.slug}" if conference else f"role:{role}"


def bundle_for_all(role: str) -> str:
    """The name of the group that holds the permissions of a role that stands above the conferences."""
    return f"role:{role}@{ALL}"


def groups_held_today(user: Any) -> QuerySet[Group]:
    """The bundles that a person's tenures of today carry; an anonymous visitor has none."""
    names: set[str] = set()
    for tenure in user.held() if isinstance(user, Person) else []:
        if tenure.post.role != Role.NONE:
            role, conference = tenure.post.role, tenure.post.conference
            names |= {bundle(role), bundle(role, conference) if conference else bundle_for_all(role)}
    return Group.objects.filter(name__in=names)


def people_with(groups: Iterable[Group]) -> QuerySet[Person]:
    """The active people who hold one of these bundles today: `groups_held_today` read the other way."""
    condition = Q(pk__in=[])
    for group in groups:
        role, _, slug = group.name.removeprefix("role:").partition("@")
        place = {"tenures__post__conference": None} if slug == ALL else {"tenures__post__conference__slug": slug}
        condition |= Q(tenures__post__role=role, **(place if slug else {}))
    held = in_force(prefix="tenures__") & Q(tenures__post__role__in=WITH_RIGHTS)
    return Person.objects.filter(condition, held, is_active=True).distinct()


class TenureBackend(ModelBackend):
    """Logs people in; their permissions are the bundles of today, and the admin for whoever holds any right today.

    Permissions or groups stored on a person count for nothing: what no tenure gives, no tenure takes away.
    """

    def _get_user_permissions(self, user_obj: Person) -> QuerySet[Permission]:
        return Permission.objects.none()

    def _get_group_permissions(self, user_obj: Person) -> QuerySet[Permission]:
        held = Q(group__in=groups_held_today(user_obj))
        if any(tenure.post.role != Role.NONE for tenure in user_obj.held()):
            held |= ACCESS
        return Permission.objects.filter(held).distinct()


class TenurePagePolicy(PagePermissionPolicy):
    """Page permissions of the bundles that are held today; asked by the explorer, the choosers and the reports."""

    def get_all_permissions_for_user(self, user: Any) -> QuerySet[GroupPagePermission]:
        """The page permissions of a person; read once per request."""
        if not user.is_active or user.is_anonymous:
            return GroupPagePermission.objects.none()
        held = GroupPagePermission.objects.filter(group__in=groups_held_today(user))
        return held.select_related("page", "permission")

    def users_with_any_permission(self, actions: Iterable[str], include_superusers: bool = True) -> QuerySet[Person]:
        """Who may do one of `actions` on some page."""
        codenames = self._get_permission_codenames(_with_add(actions))
        groups = Group.objects.filter(page_permissions__permission__codename__in=codenames)
        return _with_superusers(people_with(groups.distinct()), include_superusers)

    def users_with_any_permission_for_instance(
        self, actions: Iterable[str], instance: Page, include_superusers: bool = True
    ) -> QuerySet[Person]:
        """Who may do one of `actions` on this page; adding below a page includes changing the own pages there."""
        codenames, above = self._get_permission_codenames(actions), instance.get_ancestors(inclusive=True)
        groups = Group.objects.filter(
            page_permissions__permission__codename__in=codenames, page_permissions__page__in=above
        )
        people = people_with(groups.distinct())
        if "change" in actions and "add" not in actions:
            adding = Group.objects.filter(
                page_permissions__permission__codename=self._get_permission_codename("add"),
                page_permissions__page__in=above,
            )
            people = people | people_with(adding.distinct()).filter(pk=instance.owner_id or 0)
        return _with_superusers(people, include_superusers)


def _with_add(actions: Iterable[str]) -> set[str]:
    return set(actions) | ({"add"} if "change" in actions else set())


def _with_superusers(people: QuerySet[Person], included: bool) -> QuerySet[Person]:
    return people | Person.objects.filter(is_active=True, is_superuser=True).distinct() if included else people


class TenureFilePolicy(CollectionOwnershipPermissionPolicy):
    """Images and documents of the public pages, by the collections of the bundles that are held today."""

    def get_all_permissions_for_user(self, user: Any) -> QuerySet[GroupCollectionPermission]:
        """The collection permissions of a person; read once per request."""
        if not user.is_active or user.is_anonymous:
            return GroupCollectionPermission.objects.none()
        held = GroupCollectionPermission.objects.filter(group__in=groups_held_today(user))
        return held.select_related("permission", "collection")

    def _users_with_perm_filter(self, actions: Iterable[str], collection: Collection | None = None) -> Q:
        permissions = self._get_permission_objects_for_actions(actions)
        groups = Group.objects.filter(collection_permissions__permission__in=permissions)
        if collection is not None:
            above = collection.get_ancestors(inclusive=True)
            groups = groups.filter(
                collection_permissions__permission__in=permissions, collection_permissions__collection__in=above
            )
        return Q(is_active=True) & (Q(is_superuser=True) | Q(pk__in=people_with(groups.distinct()).values("pk")))


class RecordPolicy(ModelPermissionPolicy):
    """A record, for everyone who may know of it: seen by `queries.visibility`, changed as its rule says.

    Nobody deletes a record. The operations decide again under their lock; this decides what a page offers.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        """True if some record of the model could be seen, added or changed by this person."""
        if action == "delete" or not isinstance(user, Person):
            return False
        if action == "add":
            return any(tenure.post.role in ADDERS.get(self.model, ()) for tenure in user.held())
        return has_sight(user)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        """True if the person may see, or now change, this record."""
        if not self.user_has_permission(user, action) or action == "add":
            return False
        if not visible(user, self.model).filter(pk=instance.pk).exists():
            return False
        return action != "change" or (self.model in CHANGERS and CHANGERS[self.model](user, instance))

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        """The records that the person may know of; none for an action that nobody has."""
        rows: QuerySet[Any] = visible(user, self.model)
        return rows if LOOK & set(actions) else rows.none()

    def users_with_any_permission_for_instance(self, actions: Iterable[str], instance: Model) -> QuerySet[Person]:
        """The people who may know of this record."""
        return readers(instance) if LOOK & set(actions) else Person.objects.none()

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Person]:
        """The people who hold any right today; asked without a record nothing nearer is true."""
        held = in_force(prefix="tenures__") & Q(tenures__post__role__in=WITH_RIGHTS)
        return Person.objects.filter(held, is_active=True).distinct()


class ManagedPolicy(ModelPermissionPolicy):
    """What administrators keep: people, departments, posts, tenures, conferences, regulations. Nothing is deleted."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Administrators add and change; whoever sees records may look at what is kept about the own conferences."""
        if action == "delete" or not isinstance(user, Person):
            return False
        if action == "add":
            return may_add(user, self.model)
        return manages_any(user) or (action in {"view", "choose"} and has_sight(user))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        """True if the administrator's reach covers this row, or the person may look at it."""
        if not self.user_has_permission(user, action):
            return False
        if action in {"view", "choose"}:
            return self._rows(user).filter(pk=instance.pk).exists()
        return manages(user, instance)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        """The rows that the person may look at."""
        rows = self._rows(user)
        return rows if LOOK & set(actions) else rows.none()

    def _rows(self, user: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = (
            self.model._default_manager.all() if is_bootstrap_superuser(user) else overseen(user, self.model)
        )
        return rows

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Person]:
        """The administrators of today."""
        held = in_force(prefix="tenures__")
        return Person.objects.filter(held, tenures__post__role=Role.ADMINISTRATOR, is_active=True).distinct()


class AccessPolicy(ModelPermissionPolicy):
    """The access log: read by auditors, logins by administrators; written by no page."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """True for looking, for whoever may read any of it."""
        return action == "view" and bool(audited(user) or administers(user))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        """True for looking at an entry that the person may read."""
        return action == "view" and seen_accesses(user).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        """The entries that the person may read."""
        rows: QuerySet[Any] = seen_accesses(user)
        return rows if "view" in set(actions) else rows.none()


def register_policies() -> None:
    """Register all policies; the exact class wins over what Wagtail's own apps register when they become ready."""
    from wagtail.documents import get_document_model
    from wagtail.images import get_image_model

    register_permission_policy(Page, TenurePagePolicy(Page))
    for model, stock in ((get_image_model(), "wagtailimages.Image"), (get_document_model(), "wagtaildocs.Document")):
        policy = TenureFilePolicy(model, auth_model=stock, owner_field_name="uploaded_by_user")
        register_permission_policy(model, policy, exact_class=True)
    for record in RECORDS:
        register_permission_policy(record, RecordPolicy(record), exact_class=True)
    for model in ADMINISTERED:
        register_permission_policy(model, ManagedPolicy(model), exact_class=True)
    register_permission_policy(AccessEntry, AccessPolicy(AccessEntry), exact_class=True)
