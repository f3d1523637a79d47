"""Connection to a cluster: TLS with a given authority, a password or an API key, several nodes."""

import base64
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from search.engines.elasticsearch import index_build
from search.engines.elasticsearch.client import FAILURES, reset_connection
from search.engines.selection import engine, finder
from search.query import Query
from tests.browser.server import free_port
from tests.search.elasticsearch.proxy import proxy
from tests.search.test_engine import READER, document

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and self-signed certificate of a node on loopback, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=node"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "node.pem"),
        ],
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_text((folder / "key.pem").read_text() + (folder / "node.pem").read_text())
    return both


def configure(settings: Settings, **values: Any) -> None:
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, **values}
    reset_connection()


@pytest.mark.parametrize(
    ("login", "header"),
    [
        ({"USER": "portal", "PASSWORD": "secret"}, "Basic " + base64.b64encode(b"portal:secret").decode()),
        ({"API_KEY": "a2V5"}, "ApiKey a2V5"),
    ],
    ids=["password", "key"],
)
def test_over_tls_with_a_login(
    elasticsearch: str, certificate: Path, settings: Settings, login: dict[str, str], header: str
) -> None:
    with proxy(elasticsearch, certificate=certificate) as server:
        hosts = [f"https://127.0.0.1:{server.port}"]
        configure(settings, HOSTS=hosts, CA=str(certificate), **login)
        engine().index([document(1)])
        index_build.build()
        found = finder().search(Query(reader=READER))
        assert (found.total, found.standby) == (1, False)
        assert {headers["authorization"] for headers in server.request_headers} == {header}
        reset_connection()


def test_a_certificate_of_nobody_known_is_not_believed(
    elasticsearch: str, certificate: Path, settings: Settings
) -> None:
    with proxy(elasticsearch, certificate=certificate) as server:
        configure(settings, HOSTS=[f"https://127.0.0.1:{server.port}"])
        with pytest.raises(FAILURES):
            index_build.build()
        assert server.request_headers == []
        reset_connection()


def test_a_node_that_is_gone_is_passed_over(elasticsearch: str, settings: Settings) -> None:
    configure(settings, HOSTS=[f"http://127.0.0.1:{free_port()}", elasticsearch, f"http://127.0.0.1:{free_port()}"])
    engine().index([document(1)])
    index_build.build()
    for _ in range(6):
        found = finder().search(Query(reader=READER))
        assert (found.total, found.standby) == (1, False)
