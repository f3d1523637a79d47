"""A portal server that can be killed, and clients that send writes to it.

- `PortalServer`: `start()`, `kill()` (SIGKILL to every process of the server), `run(…)` for programs beside it.
- `start_clients(server, clients, journal)` lets each client send its tasks, one after the other, until the server is
  killed. Acknowledged tasks are recorded in the journal, outside the database.
"""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.browser.server import ROOT, environment, free_port

TOKEN = "k" * 32  # CSRF token of the form and of the cookie
NODE = ROOT / "tests/elasticsearch"
CONNECTION_ERRORS = (ConnectionError, http.client.HTTPException, TimeoutError)


@dataclass
class PortalServer:
    """A portal with its own data folder and database, served as in the demonstration."""

    folder: Path
    database: str
    port: int = field(default_factory=free_port)
    server: "subprocess.Popen[bytes] | None" = None
    extra_environment: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables of the server, and of programs beside it."""
        return {**environment(self.folder, self.port), "DATABASE_URL": self.database, **self.extra_environment}

    def run(self, *arguments: str) -> str:
        """Run a Python program beside the server and return its output; raise RuntimeError if it fails."""
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=600
        )
        if done.returncode:
            raise RuntimeError(f"{arguments} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def start(self) -> None:
        """Serve as `make demo` does, in a separate process group, and wait for the first response."""
        bind = ["--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--threads", "4", "--log-level", "critical"]
        command = [sys.executable, "-m", "gunicorn", "portal.wsgi", *bind]
        self.server = subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True)
        for _attempt in range(600):
            try:
                if self.request("GET", "/healthz").status == http.client.OK:
                    return
            except CONNECTION_ERRORS:
                time.sleep(0.1)
        raise RuntimeError("gunicorn did not answer within a minute")

    def kill(self) -> None:
        """Kill every process of the server with SIGKILL."""
        if self.server is not None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.server = None

    def request(self, method: str, path: str, body: str = "", session: str = "") -> http.client.HTTPResponse:
        """Send one request and return the response."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}"} if session else {}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            return connection.getresponse()
        finally:
            connection.close()


@dataclass
class Node:
    """An Elasticsearch node that keeps its data and port when it is killed."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: int = 0
    extra_arguments: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Start or restart the node."""
        command = [str(NODE / "node.sh"), str(self.folder), f"http.port={self.port}", *self.extra_arguments]
        self.process = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def kill(self) -> None:
        """Kill the node with SIGKILL."""
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            self.process = 0


@contextmanager
def portal_server(
    folder: Path, database: str, extra_environment: dict[str, str] | None = None
) -> Iterator[PortalServer]:
    """Provide a server that is killed at the end, also after an error."""
    server = PortalServer(folder, database, extra_environment=extra_environment or {})
    try:
        yield server
    finally:
        server.kill()


@dataclass
class Progress:
    """The progress of the clients: the journal file, its number of lines, and responses other than a redirect."""

    journal: Path
    done: int = 0
    unexpected: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def record(self, line: dict[str, Any]) -> None:
        """Write an acknowledged task to the journal."""
        with self.lock, self.journal.open("a") as file:
            file.write(json.dumps(line) + "\n")
            self.done += 1


def start_clients(
    server: PortalServer, clients: list[list[dict[str, Any]]], journal: Path
) -> tuple[Progress, list[threading.Thread]]:
    """Start a thread per client, which ends with its tasks or with the server."""
    journal.touch()
    progress = Progress(journal)
    threads = [threading.Thread(target=_run_client, args=(server, tasks, progress)) for tasks in clients]
    for thread in threads:
        thread.start()
    return progress, threads


def _run_client(server: PortalServer, tasks: list[dict[str, Any]], progress: Progress) -> None:
    record = ""
    for task in tasks:
        path = re.sub(r"/0/", f"/{record}/", task["path"])
        body = urlencode({"csrfmiddlewaretoken": TOKEN, **task["data"]})
        try:
            answer = server.request("POST", path, body, task["session"])
        except CONNECTION_ERRORS:
            return
        location = answer.getheader("Location") or ""
        if answer.status != http.client.FOUND or "login" in location:
            progress.unexpected.append(f"{task['what']} {path}: {answer.status} {location}")
            return
        found = re.search(r"/(\d+)/", location)
        record = found.group(1) if found else ""
        progress.record({**task, "pk": task["pk"] or int(record or 0)})
