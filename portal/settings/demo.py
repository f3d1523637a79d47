"""Settings of `make demo`: as in production, but on this machine and over plain http.

The secret key is made at the first start and kept in the data folder.
"""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from portal.settings.base import *  # noqa: F403
from portal.settings.base import ALLOWED_HOSTS, DATA_DIR


def _kept_key(path: Path) -> str:
    """Return the secret key kept in `path`; make it, readable by its owner only, when there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(get_random_secret_key())
    return path.read_text()


DEBUG = False
SECRET_KEY = _kept_key(DATA_DIR / "secret-key")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *ALLOWED_HOSTS]
