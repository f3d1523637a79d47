"""What the forms of administrators call: each saves at once what one person may do, and submits the rest.

The functions return the `Outcome`: the request that waits, if any, and one-time codes to show once. Either everything
is saved and submitted, or nothing.
"""

from collections.abc import Callable
from copy import copy
from datetime import date

from django.db.models import Model

from meetings.models import Department, JointConference, LeadingGroup, Person, Post, RegulationAdoption, Tenure
from meetings.operations.base import locked
from meetings.operations.changes_of_accounts import account_act
from meetings.operations.changes_of_adoptions import adoption_act
from meetings.operations.changes_of_posts import group_act, merger_act, post_act
from meetings.operations.changes_of_settings import PROTECTION_FIELDS, protection_act
from meetings.operations.changes_of_tenures import tenure_act
from meetings.operations.conference import Members, save_conference, save_group
from meetings.operations.department import merge_department
from meetings.operations.pending_change import Outcome, request_or_apply
from meetings.operations.people import check_namesake, required_name, save_person
from meetings.operations.regulation import save_adoption
from meetings.operations.tenures import end_tenure, save_post
from meetings.queries.accounts import now_or_later
from meetings.rules.adoption import who_acts_changes
from meetings.rules.pending_change import (
    RIGHTS_COLUMNS,
    is_protected,
    merger_raises,
    needs_second_person,
    new_heads,
    post_raises,
    protection_lowered,
    removed_heads,
    tenure_raises,
)
from meetings.rules.people import is_bootstrap_superuser
from meetings.write_lock import write_transaction


@write_transaction()
def submit_person(
    person: Person, *, by: Person, version: int | None = None, with_code: bool = False, namesake: bool = False
) -> Outcome:
    """Save a person with tenures; submit the tenures, the name and the login name that need a second person.

    `with_code` issues a one-time code too. If anything waits, the code waits with it. `namesake`: see `save_person`.
    """
    check_namesake(person, namesake=namesake)
    stored = Person.objects.filter(pk=person.pk).first()
    before = {row.pk: row for row in Tenure.objects.filter(person=person.pk).select_related("post")} if stored else {}
    kept, submitted = [], []
    for tenure in person.tenures.all():
        tenure.person = person
        old = before.get(tenure.pk)
        moved = old is not None and old.post_id != tenure.post_id  # `save_person` refuses that
        if not moved and needs_second_person(by, tenure_raises(by, old, tenure)):
            submitted.append(copy(tenure))
            if old is None:
                continue
            tenure.from_date, tenure.to_date, tenure.full_title = old.from_date, old.to_date, old.full_title
        kept.append(tenure)
    name, username = person.name, person.username
    if stored and (name, username) != (stored.name, stored.username) and needs_second_person(by, is_protected(stored)):
        person.name, person.username = stored.name, stored.username
    if with_code and not submitted and is_bootstrap_superuser(by):
        return _first_administrator(person, kept, by=by)
    person.tenures.set(kept)
    save_person(person, by=by, version=version, namesake=True)
    acts = [tenure_act(person, tenure) for tenure in submitted]
    if person.name != name:
        acts.append(account_act("person_name", person, name=required_name(name)))
    if person.username != username:
        acts.append(account_act("login_name", person, username=username))
    if with_code:
        acts.append(account_act("login_code", person))
    return request_or_apply(acts, by=by, subject=person)


def _first_administrator(person: Person, tenures: list[Tenure], *, by: Person) -> Outcome:
    """Issue the code before the tenures: with the first administrator the superuser of the server loses the rights."""
    save_person(person, by=by, tenures=[], namesake=True)
    outcome = request_or_apply([account_act("login_code", person)], by=by, subject=person)
    if tenures:
        person.refresh_from_db()
        save_person(person, by=by, tenures=tenures, namesake=True)
    return outcome


@write_transaction()
def submit_post(post: Post, *, by: Person, version: int | None = None) -> Outcome:
    """Save a post; submit its rights if that gives them to somebody who holds it."""
    stored = Post.objects.filter(pk=post.pk).first()
    if stored is None or not needs_second_person(by, post_raises(by, stored, post)):
        save_post(post, by=by, version=version)
        return Outcome()
    act = post_act(post)
    for name in RIGHTS_COLUMNS:
        setattr(post, name, getattr(stored, name))
    _save_rest(stored, post, version, lambda: save_post(post, by=by, version=version))
    holder = Tenure.objects.filter(now_or_later(), post=post).select_related("person").first()
    return request_or_apply([act], by=by, subject=holder.person if holder else None)


@write_transaction()
def submit_group(group: LeadingGroup, *, by: Person, version: int | None = None) -> Outcome:
    """Save a group with its seats; submit the whole form if it changes who signs as a head."""
    stored = LeadingGroup.objects.filter(pk=group.pk).first()
    heads = new_heads(stored, group) + removed_heads(stored, group)
    if not needs_second_person(by, bool(heads)):
        save_group(group, by=by, version=version)
        return Outcome()
    if stored is not None:
        locked(stored, version)
    return request_or_apply([group_act(group)], by=by, subject=heads[0].person)


@write_transaction()
def submit_conference(
    conference: JointConference, *, by: Person, version: int | None = None, members: Members | None = None
) -> Outcome:
    """Save a conference; submit what it requires before publishing, if fewer people look at it then."""
    stored = JointConference.objects.filter(pk=conference.pk).first()
    acts = []
    if stored is not None and needs_second_person(by, protection_lowered(stored, conference)):
        acts.append(protection_act(conference))
        for name in PROTECTION_FIELDS:
            setattr(conference, name, getattr(stored, name))
    save_conference(conference, by=by, version=version, members=members)
    return request_or_apply(acts, by=by)


@write_transaction()
def submit_adoption(adoption: RegulationAdoption, *, by: Person, version: int | None = None) -> Outcome:
    """Save an adoption; submit the whole form if it changes who acts on records, or which steps they pass."""
    if not needs_second_person(by, who_acts_changes(adoption)):
        save_adoption(adoption, by=by, version=version)
        return Outcome()
    if adoption.pk:
        locked(adoption, version)
    return request_or_apply([adoption_act(adoption)], by=by)


@write_transaction()
def submit_end(tenure: Tenure, *, by: Person, on: date) -> Outcome:
    """Set the last day of a tenure; submit it if that is later than now and the post needs a second person."""
    old = Tenure.objects.select_related("post", "person").get(pk=tenure.pk)
    new = copy(old)
    new.to_date = on
    if not needs_second_person(by, tenure_raises(by, old, new)):
        end_tenure(tenure, by=by, on=on)
        return Outcome()
    return request_or_apply([tenure_act(old.person, new)], by=by, subject=old.person)


@write_transaction()
def submit_merger(department: Department, *, into: Department, by: Person, version: int | None = None) -> Outcome:
    """Merge a department into another; submit it if `by` would act for the merged one then."""
    if not needs_second_person(by, merger_raises(by, into)):
        merge_department(department, into=into, by=by, version=version)
        return Outcome()
    locked(department, version)
    return request_or_apply([merger_act(department, into)], by=by)


def _save_rest(stored: Model, changed: Model, version: int | None, save: Callable[[], object]) -> None:
    """Save what else was changed in the form, if anything; else only check the version."""
    fields = [field.attname for field in stored._meta.concrete_fields]
    if any(getattr(stored, name) != getattr(changed, name) for name in fields):
        save()
    else:
        locked(stored, version)
