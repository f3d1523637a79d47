"""Close persistent SQLite connections whose file was deleted or replaced.

Connections are kept between requests. Django's health check (`CONN_HEALTH_CHECKS`) only asks whether the database still
answers. A deleted SQLite file goes on answering: the process that has it open reads and writes data that nobody else
sees. So before each request the file at the path is compared with the one that was opened, which costs one `stat`.

`connect_receivers()` is called once at startup.
"""

from collections.abc import MutableMapping
from pathlib import Path
from weakref import WeakKeyDictionary

from django.core.signals import request_started
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

Identity = tuple[int, int] | None
_opened: MutableMapping[BaseDatabaseWrapper, Identity] = WeakKeyDictionary()


def _identity(connection: BaseDatabaseWrapper) -> Identity:
    """Return device and inode of the database file; None if there is no file, as for a database in memory."""
    try:
        found = Path(connection.settings_dict["NAME"]).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _remember(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    if connection.vendor == "sqlite":
        _opened[connection] = _identity(connection)


def close_replaced(**kwargs: object) -> None:
    """Close this thread's connections whose file is no longer the one at their path; the next query reopens it."""
    for connection in connections.all(initialized_only=True):
        if connection in _opened and not connection.in_atomic_block and _opened[connection] != _identity(connection):
            connection.close()


def connect_receivers() -> None:
    """Remember the file of each connection, and compare it before each request."""
    connection_created.connect(_remember, dispatch_uid="portal.kept_connections")
    request_started.connect(close_replaced, dispatch_uid="portal.kept_connections")
