"""The production settings refuse to load without the settings of the operator, and say what to set."""

import os
import subprocess
import sys

import pytest

from portal.settings.base import BASE_DIR

pytestmark = pytest.mark.slow

COMPLETE = {
    "SECRET_KEY": "a-key-of-more-than-fifty-characters-0123456789-abcdefghijkl",
    "ALLOWED_HOSTS": "portal.example.gov.cn",
    "SITE_URL": "https://portal.example.gov.cn",
}


def start(code: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the production settings in a separate process with only `environment` set, and run `code`."""
    return subprocess.run(
        [sys.executable, "-c", f"from django.conf import settings; settings.DEBUG; {code}"],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "portal.settings.production", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", COMPLETE)
@pytest.mark.parametrize("left", [None, "", "  "])
def test_a_missing_setting_stops_the_start_and_is_named(name: str, left: str | None) -> None:
    environment = {key: value for key, value in COMPLETE.items() if key != name}
    if left is not None:
        environment[name] = left
    result = start(**environment)
    assert result.returncode != 0
    assert f"\n  {name}: " in result.stderr
    assert not any(f"\n  {other}: " in result.stderr for other in COMPLETE if other != name)


def test_all_missing_settings_are_named_at_once() -> None:
    assert all(f"\n  {name}: " in start().stderr for name in COMPLETE)


def test_it_starts_when_all_are_set() -> None:
    result = start("print(settings.SECRET_KEY, settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS)", **COMPLETE)
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == [
        COMPLETE["SECRET_KEY"],
        "['portal.example.gov.cn']",
        "['https://portal.example.gov.cn']",
    ]


def test_an_address_without_https_is_refused() -> None:
    result = start(**{**COMPLETE, "SITE_URL": "http://portal.example.gov.cn"})
    assert result.returncode != 0
    assert "https://" in result.stderr


def test_debugging_cannot_be_switched_on() -> None:
    assert start("print(settings.DEBUG)", **COMPLETE, DEBUG="true").stdout.strip() == "False"


def test_the_forwarded_protocol_is_believed_only_behind_a_proxy() -> None:
    code = "print(settings.SECURE_PROXY_SSL_HEADER)"
    assert "HTTP_X_FORWARDED_PROTO" in start(code, **COMPLETE).stdout
    assert start(code, **COMPLETE, PROXY_COUNT="0").stdout.strip() == "None"


def test_no_secret_key_is_kept_in_the_shared_settings() -> None:
    result = subprocess.run(
        [sys.executable, "-c", "from portal.settings import base; print(repr(base.SECRET_KEY))"],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "''"
