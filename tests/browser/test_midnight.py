"""A successor takes over at midnight: both have had a page open since the evening, and nobody signs in again."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import demo
from tests.browser import server
from tests.browser.conftest import People
from tests.browser.pages import Visitor

BEFORE, AFTER = "经办人员（垣曲县政府方）", "信息员（垣曲县）"
FORM = "/admin/records/topic/new/"
SECONDS = 25  # before midnight, when the portal starts
SUCCEED = """
from datetime import timedelta
from django.utils import timezone
from meetings.models import Person, Tenure
from meetings.operations.people import succeed
tomorrow = timezone.localdate() + timedelta(days=1)
post = Tenure.objects.get(person__username="{before}", post__role="clerk").post
by = Person.objects.get(username="{by}")
succeed(post, Person.objects.get(username="{after}"), by=by, from_date=tomorrow)
"""


@pytest.fixture
def evening(
    portal: server.Running, chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[People]:
    """The people of a copy of the demo, half a minute before midnight, where a post changes hands."""
    monkeypatch.setenv("MIDNIGHT_AFTER", str(SECONDS))
    folder, port = tmp_path / "data", server.free_port()
    demo.copy(portal.folder, folder)
    names = {key: portal.logins[role][0] for key, role in (("before", BEFORE), ("after", AFTER), ("by", "管理员"))}
    server.manage(server.environment(folder, port), "shell", "-c", SUCCEED.format(**names))
    web, running = server.serve(folder, port, portal.logins, "tests.browser.midnight:application")
    people = People(running, chromium)
    yield people
    people.leave()
    web.terminate()
    web.wait(timeout=20)


NO_POST = "目前没有任职"


def opened(person: Visitor) -> str:
    """What a person meets who asks for the form of a new topic: the form, a refusal, or the way out of the house."""
    answer = person.page.goto(f"{person.url}{FORM}")
    assert answer is not None
    if person.page.url == f"{person.url}{FORM}":
        return "form" if answer.ok else "refused"
    return "no post" if NO_POST in person.page.inner_text("body") else "elsewhere"


def test_a_post_changes_hands_at_midnight_in_open_sessions(evening: People) -> None:
    began = time.monotonic()
    before, after = evening.as_(BEFORE), evening.as_(AFTER)
    assert (opened(before), opened(after)) == ("form", "elsewhere")
    assert time.monotonic() - began < SECONDS - 5, "signed in before midnight"
    time.sleep(SECONDS - (time.monotonic() - began))
    assert (opened(before), opened(after)) == ("no post", "form")
