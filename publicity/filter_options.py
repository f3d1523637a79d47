"""Options of the filters in Wagtail's lists and reports: only what stands in the rows that the person may see.

Wagtail offers the people, workflows, tasks and tags of all conferences: the filter would give away who works elsewhere.

- `limit_filter_options()`: called once when the app is ready. It replaces the options of Wagtail's own filter sets, so
  that every list that uses them follows: the explorer, the usage of a page type, the two workflow reports, pictures
  and documents.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, QueryDict
from taggit.models import Tag, TaggedItem
from wagtail.admin.filters import BaseMediaFilterSet, WagtailFilterSet
from wagtail.admin.views.pages.listing import PageFilterSet
from wagtail.admin.views.reports.workflows import WorkflowReportFilterSet, WorkflowTasksReportFilterSet
from wagtail.documents.views import documents
from wagtail.images.views import images
from wagtail.models import Page, PageLogEntry, Task, Workflow, WorkflowState, get_default_page_content_type
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry

from meetings.models import Person
from meetings.models.people import AnyUser
from publicity.models import Picture, PublicDocument

MOST_TAGS = 10  # as many as Wagtail's filter offers


def limit_filter_options() -> None:
    """Limit the options of Wagtail's filters by people, workflows, tasks and tags."""
    limits: dict[type[WagtailFilterSet], dict[str, Callable[[HttpRequest], QuerySet[Any]]]] = {
        PageFilterSet: {"owner": _owners, "edited_by": _editors},
        WorkflowReportFilterSet: {"requested_by": _submitters, "workflow": _workflows},
        WorkflowTasksReportFilterSet: {"workflow": _workflows, "task": _tasks},
    }
    for filter_set, options in limits.items():
        for name, options_for in options.items():
            # Subclasses share the object of a declared filter; each instance of a filter set copies it.
            filter_set.base_filters[name].queryset = options_for  # type: ignore[attr-defined]  # set by its metaclass
    images.IndexView.filterset_class = PictureFilterSet
    documents.IndexView.filterset_class = DocumentFilterSet


def tags_of_files(user: AnyUser, *models: type[Picture] | type[PublicDocument]) -> "QuerySet[Tag]":
    """Return the tags of the pictures and documents, or of those of one model, that the person works with."""
    used = TaggedItem.objects.none()
    for model in models or (Picture, PublicDocument):
        own = policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, ["change", "choose"])
        kind = ContentType.objects.get_for_model(model)
        used |= TaggedItem.objects.filter(content_type=kind, object_id__in=own.order_by().values("pk"))
    return Tag.objects.filter(pk__in=used.values("tag"))


class _OwnTags(BaseMediaFilterSet):
    """The filters of a list of files, with the tags of the files that the person works with."""

    tagged: type[Picture] | type[PublicDocument]

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(_without_negative_counts(data), *args, **kwargs)
        if "tag" not in self.filters:
            return
        names = tags_of_files(self.request.user, self.tagged).order_by("name").values_list("name", flat=True)
        choices = [(name, name) for name in names[:MOST_TAGS]]
        if choices:
            self.filters["tag"].extra["choices"] = choices
        else:
            del self.filters["tag"]


def _without_negative_counts(data: QueryDict | None) -> QueryDict | None:
    """Leave out a negative number of uses: no file is used less than never, and Wagtail's query would fail."""
    if data is None:
        return None
    kept = data.copy()
    for name in ("usage_count_min", "usage_count_max"):
        if kept.get(name, "").strip().startswith("-"):
            del kept[name]
    return kept


class PictureFilterSet(_OwnTags, images.ImagesFilterSet):
    """The filters of the list of pictures."""

    tagged = Picture

    class Meta(images.ImagesFilterSet.Meta):
        pass


class DocumentFilterSet(_OwnTags, documents.DocumentsFilterSet):
    """The filters of the list of documents."""

    tagged = PublicDocument

    class Meta(documents.DocumentsFilterSet.Meta):
        pass


def _own_pages(user: AnyUser) -> "QuerySet[Page]":
    policy = policy_registry.get_by_type(Page)
    assert isinstance(policy, PagePermissionPolicy)
    pages: QuerySet[Page] = policy.explorable_instances(user)
    return pages.order_by()


def _owners(request: HttpRequest) -> QuerySet[Person]:
    return Person.objects.filter(pk__in=_own_pages(request.user).values("owner"))


def _editors(request: HttpRequest) -> QuerySet[Person]:
    entries = PageLogEntry.objects.filter(action="wagtail.edit", page__in=_own_pages(request.user).values("pk"))
    return Person.objects.filter(pk__in=entries.order_by().values("user"))


def _states(request: HttpRequest) -> QuerySet[WorkflowState]:
    """Return the workflow states that the reports list."""
    pages = policy_registry.get_by_type(Page).instances_user_has_permission_for(request.user, "change")
    keys = pages.order_by().annotate(key=Cast("pk", CharField())).values("key")
    kind = get_default_page_content_type()
    return WorkflowState.objects.filter(base_content_type=kind, object_id__in=keys).order_by()


def _submitters(request: HttpRequest) -> QuerySet[Person]:
    return Person.objects.filter(pk__in=_states(request).values("requested_by")).order_by("name")


def _workflows(request: HttpRequest) -> QuerySet[Workflow]:
    return Workflow.objects.filter(pk__in=_states(request).values("workflow"))


def _tasks(request: HttpRequest) -> QuerySet[Task]:
    return Task.objects.filter(pk__in=_states(request).values("task_states__task"))
