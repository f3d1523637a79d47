"""A request that nobody may confirm says why, person by person."""

import pytest

from meetings.enums import Role
from meetings.models import PendingChange
from meetings.operations.change_content import acts_of, scope_of
from meetings.operations.changes_of_accounts import account_act
from meetings.rules.lacking_confirmer import why_nobody_confirms
from tests.meetings.confirming import give_password, submit, with_records
from tests.meetings.factories import World, seat, yuanqu

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return with_records(yuanqu())


def why(change: PendingChange) -> str:
    return why_nobody_confirms(change, scope_of(acts_of(change)))


def test_somebody_may_confirm(world: World) -> None:
    assert why(submit(account_act("login_code", give_password(world.head)), by=world.administrator)) == ""


def test_whom_it_concerns_and_who_has_no_password_are_named(world: World) -> None:
    seat("副管理员", role=Role.ADMINISTRATOR)
    told = why(submit(account_act("login_code", world.auditor), by=world.administrator))
    assert "审计员：涉及本人" in told
    assert "副管理员：还没有设置密码" in told


def test_nobody_else_is_there(world: World) -> None:
    world.tenures["auditor"].delete()
    told = why(submit(account_act("login_code", give_password(world.head)), by=world.administrator))
    assert "没有别人担任" in told
