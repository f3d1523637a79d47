"""Settings of the test suite: the base settings with a fast password hasher and a temporary folder."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from portal.settings.base import *  # noqa: F403
from portal.settings.base import DATABASES, ELASTICSEARCH, STORAGES
from portal.tools import messages

DEBUG = False
SECRET_KEY = "test-only-key-test-only-key-test-only-key-test-only-key"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
ELASTICSEARCH["HOSTS"] = []  # tests that need a node set it themselves
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

messages.compile_all()  # before Django loads the catalogues, which it does only once

_FOLDER = Path(tempfile.mkdtemp(prefix="portal-test-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
if "DATABASE_URL" not in os.environ:
    DATABASES["default"]["NAME"] = str(_FOLDER / "portal.sqlite3")
STATIC_ROOT = _FOLDER / "static"
STATIC_ROOT.mkdir()
MEDIA_ROOT = _FOLDER / "media"
STORAGES["private"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": _FOLDER / "private", "base_url": None},
}
