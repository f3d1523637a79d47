"""Kept answers on a real Redis server: shared, gone at once with a withdrawal, and not missed when the server is."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.test import Client
from environ import Env
from pytest_django.fixtures import Settings

from meetings.models import Resolution
from publicity.models import PublicDecision
from publicity.operations.releases import withdraw
from publicity.views import kept
from tests.meetings.factories import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def server(tmp_path: Path, settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A server of Debian on a socket in a folder of its own, which the portal uses."""
    program = shutil.which("redis-server")
    assert program, "apt-get install redis-server"
    socket = tmp_path / "redis.socket"
    command = [program, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        until = time.monotonic() + 10
        while not socket.exists() and time.monotonic() < until:
            time.sleep(0.02)
        settings.CACHES = {**django_settings.CACHES, kept.CACHE: Env.cache_url_config(f"rediscache://{socket}")}
        yield running
        running.kill()


def test_answers_are_shared_and_end_with_a_withdrawal(
    world: World, shown: Resolution, server: subprocess.Popen[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    Client().get("/")
    path = PublicDecision.objects.get().get_absolute_url()
    first = Client().get(path, headers={"accept-encoding": "br"})
    assert caches[kept.CACHE].__class__.__name__ == "RedisCache"
    assert caches[kept.CACHE]._cache.get_client().dbsize() >= 1  # type: ignore[attr-defined]
    assert Client().get(path, headers={"accept-encoding": "br"}).content == first.content
    withdraw(shown, reason="核对", by=world.gov_clerk)
    assert Client().get(path).status_code == 404
    server.kill()
    server.wait()
    assert Client().get("/outcomes/").status_code == 200
    assert {record.name for record in caplog.records} == {"portal.publicity", "django.request"}
