"""Run the portal with gunicorn and the settings of the demo, with its own data folder and port."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "portal.sqlite3"


@dataclass(frozen=True)
class RunningPortal:
    """A running portal: its URL and data folder.

    `logins` maps the name of a role, as `load_demo` prints it, to login and password.
    """

    url: str
    logins: dict[str, tuple[str, str]]
    folder: Path


def free_port() -> int:
    """Return a local port that no process listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(folder: Path, port: int) -> dict[str, str]:
    """Return the environment variables of a demo with its data in `folder`."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "DATA_DIR": str(folder),
        "PORT": str(port),
    }


def manage(env: dict[str, str], *arguments: str) -> str:
    """Run a management command and return its output; raise RuntimeError with the output if it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{arguments} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def read_logins(printed: str) -> dict[str, tuple[str, str]]:
    """Parse the lines `role login password` that `load_demo` printed."""
    rows = (line.split() for line in printed.splitlines())
    return {row[0]: (row[1], row[2]) for row in rows if len(row) == 3}


def serve(
    folder: Path, port: int, logins: dict[str, tuple[str, str]], application: str = "portal.wsgi"
) -> tuple["subprocess.Popen[bytes]", RunningPortal]:
    """Start gunicorn and wait until it responds."""
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    process = subprocess.Popen(
        [*command, "--log-level", "warning"], cwd=ROOT, env=environment(folder, port), stdout=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    for _attempt in range(150):
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=5).close()  # noqa: S310 - our own loopback address
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return process, RunningPortal(url, logins, folder)
    process.kill()
    raise RuntimeError("gunicorn did not answer within half a minute")
