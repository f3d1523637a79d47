"""Settings of the test suite: the real thing, with a fast password hasher and a folder of its own."""

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
ELASTICSEARCH["HOSTS"] = []  # tests that want one name it themselves
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

messages.compile_all()  # Django reads the catalogues soon after its settings, and then never again

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
