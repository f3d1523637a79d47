"""Requests a second of a server: gunicorn with two workers, asked by a few clients that do nothing else."""

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
PATIENCE = 180.0
OK = 200


@contextmanager
def server() -> Iterator[int]:
    """Two workers over the database of the environment; the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["-m", "gunicorn", "benchmarks.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS)]
    words += ["--worker-class", "gthread", "--threads", "2", "--timeout", "600", "--log-level", "error"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.settings_bare"}
    started = subprocess.Popen([sys.executable, *words], env=environment)
    try:
        _wait(port)
        yield port
    finally:
        started.terminate()
        started.wait()


def _wait(port: int) -> None:
    for _attempt in range(200):
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    raise RuntimeError("The server did not start.")


def requests(port: int, way: str, texts: Sequence[str], seconds: float) -> dict[str, float]:
    """Ask `way` for `seconds` after two rounds that warm up; returns requests a second, p50 and p95."""
    _ask(port, way, texts, rounds=2)
    begun = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        asked = list(pool.map(lambda number: _ask(port, way, texts, seconds, skipped=number), range(CLIENTS)))
    spent = time.perf_counter() - begun
    every = Times([each for times in asked for each in times.taken])
    return {"a second": len(every.taken) / spent, **every.told()}


def _ask(
    port: int, way: str, texts: Sequence[str], seconds: float = 0.0, *, rounds: int = 0, skipped: int = 0
) -> Times:
    """Ask for the texts in turn, over one connection, for some seconds or some rounds."""
    times = Times()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    ends = time.perf_counter() + seconds
    for number, text in enumerate(cycle(texts)):
        if number >= rounds * len(texts) and time.perf_counter() >= ends:
            return times
        if number < skipped:
            continue
        with times.timed():
            connection.request("GET", f"/{way}/?{urlencode({'q': text})}")
            answer = connection.getresponse()
            answer.read()
        if answer.status != OK:
            raise RuntimeError(f"{way} answered {answer.status} to {text}.")
    return times
