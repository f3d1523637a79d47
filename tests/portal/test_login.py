"""The login of the staff: its page, the lockout after wrong passwords, and changing the password."""

import datetime
from typing import Any

import pytest
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from meetings.enums import AccessKind
from meetings.models import AccessEntry, Person
from portal.client_address import client_address

PASSWORD = "right-Password-2024"


@pytest.fixture
def person(admin_user: Person) -> Person:
    admin_user.set_password(PASSWORD)
    admin_user.save()
    return admin_user


def sign_in(client: Client, name: str, password: str, **extra: Any) -> Any:
    return client.post("/admin/login/", {"username": name, "password": password, "next": "/admin/"}, **extra)


@pytest.mark.django_db
def test_the_page_forbids_classified_information(client: Client) -> None:
    page = client.get("/admin/login/").content.decode()
    assert "严禁处理涉密信息" in page
    assert 'name="remember"' not in page
    assert "<h1>联席会议工作平台</h1>" in " ".join(page.split()).replace("> ", ">").replace(" <", "<")


def test_the_right_password_leads_in(client: Client, person: Person) -> None:
    assert sign_in(client, person.get_username(), PASSWORD).url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert AccessEntry.objects.filter(kind=AccessKind.LOGIN, person=person).count() == 1


def test_a_stranger_is_led_to_the_login_and_back(client: Client, person: Person) -> None:
    response = client.get("/admin/account/")
    assert response.url == "/admin/login/?next=/admin/account/"  # type: ignore[attr-defined]


def test_a_wrong_password_says_so_in_chinese_and_keeps_the_name(client: Client, person: Person) -> None:
    page = sign_in(client, person.get_username(), "wrong").content.decode()
    assert "用户名" in page
    assert f'value="{person.get_username()}"' in page


@pytest.fixture
def locked(client: Client, person: Person, time_machine: TimeMachineFixture) -> Person:
    """A person locked out by five wrong passwords, at eight in the morning."""
    time_machine.move_to(datetime.datetime(2025, 3, 3, 8, tzinfo=datetime.UTC), tick=False)
    for _attempt in range(4):
        assert sign_in(client, person.get_username(), "wrong").status_code == 200
    assert sign_in(client, person.get_username(), "wrong").status_code == 429
    return person


def test_after_five_wrong_passwords_the_name_is_locked_and_the_page_says_for_how_long(
    client: Client, locked: Person
) -> None:
    response = sign_in(client, locked.get_username(), PASSWORD)
    page = response.content.decode()
    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert "登录已暂时锁定" in page
    assert "15 分钟" in page
    assert locked.get_username() not in page


def test_the_lock_opens_by_itself(client: Client, locked: Person, time_machine: TimeMachineFixture) -> None:
    time_machine.shift(datetime.timedelta(minutes=10))
    assert sign_in(client, locked.get_username(), PASSWORD).status_code == 429
    time_machine.shift(datetime.timedelta(minutes=6))
    assert sign_in(client, locked.get_username(), PASSWORD).status_code == 302


def test_the_lock_holds_for_one_name_at_one_address(
    client: Client, locked: Person, django_user_model: type[Person]
) -> None:
    assert sign_in(client, locked.get_username(), PASSWORD, REMOTE_ADDR="203.0.113.9").status_code == 302
    assert sign_in(Client(), "somebody-else", "wrong").status_code == 200


def test_only_a_button_logs_out(client: Client, person: Person) -> None:
    client.force_login(person)
    answer = client.get("/admin/logout/")
    assert answer.status_code == 405
    assert client.get("/admin/").status_code == 200
    assert client.post("/admin/logout/")["Location"] == "/admin/login/"
    assert client.get("/admin/").status_code == 302


def test_whoever_finds_an_open_desk_does_not_guess_the_password(client: Client, person: Person) -> None:
    client.force_login(person)
    new = "another-Password-2026"
    form = {"theme-theme": "system", "theme-density": "default", "theme-contrast": "system"}
    form |= {"password-old_password": "wrong", "password-new_password1": new, "password-new_password2": new}
    for _attempt in range(4):
        assert client.post("/admin/account/", form).status_code == 200
    assert client.post("/admin/account/", form).status_code == 429
    right = client.post("/admin/account/", form | {"password-old_password": PASSWORD})
    assert right.status_code == 429
    assert "15 分钟" in right.content.decode()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert AccessEntry.objects.filter(kind=AccessKind.LOGIN_FAILED, person=person).count() == 5


@pytest.mark.parametrize(("proxies", "header"), [(0, "203.0.113.9"), (1, "203.0.113.9, 127.0.0.1"), (1, "203.0.113.9")])
def test_a_forged_header_does_not_open_the_lock(
    client: Client, locked: Person, settings: Settings, proxies: int, header: str
) -> None:
    """An address written by the client is ignored; the last entry, written by our proxy, is used."""
    settings.PROXY_COUNT = proxies
    response = sign_in(client, locked.get_username(), PASSWORD, headers={"X-Forwarded-For": header})
    believed = bool(proxies) and "," not in header
    assert response.status_code == (302 if believed else 429)


@pytest.mark.parametrize("proxies", [0, 1])
def test_guesses_with_forged_headers_are_counted_together(
    client: Client, person: Person, settings: Settings, proxies: int
) -> None:
    settings.PROXY_COUNT = proxies
    statuses = [
        sign_in(
            client,
            person.get_username(),
            "wrong",
            headers={"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.9", "X-Real-Ip": f"198.51.100.{n}"},
        ).status_code
        for n in range(5)
    ]
    assert statuses == [200, 200, 200, 200, 429]


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "", "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (2, "1.2.3.4, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
    ],
)
def test_only_our_own_proxies_are_believed(
    rf: RequestFactory, settings: Settings, proxies: int, header: str, address: str
) -> None:
    settings.PROXY_COUNT = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": header})
    assert client_address(request) == address


def change(client: Client, old: str, new: str) -> Any:
    """Post the account page as a browser does: the unchanged values of its other fields, and the three passwords."""
    form: dict[str, Any] = {}
    for panels in client.get("/admin/account/").context["panels_by_tab"].values():
        for field in (field for panel in panels for field in panel.get_form()):
            form[field.html_name] = field.value() or ""
    form |= {"password-old_password": old, "password-new_password1": new, "password-new_password2": new}
    return client.post("/admin/account/", form)


def test_the_name_is_not_for_oneself_to_change(client: Client, person: Person) -> None:
    client.force_login(person)
    page = client.get("/admin/account/").content.decode()
    assert "password-new_password1" in page
    assert "first_name" not in page


def test_the_password_can_be_changed(client: Client, person: Person) -> None:
    client.force_login(person)
    assert change(client, PASSWORD, "another-Password-2025").status_code == 302
    person.refresh_from_db()
    assert person.check_password("another-Password-2025")
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("new", ["short-1", "1234567890123", "password123"])
def test_a_weak_password_is_refused(client: Client, person: Person, new: str) -> None:
    client.force_login(person)
    assert change(client, PASSWORD, new).status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
