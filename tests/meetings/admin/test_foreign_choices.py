"""An administrator of one conference posts every form with rows of another one, offered by the form or not.

Nothing of the other conference changes, and nobody sees more of its records than before.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from meetings import clock
from meetings.admin.administration.viewsets import ADMINISTRATION_VIEWSETS
from meetings.enums import GroupKind, Role, SeatKind
from meetings.models import (
    Department,
    GroupSeat,
    JointConference,
    LeadingGroup,
    Membership,
    Person,
    Post,
    RegulationAdoption,
    Tenure,
)
from meetings.models.catalogue import RECORDS
from meetings.queries.visibility import readers
from tests.meetings.admin.forms import fields, row
from tests.meetings.admin.pages import at_desk
from tests.meetings.factories import World, chengqiao, seat, yuanqu
from tests.meetings.test_visibility import DAY, ROWS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TYPED: dict[str, Any] = {
    "name": "冒名",
    "title": "冒名",
    "username": "maoming",
    "from_date": "2025-01-01",
    "kind": "duty",
}


def county_rows(county: World) -> list[tuple[object, ...]]:
    """Return what is stored of the county: its posts and their holders, members, groups, adoptions, departments."""
    conference = county.conference.pk
    found: list[tuple[object, ...]] = []
    for model, path in (
        (Post, "conference"),
        (Tenure, "post__conference"),
        (Membership, "conference"),
        (LeadingGroup, "conference"),
        (GroupSeat, "group__conference"),
        (RegulationAdoption, "conference"),
        (JointConference, "pk"),
        (Department, "memberships__conference"),
    ):
        rows = model._default_manager.filter(**{path: conference}).order_by("pk")
        found += [(model.__name__, *values) for values in rows.values_list()]
    people = Person.objects.filter(tenures__post__conference=conference).distinct().order_by("pk")
    return found + list(people.values_list("pk", "name", "username", "password", "is_active"))


def sight(county: World) -> dict[str, set[int]]:
    """Return who sees each record of the county."""
    found = {}
    for model in RECORDS:
        for record in model._default_manager.all():
            found[f"{model.__name__} {record.pk}"] = set(readers(record).values_list("pk", flat=True))
    return found


def foreign_rows(county: World) -> dict[type[Model], list[int]]:
    """Return keys of the county's rows by model."""
    return {
        JointConference: [county.conference.pk],
        Department: [county.department.pk, county.union_office.pk],
        Post: [county.tenures["head"].post_id, county.tenures["liaison"].post_id],
        Person: [county.head.pk, county.liaison.pk],
    }


def forms_of(town: World, desk: Client) -> Iterator[tuple[str, Any]]:
    """Yield each form that the town's administrator can open, with its URL."""
    group = LeadingGroup.objects.filter(conference=town.conference)[0]
    own = {
        "person": town.liaison.pk,
        "post": town.tenures["liaison"].post_id,
        "department": town.department.pk,
        "jointconference": town.conference.pk,
        "leadinggroup": group.pk,
        "regulationadoption": town.adoption.pk,
    }
    part = town.tenures["liaison"].pk
    for viewset in (viewset() for viewset in ADMINISTRATION_VIEWSETS):
        for pattern in viewset.get_urlpatterns():
            names = pattern.pattern.converters
            if "pk" in names and viewset.url_namespace not in own:
                continue
            parts: dict[str, Any] = {
                name: own[viewset.url_namespace] if name == "pk" else part for name in names if name != "kind"
            }
            parts |= {"kind": "notice"} if "kind" in names else {}
            url = reverse(f"{viewset.url_namespace}:{pattern.name}", kwargs=parts)
            response = desk.get(url)
            form = (response.context or {}).get("form") if response.status_code == 200 else None
            if isinstance(form, forms.BaseForm):
                yield url, form


def attempts(form: Any, foreign: dict[type[Model], list[int]]) -> Iterator[dict[str, Any]]:
    """Yield data of the form in which one or two choices are rows of the county."""
    data = fields(form) | {f"members-{pk}": side for pk, side in form.initial.get("members", {}).items()}
    chosen: list[tuple[str, int]] = []
    for bound in form:
        field = bound.field
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            chosen += [(bound.html_name, pk) for pk in foreign.get(field.queryset.model, [])]
    typed = {name: value for name, value in TYPED.items() if name in form.fields and not data.get(name)}
    base = {**data, **typed}
    for name, pk in chosen:
        for role in (Role.LIAISON, Role.CLERK, Role.AUDITOR, Role.ADMINISTRATOR) if "role" in form.fields else ("",):
            rights = {"role": role, "side": "union"} if role else {}
            yield {**base, **rights, name: str(pk)}
            yield {**base, **rights, **{key: str(one) for key, one in chosen}, name: str(pk)}
    for pk in foreign[Department] if "members" in form.fields else ():
        yield {**base, f"members-{pk}": "government"}
    inline: dict[str, dict[str, Any]] = {
        "tenures": {"from_date": "2025-01-01"},
        "seats": {"kind": SeatKind.HEAD, "order": 1},
    }
    for prefix, values in inline.items():
        for pk in foreign[Post] if prefix in getattr(form, "formsets", {}) else ():
            yield {**base, **row(prefix, len(form.formsets[prefix].initial_forms), post=pk, **values)}


def test_no_form_takes_a_row_of_another_conference() -> None:
    county, town = yuanqu(), chengqiao()
    LeadingGroup.objects.create(conference=county.conference, kind=GroupKind.COORDINATION, name="县协调小组")
    desk = at_desk(seat("镇管理员", role=Role.ADMINISTRATOR, conference=town.conference).person)
    with clock.at(DAY):
        for make, _others in ROWS.values():
            make(county)
    rows, seen, statuses = county_rows(county), sight(county), []
    for url, form in list(forms_of(town, desk)):
        for data in attempts(form, foreign_rows(county)):
            with transaction.atomic():
                statuses.append(desk.post(url, data).status_code)
                assert sight(county) == seen, (url, data)
                assert county_rows(county) == rows, (url, data)
                assert not mismatches(town), (url, data)
                transaction.set_rollback(True)
    assert set(statuses) <= {200, 302}
    assert len(statuses) > 40


def mismatches(town: World) -> list[object]:
    """Return the posts with rights that name no member of the town, and the town's members and seats of the county."""
    named = Post.objects.filter(conference=town.conference).exclude(role=Role.NONE).exclude(department=None)
    own = Membership.objects.filter(conference=town.conference)
    return [
        *named.exclude(department__in=own.values("department")),
        *own.exclude(department__name__startswith="镇"),
        *GroupSeat.objects.filter(group__conference=town.conference).exclude(post__conference=town.conference),
    ]
