"""An index of an earlier version: it shows nobody too much, it is known to be stale, and it is repaired."""

from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from meetings.enums import Role
from meetings.models import Person, Resolution
from meetings.queries.visibility import audience, audience_of_both, visible
from search.engines.selection import engine
from search.index_maintenance import rebuild
from search.models import SearchAudience, SearchDocument
from search.query import Query
from search.reader import staff_reader
from tests.meetings.factories import World, chengqiao, seat, yuanqu
from tests.meetings.follow_up import assigned

pytestmark = [pytest.mark.django_db, pytest.mark.search_index]
migration = import_module("search.migrations.0005_department_of_conference")


def former(tokens: set[str]) -> set[str]:
    """Return tokens as the version before stored them: departments without their conference."""
    return {token for token in tokens if "@" not in token}


@pytest.fixture
def world(db: None) -> World:
    """A county whose index has the tokens of the version before."""
    world = yuanqu()
    assigned(world)
    rebuild()
    for row in SearchAudience.objects.all():
        SearchAudience.objects.filter(pk=row.pk).update(tokens=" ".join(sorted(former(set(row.tokens.split())))))
    for document in SearchDocument.objects.filter(audience__tokens__contains="department:"):
        SearchDocument.objects.filter(pk=document.pk).update(checksum="of the version before")
    return world


def found(person: Person) -> set[str]:
    """Return the keys of the resolutions that the person finds."""
    hits = engine().search(Query(reader=staff_reader(person), chosen={"kind": ("resolution",)})).hits
    return {hit.key for hit in hits}


def seen(person: Person) -> set[str]:
    """Return the keys of the resolutions that the person may see."""
    return {f"resolution:{row.pk}" for row in visible(person, Resolution)}


def test_former_tokens_show_nobody_too_much(world: World) -> None:
    place = chengqiao().conference
    foreign = seat("镇岗联络员", role=Role.LIAISON, conference=place, department=world.department).person
    everywhere = seat("联络员", role=Role.LIAISON, department=world.department).person
    assert found(foreign) == found(world.liaison) == set()
    assert found(everywhere) == seen(everywhere) != set()


def test_the_migration_lets_everybody_find_what_they_may_see(world: World) -> None:
    migration.forwards(apps, None)
    foreign = seat("镇岗联络员", role=Role.LIAISON, conference=chengqiao().conference, department=world.department)
    assert found(foreign.person) == set()
    for person in (world.liaison, world.other_liaison, world.gov_clerk):
        assert found(person) == seen(person) != set()
    for row in Resolution.objects.all():
        stored = SearchDocument.objects.get(key=f"resolution:{row.pk}").audience.tokens
        assert set(stored.split()) == audience(row)


def test_pairs_of_departments_are_renewed_too() -> None:
    all_staff = {"auditor", "conference:1"}
    one = {*all_staff, "department:9", "department:9@1", "department:4", "department:4@1"}
    other = {*all_staff, "department:10", "department:10@1", "department:4", "department:4@1"}
    both = audience_of_both(one, other)
    assert len([token for token in both if token.startswith("both:")]) == 4
    assert migration.renewed({*all_staff, "department:4", "both:9+10"}) == both
    assert migration.renewed({"public"}) == {"public"}


def test_the_index_is_known_to_be_stale_until_it_is_repaired(world: World) -> None:
    migration.forwards(apps, None)
    with pytest.raises(CommandError):
        call_command("search_check", stdout=StringIO())
    call_command("search_check", "--repair", stdout=StringIO())
    call_command("search_check", stdout=StringIO())
    assert found(world.liaison) == seen(world.liaison) != set()
