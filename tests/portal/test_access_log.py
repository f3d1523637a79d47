"""The access log records logins, refusals and downloads with the client's address, and its entries never change."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from meetings.enums import AccessKind
from meetings.models import AccessEntry, AttemptCount, RecordLogEntry
from meetings.models.base import AppendOnlyError
from meetings.operations.access import note_access
from meetings.operations.attachment import attach
from meetings.operations.topic import submit_topic
from tests.meetings.admin.forms import row, sent
from tests.meetings.admin.pages import at_desk
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import upload

pytestmark = pytest.mark.django_db
PASSWORD = "right-Password-2024"
LOGIN = "/admin/login/"


@pytest.fixture
def world() -> World:
    found = yuanqu()
    found.union_clerk.set_password(PASSWORD)
    found.union_clerk.save()
    return found


def entries(*kinds: AccessKind) -> list[AccessEntry]:
    """Return the entries of the given kinds, in order."""
    return list(AccessEntry.objects.filter(kind__in=kinds).order_by("pk"))


def sign_in(client: Client, name: str, password: str, **extra: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": password, "next": "/admin/"}, **extra)


def test_login_and_logout_are_told_with_who_when_and_where(world: World, client: Client) -> None:
    sign_in(client, world.union_clerk.username, PASSWORD, REMOTE_ADDR="203.0.113.7")
    client.post("/admin/logout/", REMOTE_ADDR="203.0.113.8")
    login, logout = entries(AccessKind.LOGIN, AccessKind.LOGOUT)
    assert (login.person, login.login, login.address) == (
        world.union_clerk,
        world.union_clerk.username,
        "203.0.113.7",
    )
    assert (logout.kind, logout.person, logout.address) == (
        AccessKind.LOGOUT,
        world.union_clerk,
        "203.0.113.8",
    )


def test_a_wrong_password_is_told_without_the_password(world: World, client: Client) -> None:
    sign_in(client, world.union_clerk.username, "wrong-Secret-99")
    (entry,) = entries(AccessKind.LOGIN_FAILED)
    assert (entry.person, entry.login) == (world.union_clerk, world.union_clerk.username)
    assert "wrong-Secret-99" not in str(entry.__dict__)


def test_a_password_in_the_field_of_the_login_is_kept_nowhere(world: World, client: Client) -> None:
    sign_in(client, PASSWORD, "")
    sign_in(client, PASSWORD, "x")
    (entry,) = entries(AccessKind.LOGIN_FAILED)
    assert (entry.person, entry.login) == (None, "r…")
    assert PASSWORD not in str([row.__dict__ for row in AttemptCount.objects.all()])


def test_a_lock_out_is_told_and_each_attempt_while_it_lasts(world: World, client: Client) -> None:
    for _attempt in range(6):
        sign_in(client, world.union_clerk.username, "wrong")
    assert len(entries(AccessKind.LOGIN_FAILED)) == 5
    assert len(entries(AccessKind.LOCKED)) == 2
    assert {entry.person for entry in entries(AccessKind.LOCKED)} == {world.union_clerk}


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [(0, "198.51.100.1", "10.0.0.1"), (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"), (1, "forged", "10.0.0.1")],
)
def test_the_address_is_not_what_the_client_says_of_itself(
    world: World, client: Client, settings: Settings, proxies: int, header: str, address: str
) -> None:
    settings.PROXY_COUNT = proxies
    sign_in(client, world.union_clerk.username, PASSWORD, REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": header})
    (entry,) = entries(AccessKind.LOGIN)
    assert entry.address == address


def test_an_operation_bears_its_address_and_a_command_none(world: World) -> None:
    topic, other = world.topic(), world.topic()
    desk = at_desk(world.union_clerk)
    desk.post(reverse("topic:step", args=[topic.pk, "submit"]), {"version": topic.version}, REMOTE_ADDR="203.0.113.7")
    submit_topic(other, by=world.union_clerk)
    assert [RecordLogEntry.objects.get_for_instance(row).get().address for row in (topic, other)] == [
        "203.0.113.7",
        None,
    ]


def test_a_refused_operation_is_told_although_it_was_rolled_back(world: World) -> None:
    topic = world.topic(research="")
    at_desk(world.union_clerk).post(reverse("topic:step", args=[topic.pk, "submit"]), {"version": topic.version})
    (entry,) = entries(AccessKind.REFUSED)
    assert (entry.person, entry.conference) == (world.union_clerk, world.conference)
    assert str(topic) in entry.what
    assert entry.path == reverse("topic:step", args=[topic.pk, "submit"])
    assert not RecordLogEntry.objects.get_for_instance(topic).exists()


def test_a_refused_form_is_told_once(world: World) -> None:
    tenure = row("tenures", 0, post=world.tenures["head"].post_id, from_date="2025-01-01")
    sent(at_desk(world.administrator), reverse("person:add"), name="赵明", username="zhaoming", **tenure)
    (entry,) = entries(AccessKind.REFUSED)
    assert (entry.person, entry.path) == (world.administrator, reverse("person:add"))
    assert "韩正" in entry.what


def test_a_record_out_of_reach_is_told_to_its_conference_without_its_name(world: World) -> None:
    topic, town = world.topic(title="外人不得知晓的议题"), chengqiao()
    desk = at_desk(town.union_clerk)
    desk.get(reverse("topic:inspect", args=[topic.pk]))
    desk.post(reverse("topic:step", args=[topic.pk, "submit"]))
    refused = entries(AccessKind.REFUSED)
    assert [(e.person, e.conference) for e in refused] == [(town.union_clerk, world.conference)] * 2
    assert "外人不得知晓的议题" not in refused[0].what


@pytest.mark.parametrize("path", ["/admin/records/person/", "/admin/no-such-page/", "/admin/pages/1/edit/"])
def test_a_page_without_right_is_told(world: World, path: str) -> None:
    at_desk(world.union_clerk).get(path)
    (entry,) = entries(AccessKind.REFUSED)
    assert (entry.person, entry.path) == (world.union_clerk, path)


def test_who_holds_nothing_is_told_at_the_door_and_a_visitor_is_not(world: World, client: Client) -> None:
    at_desk(world.stranger).get("/admin/")
    client.get("/admin/")
    client.get("/admin/records/topic/")
    assert [entry.person for entry in entries(AccessKind.REFUSED)] == [world.stranger]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_is_told_with_list_rows_and_filters(world: World, kind: str) -> None:
    world.topic()
    response = at_desk(world.union_clerk).get(reverse("topic:index") + f"?state=draft&export={kind}")
    b"".join(response)
    (entry,) = entries(AccessKind.EXPORT, AccessKind.DOWNLOAD)
    assert (entry.kind, entry.person, entry.conference) == (AccessKind.EXPORT, world.union_clerk, world.conference)
    assert entry.what == f"议题（{kind}，1 行）"
    assert entry.path.endswith(f"?state=draft&export={kind}")


def test_a_download_is_told_and_a_refused_one_too(world: World) -> None:
    topic = world.topic()
    file = attach(topic, by=world.union_clerk, files=[upload("调研报告.pdf")])[0]
    url = reverse("records_download", args=[file.pk])
    b"".join(at_desk(world.union_clerk).get(url))
    at_desk(world.other_liaison).get(url)
    sent, refused = entries(AccessKind.DOWNLOAD, AccessKind.REFUSED)
    assert (sent.person, sent.conference, sent.what) == (
        world.union_clerk,
        world.conference,
        f"调研报告.pdf（{topic}）",
    )
    assert (refused.person, refused.conference) == (world.other_liaison, world.conference)


def log_entries(world: World) -> list[Any]:
    """Return one entry of the access log and one of the log of records."""
    world.topic()
    note_access(AccessKind.LOGIN, person=world.head, what="")
    desk = at_desk(world.union_clerk)
    topic = world.topic()
    desk.post(reverse("topic:step", args=[topic.pk, "submit"]), {"version": topic.version})
    return [AccessEntry.objects.first(), RecordLogEntry.objects.first()]


def test_no_code_changes_or_deletes_an_entry(world: World) -> None:
    for entry in log_entries(world):
        rows = type(entry).objects.filter(pk=entry.pk)
        for attempt in (entry.save, entry.delete, rows.delete, lambda rows=rows: rows.update(address=None)):
            with pytest.raises(AppendOnlyError):
                attempt()
        assert rows.exists()


def test_the_database_itself_refuses_to_change_an_entry(world: World) -> None:
    for entry in log_entries(world):
        table = entry._meta.db_table
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET address = NULL WHERE id = %s", [entry.pk])
