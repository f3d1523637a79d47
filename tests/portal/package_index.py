"""A local package index with small wheels made here, so that tests can run the real pip."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

PURE = "py3-none-any"


class Index:
    """The packages of an index, in a folder that is served inside `served`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "simple"
        self.folder.mkdir()
        self.pages: dict[str, str] = {}

    def offer(self, name: str, version: str, python: str = ">=3.10", tag: str = PURE) -> None:
        """Add a wheel of a release that requires a version of Python."""
        place = self.folder / name.replace("_", "-")  # the path that pip requests
        place.mkdir(exist_ok=True)
        file, info = f"{name}-{version}-{tag}.whl", f"{name}-{version}.dist-info"
        with zipfile.ZipFile(place / file, "w") as wheel:
            about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Python: {python}\n"
            wheel.writestr(f"{name}.py", f"TAG = {tag!r}\n")
            wheel.writestr(f"{info}/METADATA", about)
            wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
            wheel.writestr(f"{info}/RECORD", "")
        link = f'<a href="{file}" data-requires-python="{python.replace(">", "&gt;")}">{file}</a>'
        self.pages[name] = self.pages.get(name, "<!DOCTYPE html>") + link
        (place / "index.html").write_text(self.pages[name])


class QuietHandler(SimpleHTTPRequestHandler):
    """A file server without a log."""

    def log_message(self, format: str, *args: object) -> None:
        """Discard the message."""


@contextmanager
def served(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Index]:
    """Serve an index, and make it the only one that pip uses meanwhile."""
    index = Index(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    use_only(patch, f"http://127.0.0.1:{server.server_port}/simple")
    yield index
    server.shutdown()
    server.server_close()


def use_only(patch: pytest.MonkeyPatch, address: str) -> None:
    """Make the index at `address` the only one for pip, whatever is configured on this machine."""
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX"):
        patch.delenv(name, raising=False)
    patch.setenv("PIP_CONFIG_FILE", "/dev/null")
    patch.setenv("PIP_INDEX_URL", address)
    patch.setenv("PIP_RETRIES", "1")
