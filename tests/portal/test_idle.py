"""A staff session ends after it was idle for too long."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from time_machine import TimeMachineFixture

from meetings.models import Person

START = datetime.datetime(2025, 3, 3, 8, tzinfo=datetime.UTC)
ENDED = "/admin/login/?next=/admin/&ended=1"


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(START, tick=False)
    return time_machine


@pytest.fixture
def desk(clock: TimeMachineFixture, client: Client, admin_user: Person) -> Client:
    """A client with a person who logged in at the start time."""
    client.force_login(admin_user)
    assert client.get("/admin/").status_code == 200
    return client


def after(clock: TimeMachineFixture, minutes: float) -> None:
    clock.shift(datetime.timedelta(minutes=minutes))


def test_the_session_ends_after_half_an_hour_and_the_login_says_so(desk: Client, clock: TimeMachineFixture) -> None:
    after(clock, 31)
    response = desk.get("/admin/")
    assert response.url == ENDED  # type: ignore[attr-defined]
    page = desk.get(ENDED).content.decode()
    assert "登录已失效" in page
    assert "30 分钟" in page


def test_each_step_of_the_person_keeps_it_open(desk: Client, clock: TimeMachineFixture) -> None:
    for _step in range(4):
        after(clock, 29)
        assert desk.get("/admin/account/").status_code == 200


def test_the_pings_of_an_abandoned_editor_do_not_keep_it_open(desk: Client, clock: TimeMachineFixture) -> None:
    for _ping in range(2):
        after(clock, 10)
        desk.post("/admin/editing-sessions/ping/wagtailcore/page/1/1/")
    after(clock, 11)
    assert desk.get("/admin/").url == ENDED  # type: ignore[attr-defined]


def test_reading_public_pages_does_not_keep_it_open(desk: Client, clock: TimeMachineFixture) -> None:
    after(clock, 20)
    desk.get("/robots.txt")
    after(clock, 11)
    assert desk.get("/admin/").url == ENDED  # type: ignore[attr-defined]


def test_it_is_written_at_most_once_a_minute(desk: Client, clock: TimeMachineFixture) -> None:
    first = Session.objects.get().expire_date
    after(clock, 0.5)
    desk.get("/admin/account/")
    assert Session.objects.get().expire_date == first
    after(clock, 0.6)
    desk.get("/admin/account/")
    assert Session.objects.get().expire_date > first


def test_someone_who_never_signed_in_is_not_told_of_an_ended_session(client: Client, db: None) -> None:
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"  # type: ignore[attr-defined]
    assert "登录已失效" not in client.get("/admin/login/?next=/admin/").content.decode()


def test_signing_out_ends_it_without_a_word_about_time(desk: Client) -> None:
    desk.post("/admin/logout/")
    assert desk.get("/admin/").url == "/admin/login/?next=/admin/"  # type: ignore[attr-defined]


def test_the_cookie_goes_with_the_browser_and_is_out_of_reach_for_scripts(desk: Client) -> None:
    cookie = desk.cookies["sessionid"]
    assert cookie["max-age"] == ""
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
