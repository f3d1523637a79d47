"""A successor takes over a post at midnight, in sessions that were opened before, without a new login."""

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
SECONDS = 25  # from the start of the portal to midnight
SUCCEED = """
from datetime import timedelta
from django.utils import timezone
from meetings.models import Person, Tenure
from meetings.operations.tenures import succeed
tomorrow = timezone.localdate() + timedelta(days=1)
post = Tenure.objects.get(person__username="{before}", post__role="clerk").post
by = Person.objects.get(username="{by}")
succeed(post, Person.objects.get(username="{after}"), by=by, from_date=tomorrow)
"""


@pytest.fixture
def portal_before_midnight(
    portal: server.RunningPortal, chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[People]:
    """Serve a copy of the demo that starts shortly before midnight, when a post passes to a successor."""
    monkeypatch.setenv("MIDNIGHT_AFTER", str(SECONDS))
    folder, port = tmp_path / "data", server.free_port()
    demo.copy(portal.folder, folder)
    names = {key: portal.logins[role][0] for key, role in (("before", BEFORE), ("after", AFTER), ("by", "管理员"))}
    server.manage(server.environment(folder, port), "shell", "-c", SUCCEED.format(**names))
    gunicorn, running = server.serve(folder, port, portal.logins, "tests.browser.midnight:application")
    people = People(running, chromium)
    yield people
    people.close()
    gunicorn.terminate()
    gunicorn.wait(timeout=20)


NO_POST = "目前没有任职"


def open_form(person: Visitor) -> str:
    """Open the form of a new topic; return "form", "refused", "no post" or "elsewhere"."""
    answer = person.page.goto(f"{person.url}{FORM}")
    assert answer is not None
    if person.page.url == f"{person.url}{FORM}":
        return "form" if answer.ok else "refused"
    return "no post" if NO_POST in person.page.inner_text("body") else "elsewhere"


def test_a_post_changes_hands_at_midnight_in_open_sessions(portal_before_midnight: People) -> None:
    began = time.monotonic()
    before, after = portal_before_midnight.visitor(BEFORE), portal_before_midnight.visitor(AFTER)
    assert (open_form(before), open_form(after)) == ("form", "elsewhere")
    assert time.monotonic() - began < SECONDS - 5, "signed in before midnight"
    time.sleep(SECONDS - (time.monotonic() - began))
    assert (open_form(before), open_form(after)) == ("no post", "form")
