"""A proxy on loopback between the portal and a node. It can be made to misbehave; with a certificate it speaks TLS.

It forwards requests unchanged and records their headers.
"""

import http.client
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

JSON = {"Content-Type": "application/vnd.elasticsearch+json;compatible-with=8", "X-Elastic-Product": "Elasticsearch"}
GARBAGE = {
    "no json": b"<html>busy",
    "other json": b'["busy"]',
    "cut short": b'{"took": 1, "timed_out": true, "_shards": {"failed": 0}, "hits": {"hits": []}}',
    "no hits": b'{"took": 1, "timed_out": false, "_shards": {"failed": 0}}',
}
BUSY = [
    (429, b'{"error": {"type": "circuit_breaking_exception", "reason": "too large"}, "status": 429}'),
    (
        200,
        b'{"errors": true, "items": [{"index": {"status": 429, "error": {"type": "es_rejected_execution"}}}]}',
    ),
]
RED = b'{"error": {"type": "search_phase_execution_exception", "reason": "all shards failed"}, "status": 503}'


class Proxy(ThreadingHTTPServer):
    """The server that the portal connects to in place of the node at `target`."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = urlsplit(target).netloc
        self.delay = 0.0
        self.answer: tuple[int, bytes] | None = None
        self.bulk: list[tuple[int, bytes]] = []  # answers for the next bulk requests
        self.stopped = False
        self.request_headers: list[dict[str, str]] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def vanish(self) -> None:
        """Stop listening and drop open connections."""
        self.stopped = True
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect, for example after a time-out."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.request_headers.append({name.lower(): value for name, value in self.headers.items()})
        if self.server.stopped:
            self.close_connection = True
            return
        time.sleep(self.server.delay)
        status, headers, content = self._answer(body)
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _answer(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        if self.server.bulk and self.path.startswith("/_bulk"):
            status, content = self.server.bulk.pop()
            return status, JSON, content
        if self.server.answer is not None:
            return self.server.answer[0], JSON, self.server.answer[1]
        node = http.client.HTTPConnection(self.server.target, timeout=30)
        wanted = {"content-type", "accept"}
        node.request(
            self.command,
            self.path,
            body,
            {name: value for name, value in self.headers.items() if name.lower() in wanted},
        )
        answer = node.getresponse()
        content = answer.read()
        node.close()
        return answer.status, {name: value for name in JSON if (value := answer.getheader(name))}, content

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve

    def log_message(self, format: str, *args: Any) -> None:
        """Write no log."""


@contextmanager
def proxy(target: str, *, certificate: Path | None = None) -> Iterator[Proxy]:
    """Run a proxy. With `certificate` (key and certificate in one file) it speaks TLS."""
    server = Proxy(target)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
