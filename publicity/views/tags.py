"""Suggestions of tags in the admin: those of the files that one works on, and of the pages that one may see.

Wagtail suggests every tag there is, so that drafts and files of other conferences would give theirs away.
"""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, JsonResponse
from taggit.models import TagBase
from wagtail.admin.views.tags import TAGS_AUTOCOMPLETE_LIMIT

from meetings.models.people import AnyUser
from publicity.filter_options import tags_of_files
from publicity.models import PublicTag
from publicity.page_visibility import visible_pages


def suggest_tags(request: HttpRequest, app_name: str = "taggit", model_name: str = "tag") -> JsonResponse:
    """Return the names of visible tags that begin with `term`; 404 for a model whose tags are not suggested."""
    visible = {"taggit.tag": tags_of_files, "publicity.publictag": _tags_of_pages}.get(f"{app_name}.{model_name}")
    if visible is None:
        raise Http404
    term = request.GET.get("term", "").replace("\0", "")
    names = visible(request.user).filter(name__istartswith=term).order_by("name").values_list("name", flat=True)
    return JsonResponse(list(names.distinct()[:TAGS_AUTOCOMPLETE_LIMIT]) if term else [], safe=False)


def _tags_of_pages(user: AnyUser) -> "QuerySet[TagBase]":
    return PublicTag.objects.filter(tagged_articles__content_object__in=visible_pages(user).values("pk"))
