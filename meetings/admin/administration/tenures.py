"""Tenures as the administrator's pages show and ask them: who holds what from when to when.

Key concepts
- `Term`: a tenure as a line, with its mark: held now, still to come, or ended.
- `TenureForm`: a row of the form of a person. `end_url(tenure)`: where it is given its last day.
- `post_choices(posts)`: posts under the conference they belong to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from meetings import clock
from meetings.admin.core.status_badges import DONE, EMPTY, SKIPPED, Mark
from meetings.models import Post, Tenure

TITLE_HELP = gettext_lazy(
    "As it stands in minutes, with every office that is printed. Left empty: the name of the post."
)


@dataclass(frozen=True)
class Term:
    """A tenure as a line of a person's or a post's page."""

    tenure: Tenure
    mark: Mark
    url: str = ""
    end_url: str = ""


def mark_of_tenure(tenure: Tenure) -> Mark:
    """Held now, still to come, or ended."""
    today = clock.today()
    if tenure.to_date and tenure.to_date < today:
        return Mark(SKIPPED, _("Ended"))
    return Mark(EMPTY, _("To come")) if tenure.from_date > today else Mark(DONE, _("In office"))


def terms(tenures: Iterable[Tenure], *, page: str, may_change: bool) -> list[Term]:
    """Tenures as lines, the latest first; `page` is the relation whose page each line leads to: person or post."""
    today = clock.today()
    rows = sorted(tenures, key=lambda tenure: (tenure.from_date, tenure.pk), reverse=True)
    return [
        Term(
            tenure=row,
            mark=mark_of_tenure(row),
            url=reverse(f"{page}:inspect", args=[getattr(row, f"{page}_id")]),
            end_url=end_url(row) if may_change and (row.to_date is None or row.to_date > today) else "",
        )
        for row in rows
    ]


def end_url(tenure: Tenure) -> str:
    """Where a tenure is given its last day."""
    return reverse("post:end", args=[tenure.post_id, tenure.pk])


def post_name(post: Post) -> str:
    """A post with its department, where the title alone does not tell."""
    department = post.department.name if post.department else ""
    return f"{post.title}（{department}）" if department and department not in post.title else post.title


def post_choices(posts: Iterable[Post]) -> list[tuple[str, Any]]:
    """Posts as choices, grouped by conference; those of all conferences come last."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for post in sorted(posts, key=lambda post: (post.conference_id is None, post.conference_id or 0)):
        place = post.conference.short_name if post.conference else _("All conferences")
        groups.setdefault(place, []).append((str(post.pk), post_name(post)))
    return [("", "---------"), *groups.items()]


def refuse_turned_days(form: forms.BaseForm) -> None:
    """Say at the field that the last day lies before the first."""
    begins, ends = form.cleaned_data.get("from_date"), form.cleaned_data.get("to_date")
    if begins and ends and ends < begins:
        form.add_error("to_date", _("The last day lies before the first. Correct the days."))


class TenureForm(WagtailAdminModelForm):
    """A post with the title to print and the days; the title is that of the post unless another is written."""

    def __init__(self, *args: Any, posts: Iterable[Post] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["post"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Post.objects.filter(pk__in=[post.pk for post in posts])
        field.choices = post_choices(posts)
        self.fields["from_date"].label = gettext_lazy("First day")
        self.fields["to_date"].label = gettext_lazy("Last day")
        self.fields["full_title"].required = False
        self.fields["full_title"].help_text = TITLE_HELP

    def clean(self) -> dict[str, Any]:
        """Fill in the title and the protocol order of the post."""
        data: dict[str, Any] = super().clean() or {}
        post = data.get("post")
        if post is not None:
            data["full_title"] = data.get("full_title") or post.title
            if not self.instance.pk:
                self.instance.order = post.order
        refuse_turned_days(self)
        return data
