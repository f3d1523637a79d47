"""The Elasticsearch client configured in the settings, one per process.

It works with stock clusters of version 8 or 9, without plug-ins, scripts or licence.

- `configured()`: whether the settings name an Elasticsearch. `client(seconds)`: the client with a request time-out.
- `UnusableResponse`: an invalid answer. `FAILURES`: all exceptions of a failed request.
"""

from functools import cache, lru_cache
from math import ceil
from typing import Any

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, TransportError

BATCH_TIMEOUT = 30.0  # seconds, for indexing, where no user waits


class UnusableResponse(Exception):
    """An answer that is incomplete, has an unexpected shape, or does not come from Elasticsearch."""


# `ValueError`: an answer that is not JSON, or not of the type that the client expects.
FAILURES = (ApiError, TransportError, UnusableResponse, ValueError)


def configured() -> bool:
    """Return whether the settings name an Elasticsearch."""
    return bool(settings.ELASTICSEARCH["HOSTS"])


@cache
def _connection() -> Elasticsearch:
    config = settings.ELASTICSEARCH
    options: dict[str, Any] = {"request_timeout": config["TIMEOUT"], "retry_on_timeout": False}
    # If a node fails, another one is asked at once. A single node is not asked twice.
    options["max_retries"] = len(config["HOSTS"]) - 1
    options |= {"dead_node_backoff_factor": 0.5, "max_dead_node_backoff": 10}
    if config["API_KEY"]:
        options["api_key"] = config["API_KEY"]
    elif config["USER"]:
        options["basic_auth"] = (config["USER"], config["PASSWORD"])
    if config["CA"]:
        options["ca_certs"] = config["CA"]
    return Elasticsearch(config["HOSTS"], **options)


def client(seconds: float | None = None) -> Elasticsearch:
    """Return the client. `seconds` is the time-out of a request; by default that of the settings."""
    return _connection() if seconds is None else _with_timeout(ceil(20 * seconds) / 20)


@lru_cache(maxsize=100)
def _with_timeout(seconds: float) -> Elasticsearch:
    """Return the client with this time-out. Cached, because creating one takes as long as half a search."""
    return _connection().options(request_timeout=seconds)


def reset_connection() -> None:
    """Discard the client, so that the next request reads the settings again."""
    _connection.cache_clear()
    _with_timeout.cache_clear()


def prefix() -> str:
    """Return the prefix of the names of our indices. It is also the alias of the index in use."""
    return str(settings.ELASTICSEARCH["INDEX"])
