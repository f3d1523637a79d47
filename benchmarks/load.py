"""Measure requests per second of gunicorn with two workers, with a few clients that do nothing else."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from urllib.parse import urlencode

from benchmarks.measuring import Times

WORKERS, CLIENTS = 2, 3
TIMEOUT = 180.0
OK = 200


@contextmanager
def server() -> Iterator[int]:
    """Start the server on the database of the environment; yield its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ["-m", "gunicorn", "benchmarks.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS)]
    arguments += ["--worker-class", "gthread", "--threads", "2", "--timeout", "600", "--log-level", "error"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.settings_bare"}
    process = subprocess.Popen([sys.executable, *arguments], env=environment)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    for _attempt in range(200):
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    raise RuntimeError("The server did not start.")


def requests(port: int, path: str, texts: Sequence[str], seconds: float) -> dict[str, float]:
    """Request `path` for `seconds` after two warm-up rounds; return requests per second, p50 and p95."""
    _request_all(port, path, texts, rounds=2)
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        results = list(
            pool.map(lambda number: _request_all(port, path, texts, seconds, skipped=number), range(CLIENTS))
        )
    elapsed = time.perf_counter() - started
    total = Times([each for times in results for each in times.taken])
    return {"a second": len(total.taken) / elapsed, **total.summary()}


def _request_all(
    port: int, path: str, texts: Sequence[str], seconds: float = 0.0, *, rounds: int = 0, skipped: int = 0
) -> Times:
    """Request the texts in turn over one connection, for some seconds or some rounds; skip the first `skipped`."""
    times = Times()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    ends = time.perf_counter() + seconds
    for number, text in enumerate(cycle(texts)):
        if number >= rounds * len(texts) and time.perf_counter() >= ends:
            return times
        if number < skipped:
            continue
        with times.timed():
            connection.request("GET", f"/{path}/?{urlencode({'q': text})}")
            answer = connection.getresponse()
            answer.read()
        if answer.status != OK:
            raise RuntimeError(f"{path} answered {answer.status} to {text}.")
    return times
