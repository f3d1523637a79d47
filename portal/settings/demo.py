"""Settings of `make demo`: like production, but on this machine and over plain HTTP.

The secret key is created at the first start and stored in the data folder.
"""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from portal.settings.base import *  # noqa: F403
from portal.settings.base import ALLOWED_HOSTS, DATA_DIR


def _stored_key(path: Path) -> str:
    """Return the secret key stored in `path`; create it, readable by its owner only, if it does not exist."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(get_random_secret_key())
    return path.read_text()


DEBUG = False
SECRET_KEY = _stored_key(DATA_DIR / "secret-key")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *ALLOWED_HOSTS]
