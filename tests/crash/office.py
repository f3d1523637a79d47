"""The portal as the demonstration serves it, desks that work in it, and its sudden death.

Key concepts
- `Office`: settings and data folder; `start()`, `kill()` (SIGKILL to every process of the server), `run(module)`.
- `work(office, desks, journal)`: lets each desk send its tasks, one after the other, until the server is gone; what was
  answered stands in the journal, outside the database.
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

TOKEN = "k" * 32  # of the form and of the cookie: what CSRF compares
NODE = ROOT / "tests/elasticsearch"
GONE = (ConnectionError, http.client.HTTPException, TimeoutError)


@dataclass
class Office:
    """A portal with a data folder and a database of its own."""

    folder: Path
    database: str
    port: int = field(default_factory=free_port)
    server: "subprocess.Popen[bytes] | None" = None
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Of the server, and of the programs beside it."""
        return {**environment(self.folder, self.port), "DATABASE_URL": self.database, **self.more}

    def run(self, *arguments: str) -> str:
        """Run a Python program beside the server; its output, or an error that shows it."""
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=600
        )
        if done.returncode:
            raise RuntimeError(f"{arguments} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def start(self) -> None:
        """Serve as `make demo` does, in a process group of its own, and wait for the first answer."""
        bind = ["--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--threads", "4", "--log-level", "critical"]
        command = [sys.executable, "-m", "gunicorn", "portal.wsgi", *bind]
        self.server = subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True)
        for _attempt in range(600):
            try:
                if self.ask("GET", "/healthz").status == http.client.OK:
                    return
            except GONE:
                time.sleep(0.1)
        raise RuntimeError("gunicorn did not answer within a minute")

    def kill(self) -> None:
        """End every process of the server at once, without a word."""
        if self.server is not None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.server = None

    def ask(self, method: str, path: str, body: str = "", session: str = "") -> http.client.HTTPResponse:
        """Send one request; the answer with its headers."""
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
    """An Elasticsearch node that keeps its data and its address over a sudden death."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: int = 0
    more: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Start it, or start it again."""
        command = [str(NODE / "node.sh"), str(self.folder), f"http.port={self.port}", *self.more]
        self.process = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def kill(self) -> None:
        """End it at once."""
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            self.process = 0


@contextmanager
def opened(folder: Path, database: str, more: dict[str, str] | None = None) -> Iterator[Office]:
    """An office that is closed whatever happens."""
    office = Office(folder, database, more=more or {})
    try:
        yield office
    finally:
        office.kill()


@dataclass
class Work:
    """What the desks have done: the journal on disk, how many lines it has, and any answer that was no redirect."""

    journal: Path
    done: int = 0
    surprises: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, line: dict[str, Any]) -> None:
        """Write an acknowledged task down."""
        with self.lock, self.journal.open("a") as file:
            file.write(json.dumps(line) + "\n")
            self.done += 1


def work(office: Office, desks: list[list[dict[str, Any]]], journal: Path) -> tuple[Work, list[threading.Thread]]:
    """Start every desk; each ends with its tasks or with the server."""
    journal.touch()
    state = Work(journal)
    threads = [threading.Thread(target=_sit, args=(office, tasks, state)) for tasks in desks]
    for thread in threads:
        thread.start()
    return state, threads


def _sit(office: Office, tasks: list[dict[str, Any]], state: Work) -> None:
    record = ""
    for task in tasks:
        path = re.sub(r"/0/", f"/{record}/", task["path"])
        body = urlencode({"csrfmiddlewaretoken": TOKEN, **task["data"]})
        try:
            answer = office.ask("POST", path, body, task["session"])
        except GONE:
            return
        location = answer.getheader("Location") or ""
        if answer.status != http.client.FOUND or "login" in location:
            state.surprises.append(f"{task['what']} {path}: {answer.status} {location}")
            return
        found = re.search(r"/(\d+)/", location)
        record = found.group(1) if found else ""
        state.note({**task, "pk": task["pk"] or int(record or 0)})
