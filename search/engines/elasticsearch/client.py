"""The connection to Elasticsearch, as the settings describe it; one for each process.

It uses what every stock cluster has, of version 8 or 9, and nothing that needs a plug-in, a script or a licence.

Key concepts
- `configured()`: whether there is one at all. `client(seconds)`: the connection with a time-out for each request.
- `Unusable`: it answered, but not what was asked; `FAILURES`: every way in which a request can fail.
"""

from functools import cache, lru_cache
from math import ceil
from typing import Any

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, TransportError

PATIENCE = 30.0  # seconds, of who fills an index and keeps nobody waiting


class Unusable(Exception):
    """The answer is not what was asked for: cut short, of another shape, or no answer of Elasticsearch at all."""


# `ValueError`: an answer that is no JSON, or of another kind than the client expects.
FAILURES = (ApiError, TransportError, Unusable, ValueError)


def configured() -> bool:
    """Tell whether the settings name an Elasticsearch."""
    return bool(settings.ELASTICSEARCH["HOSTS"])


@cache
def _connection() -> Elasticsearch:
    chosen = settings.ELASTICSEARCH
    options: dict[str, Any] = {"request_timeout": chosen["TIMEOUT"], "retry_on_timeout": False}
    # Another node is asked at once when one refuses; a lone one is not asked twice.
    options["max_retries"] = len(chosen["HOSTS"]) - 1
    options |= {"dead_node_backoff_factor": 0.5, "max_dead_node_backoff": 10}
    if chosen["API_KEY"]:
        options["api_key"] = chosen["API_KEY"]
    elif chosen["USER"]:
        options["basic_auth"] = (chosen["USER"], chosen["PASSWORD"])
    if chosen["CA"]:
        options["ca_certs"] = chosen["CA"]
    return Elasticsearch(chosen["HOSTS"], **options)


def client(seconds: float | None = None) -> Elasticsearch:
    """Return the connection; `seconds` is how long a request may take, if not what the settings say."""
    return _connection() if seconds is None else _patient(ceil(20 * seconds) / 20)


@lru_cache(maxsize=100)
def _patient(seconds: float) -> Elasticsearch:
    """Return the connection with a time-out of its own; making one takes as long as half a search."""
    return _connection().options(request_timeout=seconds)


def forget() -> None:
    """Let the next request read the settings anew."""
    _connection.cache_clear()
    _patient.cache_clear()


def prefix() -> str:
    """Return what the names of our indices begin with; it is the alias of the one that answers."""
    return str(settings.ELASTICSEARCH["INDEX"])
