"""Tenures as rows of a person's form, and as lines on the pages of people and posts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from meetings import clock
from meetings.admin.core.status_badges import DONE, EMPTY, SKIPPED, StatusBadge
from meetings.models import Post, Tenure

TITLE_HELP = gettext_lazy(
    "As it stands in minutes, with every office that is printed. Left empty: the name of the post."
)


@dataclass(frozen=True)
class TenureLine:
    """A tenure as a line of a person's or a post's page; `end_url` is empty if it cannot be ended."""

    tenure: Tenure
    badge: StatusBadge
    url: str = ""
    end_url: str = ""


def tenure_badge(tenure: Tenure) -> StatusBadge:
    """Return whether a tenure is held now, still to come, or ended."""
    today = clock.today()
    if tenure.to_date and tenure.to_date < today:
        return StatusBadge(SKIPPED, _("Ended"))
    return StatusBadge(EMPTY, _("To come")) if tenure.from_date > today else StatusBadge(DONE, _("In office"))


def tenure_lines(tenures: Iterable[Tenure], *, page: str, may_change: bool) -> list[TenureLine]:
    """Return tenures as lines, the latest first.

    `page` is the relation to whose page each line links: "person" or "post".
    """
    today = clock.today()
    rows = sorted(tenures, key=lambda tenure: (tenure.from_date, tenure.pk), reverse=True)
    return [
        TenureLine(
            tenure=row,
            badge=tenure_badge(row),
            url=reverse(f"{page}:inspect", args=[getattr(row, f"{page}_id")]),
            end_url=end_url(row) if may_change and (row.to_date is None or row.to_date > today) else "",
        )
        for row in rows
    ]


def end_url(tenure: Tenure) -> str:
    """Return the URL of the form that sets the last day of a tenure."""
    return reverse("post:end", args=[tenure.post_id, tenure.pk])


def post_name(post: Post) -> str:
    """Return the title of a post, with its department if the title does not contain it."""
    department = post.department.name if post.department else ""
    return f"{post.title}（{department}）" if department and department not in post.title else post.title


def post_choices(posts: Iterable[Post]) -> list[tuple[str, str | list[tuple[str, str]]]]:
    """Return posts as choices grouped by conference; those for all conferences come last."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for post in sorted(posts, key=lambda post: (post.conference_id is None, post.conference_id or 0)):
        place = post.conference.short_name if post.conference else _("All conferences")
        groups.setdefault(place, []).append((str(post.pk), post_name(post)))
    return [("", "---------"), *groups.items()]


def check_date_order(form: forms.BaseForm) -> None:
    """Add an error to the form if the last day is before the first."""
    begins, ends = form.cleaned_data.get("from_date"), form.cleaned_data.get("to_date")
    if begins and ends and ends < begins:
        form.add_error("to_date", _("The last day lies before the first. Correct the days."))


class TenureForm(WagtailAdminModelForm):
    """A row of a person's form: a post, the title to print, and the days. The title defaults to that of the post."""

    def __init__(self, *args: object, posts: Iterable[Post] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["post"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Post.objects.filter(pk__in=[post.pk for post in posts])
        field.choices = post_choices(posts)
        self.fields["from_date"].label = gettext_lazy("First day")
        self.fields["to_date"].label = gettext_lazy("Last day")
        self.fields["full_title"].required = False
        self.fields["full_title"].help_text = TITLE_HELP

    def clean(self) -> None:
        """Fill in the title and the protocol order of the post."""
        super().clean()
        data = self.cleaned_data
        post = data.get("post")
        if post is not None:
            data["full_title"] = data.get("full_title") or post.title
            if not self.instance.pk:
                self.instance.order = post.order
        check_date_order(self)
