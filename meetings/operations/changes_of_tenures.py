"""Kinds of changes that a second person confirms: a tenure, and the hand-over of a post."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.models import Person, Post, Tenure
from meetings.operations.change_kinds import Act, ChangeKind, Data, register
from meetings.operations.change_words import (
    as_day,
    as_text,
    changed_meanwhile,
    days,
    inactive_meanwhile,
    old_and_new,
    person_of,
    post_of,
    post_words,
    who,
)
from meetings.operations.login import IssuedCode
from meetings.operations.tenures import begin_tenure, change_tenure, succeed
from meetings.refusal import Refused
from meetings.rules.pending_change import needs_second_person, tenure_raises


def tenure_act(person: Person, tenure: Tenure) -> Act:
    """Return the act that begins a tenure, or changes the days and the printed title of an existing one."""
    return Act(
        "tenure",
        {
            "person": person.pk,
            "post": tenure.post_id,
            "tenure": tenure.pk,
            "from": as_text(tenure.from_date),
            "to": as_text(tenure.to_date),
            "title": tenure.full_title,
            "order": tenure.order,
        },
    )


def _tenure(data: Data) -> tuple[Tenure | None, Tenure]:
    """Return the stored tenure, if there is one, and the tenure as it will be."""
    old = Tenure.objects.select_related("post", "person").filter(pk=data["tenure"] or 0).first()
    new = Tenure(
        post=post_of(data), person=person_of(data), full_title=data["title"], from_date=as_day(data["from"]), order=0
    )
    new.to_date = as_day(data["to"]) if data["to"] else None
    return old, new


def _describe_tenure(data: Data) -> list[str]:
    old, new = _tenure(data)
    lines = [_("%(who)s holds the post: %(post)s") % {"who": who(new.person), "post": post_words(new.post)}]
    if old is None:
        lines.append(_title_line(new))
    elif old.full_title != new.full_title:
        lines.append(old_and_new(_("Printed title"), old.full_title, new.full_title))
    before = days(old.from_date, old.to_date) if old else ""
    return [*lines, old_and_new(_("Tenure"), before, days(new.from_date, new.to_date))]


def _title_line(tenure: Tenure) -> str:
    return _("Printed in documents as: %(title)s") % {"title": tenure.full_title or tenure.post.title}


def _apply_tenure(data: Data, by: Person, shown_to: Person | None) -> Iterable[IssuedCode]:
    old, new = _tenure(data)
    if data.get("tenure") and old is None:
        raise Refused(_("The tenure was removed meanwhile. Decline the request."), code="tenure_gone")
    if not new.person.is_active:
        raise inactive_meanwhile(new.person)
    if old is not None:
        if (old.post_id, old.person_id) != (new.post_id, new.person_id):
            raise changed_meanwhile()
        change_tenure(old, by=by, from_date=new.from_date, to_date=new.to_date, full_title=new.full_title)
        return ()
    begin_tenure(
        new.post,
        new.person,
        by=by,
        from_date=new.from_date,
        to_date=new.to_date,
        full_title=new.full_title,
        order=data["order"],
    )
    return ()


def succession_act(post: Post, person: Person, *, from_date: date, full_title: str = "") -> Act:
    """Return the act by which a successor takes a post over; the present tenure ends the day before."""
    return Act("succession", {"post": post.pk, "person": person.pk, "from": as_text(from_date), "title": full_title})


def _succession(data: Data) -> Tenure:
    return Tenure(post=post_of(data), person=person_of(data), from_date=as_day(data["from"]), full_title=data["title"])


def _describe_succession(data: Data) -> list[str]:
    new = _succession(data)
    eve = new.from_date - timedelta(days=1)
    holders = "、".join(who(tenure.person) for tenure in _held_on(new, eve))
    return [
        _("%(who)s holds the post: %(post)s") % {"who": who(new.person), "post": post_words(new.post)},
        _title_line(new),
        old_and_new(_("Holder from %(day)s") % {"day": date_format(new.from_date)}, holders, who(new.person)),
    ]


def _held_on(new: Tenure, day: date) -> QuerySet[Tenure]:
    """Return the tenures of the post before the successor's that run until this day or longer."""
    held = Tenure.objects.filter(Q(to_date=None) | Q(to_date__gte=day), post=new.post, from_date__lt=new.from_date)
    return held.select_related("person").order_by("pk")


def _replaced(data: Data) -> set[int]:
    """Return the ids of those whose tenure the succession ends."""
    new = _succession(data)
    return {tenure.person_id for tenure in _held_on(new, new.from_date)} - {new.person_id}


def _apply_succession(data: Data, by: Person, shown_to: Person | None) -> Iterable[IssuedCode]:
    new = _succession(data)
    if not new.person.is_active:
        raise inactive_meanwhile(new.person)
    succeed(new.post, new.person, by=by, from_date=new.from_date, full_title=new.full_title)
    return ()


def _of_post(data: Data) -> set[int | None]:
    return {post_of(data).conference_id}


def _of_person(data: Data) -> set[int]:
    return {data["person"]}


register(
    ChangeKind(
        key="tenure",
        label=gettext_lazy("Tenure"),
        needs=lambda data, by: needs_second_person(by, tenure_raises(by, *_tenure(data))),
        describe=_describe_tenure,
        apply=_apply_tenure,
        conferences=_of_post,
        gains=_of_person,
        posts=lambda data: [post_of(data)],
    )
)
register(
    ChangeKind(
        key="succession",
        label=gettext_lazy("Hand-over of a post"),
        needs=lambda data, by: needs_second_person(by, tenure_raises(by, None, _succession(data))),
        describe=_describe_succession,
        apply=_apply_succession,
        conferences=_of_post,
        gains=_of_person,
        loses=_replaced,
        posts=lambda data: [post_of(data)],
    )
)
