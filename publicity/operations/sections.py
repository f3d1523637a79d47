"""Operations on the public section of a conference: its pages, its reviews and the permissions in it.

- `ensure_home()`: create the home page and the site once; called after each migration, as is `ensure_lists`.
- `create_section(conference)`: create section, news, outcomes, a collection of files, and the permissions of its roles.
- `set_reviews(conference)`: set up the reviews that the conference's settings ask for (三审三校).
"""

from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext as _
from wagtail.coreutils import find_available_slug
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from meetings.enums import Role
from meetings.models import JointConference, Person
from meetings.refusal import Refused
from meetings.rights import role_group_name
from meetings.write_lock import write_transaction
from publicity.models import ConferenceSection, HomePage, NewsIndex, OutcomesIndex, ReviewTask
from publicity.models.tree import conference_lists
from publicity.operations.base import announce

# First path components of public URLs that are no section.
RESERVED_SLUGS = frozenset(
    {"_util", "admin", "documents", "feeds", "healthz", "media", "news", "outcomes", "reading", "resolutions"}
    | {"search", "static"}
)
# Chinese data: the names appear in the audit log and on the review screen.
REVIEW_NAMES = {1: "一审", 2: "二审", 3: "三审"}
HOME_TITLE = "首页"
ROOT_COLLECTION = "全部"  # the name of the collection above those of the conferences
ROOT_TITLE = "全部页面"  # Wagtail's own migration calls it "Root"


@write_transaction()
def ensure_home() -> HomePage:
    """Return the home page; create it, with what it needs of Wagtail's tree, if it does not exist."""
    Locale.objects.get_or_create(language_code="zh-hans")
    if not Collection.objects.exists():
        Collection.add_root(name=ROOT_COLLECTION)
    home: HomePage | None = HomePage.objects.first()
    if home is None:
        root = Page.get_first_root_node() or Page.add_root(title=ROOT_TITLE, slug="root")
        # Wagtail's own migrations leave groups that may publish, a workflow for them, and a page for developers.
        Group.objects.filter(name__in=["Moderators", "Editors"]).delete()
        Workflow.objects.filter(name="Moderators approval").delete()
        Task.objects.filter(name="Moderators approval").delete()
        Site.objects.exclude(root_page__in=HomePage.objects.all()).delete()
        for page in root.get_children():
            page.delete()
        root = Page.objects.get(pk=root.pk)
        home = root.add_child(instance=HomePage(title=HOME_TITLE, slug="home"))
    Page.objects.filter(depth=1, title="Root").update(title=ROOT_TITLE, draft_title=ROOT_TITLE)
    Site.objects.get_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})
    return home


@write_transaction()
def create_section(conference: JointConference, *, by: Person | None) -> ConferenceSection:
    """Create the public section of a conference, or update the existing one. It is public at once, and empty."""
    if conference.slug in RESERVED_SLUGS:
        raise Refused(
            _("The address “%(slug)s” is used by the portal itself. Choose another.") % {"slug": conference.slug},
            code="slug_reserved",
            field="slug",
        )
    section: ConferenceSection | None = ConferenceSection.objects.filter(conference=conference).first()
    if section is None:
        home = ensure_home()
        section = home.add_child(
            instance=ConferenceSection(conference=conference, title=conference.name, slug=conference.slug)
        )
        ensure_lists(section)
        grant_permissions(section)
        announce(section, "create_section", by=by)
    elif (section.title, section.slug) != (conference.name, conference.slug):
        section.title = section.draft_title = conference.name
        section.slug = conference.slug
        section.save()
    set_reviews(conference)
    return section


def ensure_lists(section: ConferenceSection) -> None:
    """Create the lists that the section lacks. If a page has the address of a list, the list gets the next free one."""
    for list_type in conference_lists():
        if not list_type.objects.child_of(section).exists():
            slug = find_available_slug(section, list_type.list_slug)
            section.add_child(instance=list_type(title=list_type.list_title, slug=slug))


def grant_permissions(section: ConferenceSection) -> None:
    """Give writers, clerks and administrators of a conference their permissions in its section; nobody may publish."""
    conference = section.conference
    news, outcomes = NewsIndex.objects.child_of(section).get(), OutcomesIndex.objects.child_of(section).get()
    folder = Collection.get_first_root_node().add_child(name=conference.short_name)
    places: dict[str, list[tuple[Page, str]]] = {
        Role.WRITER: [(section, "add_page"), (news, "change_page"), (outcomes, "change_page")],
        Role.CLERK: [(outcomes, "change_page")],
        Role.ADMINISTRATOR: [],
    }
    for role, permissions in places.items():
        group, _created = Group.objects.get_or_create(name=role_group_name(role, conference))
        for page, codename in permissions:
            permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
            GroupPagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=permission)
        kinds = ["image"] if role == Role.ADMINISTRATOR else ["image", "document"]
        files = Permission.objects.filter(
            content_type__app_label__in=["wagtailimages", "wagtaildocs"],
            codename__in=[f"{verb}_{kind}" for verb in ("add", "change", "choose") for kind in kinds],
        )
        for permission in files:
            GroupCollectionPermission.objects.get_or_create(group=group, collection=folder, permission=permission)


def set_reviews(conference: JointConference) -> None:
    """Assign the workflow with as many reviews as the conference asks for to its section.

    Where the writer counts as the first review, the others begin with the second; at least one review remains.
    """
    section = ConferenceSection.objects.filter(conference=conference).first()
    if section is None:
        return
    first = 2 if conference.writer_is_first_review and conference.reviews_required > 1 else 1
    stages = range(first, conference.reviews_required + 1)
    name = "、".join(REVIEW_NAMES[stage] for stage in stages)
    workflow, created = Workflow.objects.get_or_create(name=name)
    if created:
        for order, stage in enumerate(stages):
            task, _made = ReviewTask.objects.get_or_create(stage=stage, defaults={"name": REVIEW_NAMES[stage]})
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    WorkflowPage.objects.update_or_create(page_id=section.pk, defaults={"workflow": workflow})
