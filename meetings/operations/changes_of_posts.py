"""Kinds of changes that a second person confirms: rights of a post, heads of a group, a merger of departments."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.enums import GroupKind, Role, SeatKind
from meetings.models import Department, GroupSeat, JointConference, LeadingGroup, Person, Post, Tenure
from meetings.operations.change_kinds import Act, ChangeKind, Data, register
from meetings.operations.change_words import changed_meanwhile, old_and_new, place, post_of, who
from meetings.operations.conference import save_group
from meetings.operations.department import merge_department
from meetings.operations.login import IssuedCode
from meetings.operations.tenures import save_post
from meetings.queries.accounts import now_or_later
from meetings.rules.pending_change import (
    RIGHTS_COLUMNS,
    merger_raises,
    needs_second_person,
    new_heads,
    post_raises,
    removed_heads,
)


def post_act(post: Post) -> Act:
    """Return the act that changes the rights of a post: role, conference, department, side."""
    stored = Post.objects.get(pk=post.pk)
    before, after = ({name: getattr(row, name) for name in RIGHTS_COLUMNS} for row in (stored, post))
    return Act("post", {"post": post.pk, "before": before, "after": after})


def _posts(data: Data) -> tuple[Post, Post]:
    """Return the post as it is, and as it will be; `Refused` if its rights are no longer those of the request."""
    old, new = post_of(data), post_of(data)
    if any(getattr(old, name) != value for name, value in data["before"].items()):
        raise changed_meanwhile()
    for name, value in data["after"].items():
        setattr(new, name, value)
    return old, new


def _describe_post(data: Data) -> list[str]:
    old, new = _posts(data)
    held = Tenure.objects.filter(now_or_later(), post=new.pk).select_related("person")
    holders = "、".join(who(tenure.person) for tenure in held)
    lines = [_("The rights of the post %(post)s, held by %(who)s") % {"post": old.title, "who": holders or _("nobody")}]
    shown: list[tuple[str, object, object]] = [
        (_("Rights"), old.get_role_display(), Role(new.role).label),
        (_("Conference"), place(old.conference), place(new.conference)),
        (_("Department"), old.department, new.department),
        (_("Side"), old.get_side_display(), new.get_side_display()),
    ]
    return [*lines, *(old_and_new(label, before, after) for label, before, after in shown if before != after)]


def _apply_post(data: Data, by: Person, shown_to: Person | None) -> Iterable[IssuedCode]:
    save_post(_posts(data)[1], by=by)
    return ()


def _holders(posts: Iterable[int]) -> set[int]:
    return set(Tenure.objects.filter(now_or_later(), post__in=posts).values_list("person", flat=True))


def group_act(group: LeadingGroup) -> Act:
    """Return the act that saves a group with its seats."""
    fields = {name: getattr(group, name) for name in ("conference_id", "kind", "name", "located_at")}
    seats = [[seat.post_id, seat.kind, seat.order] for seat in group.seats.all()]
    stored = LeadingGroup.objects.filter(pk=group.pk).first()
    version = stored.version if stored else None
    return Act("group", {"group": group.pk, "version": version, "fields": fields, "seats": seats})


def _group(data: Data) -> LeadingGroup:
    """Return the group as it will be."""
    group = LeadingGroup.objects.filter(pk=data["group"]).first() or LeadingGroup()
    for name, value in data["fields"].items():
        setattr(group, name, value)
    present = {seat.post_id: seat.pk for seat in GroupSeat.objects.filter(group=group.pk)} if group.pk else {}
    group.seats.set(
        GroupSeat(pk=present.get(post), post_id=post, kind=kind, order=order) for post, kind, order in data["seats"]
    )
    return group


def _raised_heads(data: Data) -> list[Tenure]:
    return new_heads(LeadingGroup.objects.filter(pk=data["group"]).first(), _group(data))


def _removed_heads(data: Data) -> list[Tenure]:
    return removed_heads(LeadingGroup.objects.filter(pk=data["group"]).first(), _group(data))


def _describe_group(data: Data) -> list[str]:
    names = {post.pk: post.title for post in Post.objects.filter(pk__in=[seat[0] for seat in data["seats"]])}
    conference = JointConference.objects.get(pk=data["fields"]["conference_id"])
    seats = "；".join(f"{SeatKind(kind).label}：{names.get(post, post)}" for post, kind, _order in data["seats"])
    heads = [
        _("%(who)s becomes a head of the group and signs") % {"who": f"{who(t.person)} {t.post.title}"}
        for t in _raised_heads(data)
    ] + [
        _("%(who)s is no longer a head of the group and does not sign") % {"who": f"{who(t.person)} {t.post.title}"}
        for t in _removed_heads(data)
    ]
    fields = data["fields"]
    parts = (conference.short_name, GroupKind(fields["kind"]).label, fields["name"], fields["located_at"])
    named = " · ".join(str(part) for part in parts if part)
    return [named, *heads, _("Seats: %(seats)s") % {"seats": seats}]


def _apply_group(data: Data, by: Person, shown_to: Person | None) -> Iterable[IssuedCode]:
    save_group(_group(data), by=by, version=data["version"])
    return ()


def merger_act(department: Department, into: Department) -> Act:
    """Return the act that merges a department into another one."""
    return Act("merger", {"department": department.pk, "into": into.pk})


def _merged(data: Data) -> tuple[Department, Department]:
    return Department.objects.get(pk=data["department"]), Department.objects.get(pk=data["into"])


def _describe_merger(data: Data) -> list[str]:
    merged, into = _merged(data)
    return [_("%(merged)s is merged into %(into)s, whose liaison acts for it") % {"merged": merged, "into": into}]


def _apply_merger(data: Data, by: Person, shown_to: Person | None) -> Iterable[IssuedCode]:
    merged, into = _merged(data)
    merge_department(merged, into=into, by=by)
    return ()


def _conferences_of_merged(data: Data) -> set[int | None]:
    return set(_merged(data)[0].memberships.values_list("conference", flat=True))


def _liaisons_of(data: Data) -> set[int]:
    posts = Post.objects.filter(role=Role.LIAISON, department=data["into"])
    return _holders(posts.values_list("pk", flat=True))


register(
    ChangeKind(
        key="post",
        label=gettext_lazy("Rights of a post"),
        needs=lambda data, by: needs_second_person(by, post_raises(by, *_posts(data))),
        describe=_describe_post,
        apply=_apply_post,
        conferences=lambda data: {data["before"]["conference_id"], data["after"]["conference_id"]},
        gains=lambda data: _holders([data["post"]]),
        posts=lambda data: [_posts(data)[1]],
    )
)
register(
    ChangeKind(
        key="group",
        label=gettext_lazy("Heads of a group"),
        needs=lambda data, by: needs_second_person(by, bool(_raised_heads(data) or _removed_heads(data))),
        describe=_describe_group,
        apply=_apply_group,
        conferences=lambda data: {data["fields"]["conference_id"]},
        gains=lambda data: {tenure.person_id for tenure in _raised_heads(data)},
        loses=lambda data: {tenure.person_id for tenure in _removed_heads(data)},
        posts=lambda data: [tenure.post for tenure in _raised_heads(data)],
    )
)
register(
    ChangeKind(
        key="merger",
        label=gettext_lazy("Merger of departments"),
        needs=lambda data, by: needs_second_person(by, merger_raises(by, _merged(data)[1])),
        describe=_describe_merger,
        apply=_apply_merger,
        conferences=_conferences_of_merged,
        gains=_liaisons_of,
    )
)
