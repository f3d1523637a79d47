"""The steps after the password: own password, code, binding a telephone; everything else is blocked until then."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from time_machine import TimeMachineFixture
from wagtail.models import ModelLogEntry

from meetings.enums import AccessKind, Role
from meetings.models import AccessEntry, Person, RecordLogEntry, Telephone
from meetings.operations.people import save_person
from portal.models import LoginRules
from portal.second_factor import grouped_secret
from tests.meetings.admin.forms import sent
from tests.meetings.admin.pages import at_desk, page
from tests.meetings.factories import World, yuanqu

pytestmark = pytest.mark.django_db
LOGIN, CODE, PASSWORD, DEVICE = (
    reverse(name) for name in ("wagtailadmin_login", "login_code", "login_password", "login_device")
)
GIVEN, OWN = "given-Password-2025", "my-own-Password-2026"
START = datetime.datetime(2026, 3, 2, 1, tzinfo=datetime.UTC)


@pytest.fixture
def world(time_machine: TimeMachineFixture) -> World:
    """A county on a Monday morning, whose clerk has chosen her own password."""
    time_machine.move_to(START, tick=False)
    found = yuanqu()
    save_person(found.union_clerk, by=None, password=GIVEN, temporary=False)
    return found


@pytest.fixture
def asked(world: World) -> World:
    """The same county, where clerks need a second factor."""
    LoginRules.objects.create(second_factor_roles=[Role.CLERK])
    return world


def sign_in(person: Person, password: str = GIVEN) -> Client:
    client = Client()
    client.post(LOGIN, {"username": person.username, "password": password, "next": "/admin/records/topic/"})
    return client


def redirected(client: Client, path: str = "/admin/records/topic/") -> str:
    """Return the path that a page redirects to; empty if it does not redirect."""
    response = client.get(path)
    return response["Location"].partition("?")[0] if response.status_code == 302 else ""


def code(person: Person, ahead: int = 0) -> str:
    """Return the code that the telephone shows now, or `ahead` steps of thirty seconds later."""
    device = Telephone.objects.get(user=person)
    return f"{totp(device.bin_key, t0=-30 * ahead):06d}"


def bind_telephone(person: Person) -> tuple[Client, list[str]]:
    """Bind a telephone; return the client and the recovery codes."""
    client = sign_in(person)
    client.get(DEVICE)
    shown = client.post(DEVICE, {"code": code(person)}).content.decode()
    return client, re.findall(r"<code>([a-z2-7]{4} [a-z2-7]{4})</code>", shown)


# --- a password that the server set -----------------------------------------------------------------------------------


def test_who_was_given_a_password_chooses_an_own_one_before_anything_else(world: World) -> None:
    save_person(world.gov_clerk, by=None, password=GIVEN)
    client = sign_in(world.gov_clerk)
    assert redirected(client) == redirected(client, "/admin/") == redirected(client, "/admin/account/") == PASSWORD
    same = client.post(PASSWORD, {"new_password1": GIVEN, "new_password2": GIVEN})
    assert "这是现在的密码" in same.content.decode()
    wanted = {"new_password1": OWN, "new_password2": OWN, "next": "/admin/records/topic/"}
    assert client.post(PASSWORD, wanted)["Location"] == "/admin/records/topic/"
    assert redirected(client) == ""
    world.gov_clerk.refresh_from_db()
    assert world.gov_clerk.check_password(OWN)
    assert not world.gov_clerk.password_is_temporary
    logged = RecordLogEntry.objects.get_for_instance(world.gov_clerk).values_list("action", "user")
    assert ("meetings.person.choose_password", world.gov_clerk.pk) in logged


@pytest.mark.parametrize(
    ("new", "again", "message"),
    [
        ("short-1", "short-1", "密码太短，至少 10 个字符"),
        ("onlysmallletters", "onlysmallletters", "至少包含三种"),
        (OWN, "another-Password-1", "不一致"),
        ("", "", "请填写"),
    ],
)
def test_a_password_that_breaks_a_rule_is_told_in_chinese(world: World, new: str, again: str, message: str) -> None:
    save_person(world.gov_clerk, by=None, password=GIVEN)
    client = sign_in(world.gov_clerk)
    assert message in client.post(PASSWORD, {"new_password1": new, "new_password2": again}).content.decode()
    assert redirected(client) == PASSWORD


def test_an_own_password_is_not_temporary_and_its_change_is_told(world: World) -> None:
    client = sign_in(world.union_clerk)
    form = {"password-old_password": GIVEN, "password-new_password1": OWN, "password-new_password2": OWN}
    others = {"theme-theme": "system", "theme-density": "default", "theme-contrast": "system"}
    assert client.post("/admin/account/", others | form).status_code == 302
    assert redirected(client) == ""
    logged = RecordLogEntry.objects.get_for_instance(world.union_clerk).values_list("action", flat=True)
    assert "meetings.person.choose_password" in logged
    assert redirected(sign_in(world.union_clerk, OWN)) == ""


def test_nobody_is_led_to_another_site(world: World) -> None:
    save_person(world.gov_clerk, by=None, password=GIVEN)
    wanted = {"new_password1": OWN, "new_password2": OWN, "next": "https://example.org/"}
    assert sign_in(world.gov_clerk).post(PASSWORD, wanted)["Location"] == "/admin/"


# --- the second factor ------------------------------------------------------------------------------------------------


def test_without_the_setting_nobody_is_asked(world: World) -> None:
    assert redirected(sign_in(world.union_clerk)) == ""


def test_only_the_named_roles_are_asked(asked: World) -> None:
    assert redirected(at_desk(asked.union_clerk)) == DEVICE
    assert redirected(at_desk(asked.head)) == ""


def test_a_telephone_is_bound_with_its_first_code_and_the_recovery_codes_are_shown_once(
    asked: World, time_machine: TimeMachineFixture
) -> None:
    person, client = asked.union_clerk, sign_in(asked.union_clerk)
    shown = client.get(DEVICE).content.decode()
    device = Telephone.objects.get(user=person)
    assert client.get(DEVICE).content.decode().count(shown.partition('<code class="code-secret">')[2][:39]) == 1
    assert "<svg" in shown
    assert "style=" not in shown.partition("<svg")[2].partition("</svg>")[0]
    assert device.key not in shown
    assert "口令不正确" in client.post(DEVICE, {"code": "000000"}).content.decode()
    assert redirected(client) == DEVICE
    time_machine.shift(2)
    codes = client.post(DEVICE, {"code": code(person)}).content.decode()
    assert len(re.findall(r"<code>([a-z2-7]{4} [a-z2-7]{4})</code>", codes)) == 10
    assert redirected(client) == ""
    assert redirected(client, DEVICE) == "/admin/"
    logged = RecordLogEntry.objects.get_for_instance(person).values_list("action", flat=True)
    assert "meetings.person.bind_device" in logged


def test_whoever_begins_anew_gets_another_secret(asked: World) -> None:
    keys = set()
    for _login in range(2):
        sign_in(asked.union_clerk).get(DEVICE)
        keys.add(Telephone.objects.get(user=asked.union_clerk).key)
    assert len(keys) == 2


def test_the_next_login_asks_for_the_code_and_one_code_counts_once(
    asked: World, time_machine: TimeMachineFixture
) -> None:
    person = asked.union_clerk
    bind_telephone(person)
    used = code(person)
    time_machine.shift(30)
    client = sign_in(person)
    assert redirected(client) == CODE
    assert "口令不正确" in client.post(CODE, {"code": used}).content.decode()
    time_machine.shift(5)
    done = client.post(CODE, {"code": f" {code(person)[:3]} {code(person)[3:]}", "next": "/admin/records/topic/"})
    assert done["Location"] == "/admin/records/topic/"
    assert redirected(client) == ""


def test_a_recovery_code_works_once(asked: World) -> None:
    person = asked.union_clerk
    _client, codes = bind_telephone(person)
    typed = codes[0].upper().replace(" ", "-")
    client = sign_in(person)
    client.post(CODE, {"code": typed})
    assert "还剩 9 个" in page(client, "wagtailadmin_home")
    assert StaticToken.objects.filter(device__user=person).count() == 9
    again = sign_in(person)
    assert "口令不正确" in again.post(CODE, {"code": typed}).content.decode()
    assert redirected(again) == CODE


def test_guessing_is_slowed_down_and_told(asked: World, time_machine: TimeMachineFixture) -> None:
    person = asked.union_clerk
    bind_telephone(person)
    time_machine.shift(60)
    client = sign_in(person)
    for _guess in range(6):
        answer = client.post(CODE, {"code": "000000"}, REMOTE_ADDR="203.0.113.7").content.decode()
        time_machine.shift(2 ** (_guess + 1))
    assert "秒后再试" in client.post(CODE, {"code": "000000"}).content.decode() + answer
    assert "秒后再试" in client.post(CODE, {"code": code(person)}).content.decode()
    assert redirected(client) == CODE
    time_machine.shift(3600)
    client = sign_in(person)
    client.post(CODE, {"code": code(person)})
    assert redirected(client) == ""
    failed = AccessEntry.objects.filter(kind=AccessKind.LOGIN_FAILED, person=person)
    assert failed.count() == 8
    assert {entry.what for entry in failed} == {"动态口令不正确"}
    assert "203.0.113.7" in {entry.address for entry in failed}


CLOSED = [
    "/admin/",
    "/admin/account/",
    "/admin/search/?q=议题",
    "/admin/records/topic/",
    "/admin/records/topic/results/",
    "/admin/records/topic/?export=csv",
    "/admin/records/files/1/",
    "/admin/reports/site-history/",
    "/admin/pages/",
    "/admin/documents/",
    "/admin/choose-page/",
    "/admin/images/chooser/",
    "/admin/sidebar/",
    "/admin/password_reset/",
    "/admin/no-such-page/",
]


@pytest.mark.parametrize("path", CLOSED)
def test_nothing_of_the_admin_is_open_before_the_code(asked: World, path: str) -> None:
    bind_telephone(asked.union_clerk)
    client = sign_in(asked.union_clerk)
    for method in (client.get, client.post):
        assert method(path)["Location"].startswith(CODE)
        for headers in ({"X-Requested-With": "XMLHttpRequest"}, {"Accept": "application/json"}):
            refused = method(path, headers=headers)
            assert refused.status_code == 403
            assert list(refused.json()) == ["error"]


def test_leaving_is_open_and_public_pages_show_a_visitor(asked: World) -> None:
    client = sign_in(asked.union_clerk)
    seen = client.get("/healthz").wsgi_request
    assert not seen.user.is_authenticated
    assert not seen.user.is_authenticated  # also when it is evaluated again
    assert client.post("/admin/logout/").status_code == 302
    assert redirected(client) == LOGIN


def test_an_administrator_takes_the_telephone_away_and_open_sessions_end(asked: World) -> None:
    person, desk = asked.union_clerk, at_desk(asked.administrator)
    client, _codes = bind_telephone(person)
    assert "已绑定手机" in page(desk, "person:inspect", person.pk)
    assert sent(desk, reverse("person:reset_device", args=[person.pk])).status_code == 302
    assert not Telephone.objects.filter(user=person).exists()
    assert not StaticToken.objects.exists()
    assert redirected(client) == LOGIN
    assert redirected(sign_in(person)) == DEVICE
    entry = RecordLogEntry.objects.get_for_instance(person).filter(action="meetings.person.reset_device").get()
    assert entry.user == asked.administrator


def test_nobody_else_takes_it_away(asked: World) -> None:
    bind_telephone(asked.union_clerk)
    at_desk(asked.head).post(reverse("person:reset_device", args=[asked.union_clerk.pk]))
    assert Telephone.objects.filter(user=asked.union_clerk, confirmed=True).exists()


def test_a_copy_of_the_database_is_not_enough_to_log_in(asked: World, settings: Any) -> None:
    _client, codes = bind_telephone(asked.union_clerk)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == len(codes) == 10
    assert not kept & {shown.replace(" ", "") for shown in codes}
    device = Telephone.objects.get(user=asked.union_clerk)
    secret = device.bin_key
    assert secret.hex() != device.key
    client = sign_in(asked.union_clerk)
    client.post(CODE, {"code": next(iter(kept))})
    assert redirected(client) == CODE
    settings.SECRET_KEY = "the key of somebody who has the database alone"
    assert Telephone.objects.get(user=asked.union_clerk).bin_key != secret


def test_a_secret_is_shown_on_no_other_page(asked: World) -> None:
    bind_telephone(asked.union_clerk)
    device = Telephone.objects.get(user=asked.union_clerk)
    shown = page(at_desk(asked.administrator), "person:inspect", asked.union_clerk.pk)
    shown += page(at_desk(asked.auditor), "wagtailadmin_reports:site_history")
    assert device.key not in shown
    assert grouped_secret(device) not in shown


# --- permission to change the rules ---------------------------------------------------------------------------------
RULES = "/admin/settings/portal/loginrules/"


def test_administrators_of_all_conferences_decide_and_it_is_told(world: World) -> None:
    desk = at_desk(world.administrator)
    rules = desk.get(RULES)["Location"]
    assert sent(desk, rules, second_factor_roles=["clerk", "auditor"]).status_code == 302
    assert set(LoginRules.required_roles()) == {"clerk", "auditor"}
    assert redirected(at_desk(world.gov_clerk)) == DEVICE
    entry = ModelLogEntry.objects.filter(action="portal.login_rules").get()
    assert (entry.user, entry.message) == (world.administrator, "需要动态口令的职责改为：经办人员、审计员")


def test_nobody_else_decides(world: World) -> None:
    rules = f"{RULES}{LoginRules.objects.create().pk}/"
    for person in (world.head, world.gov_clerk, world.auditor, world.writer):
        desk = at_desk(person)
        assert desk.get(rules).status_code == 302
        desk.post(rules, {"second_factor_roles": ["head_of_government"]})
        assert RULES not in page(desk, "wagtailadmin_home")
    assert LoginRules.required_roles() == []
