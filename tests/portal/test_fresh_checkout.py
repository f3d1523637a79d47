"""A fresh checkout has no compiled catalogues: loading the settings compiles them, and texts are Chinese."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portal.settings.base import BASE_DIR
from portal.tools.messages import APPS

pytestmark = pytest.mark.slow

READ = "import django; django.setup(); from django.utils.translation import gettext; print(gettext('Meeting'))"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The apps as they are in git."""
    folder = tmp_path_factory.mktemp("checkout")
    for app in APPS:
        shutil.copytree(BASE_DIR / app, folder / app, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
    return folder


@pytest.mark.parametrize("settings", ["dev", "test"])
def test_the_first_process_reads_chinese(checkout: Path, settings: str) -> None:
    for compiled in checkout.rglob("*.mo"):
        compiled.unlink()
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": f"portal.settings.{settings}"}
    result = subprocess.run(
        [sys.executable, "-c", READ], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert result.stdout == "会议\n", result.stderr
    assert len(list(checkout.rglob("*.mo"))) == len(list(checkout.rglob("*.po")))
    assert not list(checkout.rglob("django.[0-9]*"))
