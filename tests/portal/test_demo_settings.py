"""The demonstration's settings are like those of production, with a generated key that is stored."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from portal.settings.base import BASE_DIR


def read(name: str, data: Path, **environment: str) -> str:
    """Return one demo setting, read in a separate process with `data` as the data folder."""
    result = subprocess.run(
        [sys.executable, "-c", f"from django.conf import settings; print(settings.{name})"],
        cwd=BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
            "DATA_DIR": str(data),
            **environment,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.strip()


def test_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = read("SECRET_KEY", data)
    assert len(first) >= 50
    assert read("SECRET_KEY", data) == first
    assert stat.S_IMODE((data / "secret-key").stat().st_mode) == 0o600
    assert read("SECRET_KEY", tmp_path / "other") != first


def test_debugging_is_off_whatever_the_environment_says(tmp_path: Path) -> None:
    assert read("DEBUG", tmp_path, DEBUG="true") == "False"


def test_only_this_machine_is_served_unless_more_is_named(tmp_path: Path) -> None:
    assert read("ALLOWED_HOSTS", tmp_path) == "['localhost', '127.0.0.1', '[::1]']"
    assert "demo.example.cn" in read("ALLOWED_HOSTS", tmp_path, ALLOWED_HOSTS="demo.example.cn")


def test_the_address_follows_the_port(tmp_path: Path) -> None:
    assert read("SITE_URL", tmp_path, PORT="8123") == "http://localhost:8123"
