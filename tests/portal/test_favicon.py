"""The icon that browsers request at the root of the site."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from portal.settings.base import BASE_DIR

pytestmark = pytest.mark.slow

ASK = """
import django
django.setup()
from django.test import Client

answer = Client().get("/favicon.ico", secure=True, headers={"host": "localhost"})
print(answer.status_code, answer["Content-Type"])
"""
PRODUCTION = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "localhost", "SITE_URL": "https://localhost"}


def test_it_answers_without_the_database_and_without_a_session(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 200
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert not response.has_header("Vary")
    icon = Image.open(BytesIO(b"".join(response)))
    assert icon.format == "ICO"
    assert {(16, 16), (32, 32)} <= icon.info["sizes"]
    unchanged = client.get("/favicon.ico", headers={"if-none-match": response["ETag"]})
    assert unchanged.status_code == 304


@pytest.mark.parametrize("settings", ["demo", "dev", "production"])
def test_it_answers_under_all_settings(tmp_path: Path, settings: str) -> None:
    """Run in a separate process whose data folder has neither a database nor collected files."""
    own = {"DJANGO_SETTINGS_MODULE": f"portal.settings.{settings}", "DATA_DIR": str(tmp_path / "data")}
    (tmp_path / "data" / "static").mkdir(parents=True)
    result = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], **own, **PRODUCTION},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout == "200 image/x-icon\n", result.stderr
    assert not list(tmp_path.rglob("*.sqlite3"))
