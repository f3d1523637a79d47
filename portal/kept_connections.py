"""A connection to SQLite is kept between requests, but not when its file was deleted or replaced.

Django's health check (`CONN_HEALTH_CHECKS`) asks a server whether it still answers. A file that is gone goes on
answering: whoever has it open reads and writes what nobody else sees. So before each request the file at the path is
compared with the one that was opened, which costs one `stat`.

Key concepts:
- `listen()`: the receivers; called once at the start.
"""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from django.core.signals import request_started
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

Identity = tuple[int, int] | None
_opened: MutableMapping[BaseDatabaseWrapper, Identity] = WeakKeyDictionary()


def _identity(connection: BaseDatabaseWrapper) -> Identity:
    """Which file stands at the path of the database; None where there is none, as for a database in memory."""
    try:
        found = Path(connection.settings_dict["NAME"]).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _remember(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if connection.vendor == "sqlite":
        _opened[connection] = _identity(connection)


def close_replaced(**kwargs: Any) -> None:
    """Close this thread's connections whose file is no longer the one at their path; the next query opens it anew."""
    for connection in connections.all(initialized_only=True):
        if connection in _opened and not connection.in_atomic_block and _opened[connection] != _identity(connection):
            connection.close()


def listen() -> None:
    """Remember the file of each connection, and compare it before each request."""
    connection_created.connect(_remember, dispatch_uid="portal.kept_connections")
    request_started.connect(close_replaced, dispatch_uid="portal.kept_connections")
