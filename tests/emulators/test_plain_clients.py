"""Google's clients without arguments, where nothing but the emulators' variables is set."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from google.api_core.exceptions import MethodNotImplemented
from google.cloud import bigquery

from kfpkit.emulators import PROJECT, emulators

pytestmark = pytest.mark.slow

# What Python connects to, or asks a name server for. gRPC's own connections are not among it.
WATCH = """
import json, sys
reached = set()
def watch(event, arguments):
    if event == "socket.connect":
        reached.add(str(arguments[1][0]))
    elif event == "socket.getaddrinfo":
        reached.add(str(arguments[0]))
sys.addaudithook(watch)
"""
PLAIN = """
from google.cloud import bigquery, storage
bucket = storage.Client().create_bucket(sys.argv[1])
bucket.blob("a").upload_from_string("content")
client = bigquery.Client()
found = {"project": client.project, "x": [r.x for r in client.query_and_wait("SELECT 1 AS x")]}
found["a"] = storage.Client().bucket(sys.argv[1]).blob("a").download_as_text()
print(json.dumps({**found, "reached": sorted(reached)}))
"""
READ = """
import warnings
warnings.simplefilter("error", UserWarning)  # such as a missing module's
from google.cloud import bigquery, bigquery_storage
client = bigquery.Client()
query = "SELECT x, CAST(x AS STRING) AS s FROM UNNEST(GENERATE_ARRAY(1, 250000)) AS x"
job = client.query(query)
arrow = job.to_arrow()
name = job.destination
path = f"projects/{name.project}/datasets/{name.dataset_id}/tables/{name.table_id}"
session = bigquery_storage.BigQueryReadClient().create_read_session(
    parent=f"projects/{client.project}",
    read_session={"table": path, "data_format": "ARROW"},
)
found = {"rows": arrow.num_rows, "sum": sum(arrow["x"].to_pylist())}
found["last"] = max(arrow["s"].to_pylist(), key=int)
print(json.dumps({**found, "streams": len(session.streams), "reached": sorted(reached)}))
"""
OTHER = """
from google.cloud import bigquery_storage
from google.cloud.bigquery_storage_v1.services.big_query_write.transports import grpc as transport
channel = transport.BigQueryWriteGrpcTransport.create_channel("storage.googleapis.com:443")
try:
    channel.unary_unary("/google.storage.v2.Storage/GetBucket")(b"")
except Exception as error:
    print(json.dumps({"code": error.code().name, "details": error.details()}))
"""


def run(script, variables, *arguments):
    """Run a script as a task would run: with few variables, and a home without credentials."""
    kept = {name: os.environ[name] for name in ("PATH",)}
    command = [sys.executable, "-c", WATCH + script, *arguments]
    done = subprocess.run(
        command,
        env={**kept, "HOME": "/nonexistent", **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_clients_without_arguments_are_let_in_and_reach_nothing_else(variables):
    assert run(PLAIN, variables, "plain-clients") == {
        "project": PROJECT,
        "x": [1],
        "a": "content",
        "reached": ["127.0.0.1"],
    }


def test_the_users_own_credentials_are_not_used(variables, tmp_path):
    adc = tmp_path / "gcloud" / "application_default_credentials.json"
    adc.parent.mkdir()
    adc.write_text("{}")
    with_own = {"CLOUDSDK_CONFIG": str(adc.parent), **variables}
    assert run(PLAIN, with_own, "own-credentials")["reached"] == ["127.0.0.1"]


def test_rows_come_through_the_storage_read_api(variables):
    assert run(READ, variables) == {
        "rows": 250_000,
        "sum": 250_000 * 250_001 // 2,
        "last": "250000",
        "streams": 3,
        "reached": ["127.0.0.1"],
    }


def test_other_grpc_services_of_google_are_refused_at_once(variables):
    answer = run(OTHER, variables)
    assert answer["code"] == "UNIMPLEMENTED"
    assert "`google.storage.v2.Storage`: not emulated. Use its REST client." in answer["details"]


def test_without_bigquery_its_client_is_told(own_project, tmp_path, monkeypatch):
    with emulators(["storage"], project=own_project, log_folder=tmp_path) as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        with (
            bigquery.Client() as client,
            pytest.raises(MethodNotImplemented, match=r"not emulated in this run\. Add `bigquery`"),
        ):
            client.query_and_wait("SELECT 1")


def test_connections_to_other_hosts_pass(variables):
    proxy = urlsplit(variables["grpc_proxy"])
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with socket.create_connection((proxy.hostname, proxy.port), timeout=30) as client:
            client.sendall(f"CONNECT localhost:{port} HTTP/1.1\r\nHost: other\r\n\r\n".encode())
            assert client.recv(100).startswith(b"HTTP/1.1 200")
            reached, _ = other.accept()
            with reached:
                client.sendall(b"question")
                assert reached.recv(100) == b"question"
                reached.sendall(b"answer")
                assert client.recv(100) == b"answer"
            assert client.recv(100) == b""


def test_a_host_that_is_not_there_is_an_answer(variables):
    proxy = urlsplit(variables["grpc_proxy"])
    for request in ("CONNECT localhost:1 HTTP/1.1", "CONNECT nonsense HTTP/1.1", "x"):
        with socket.create_connection((proxy.hostname, proxy.port), timeout=30) as client:
            client.sendall(f"{request}\r\n\r\n".encode())
            assert client.recv(100).startswith(b"HTTP/1.1 502")


@pytest.mark.parametrize(
    ("said", "expected"),
    [(b"200 Connection established", b"HTTP/1.1 200"), (b"403 Forbidden", b"HTTP/1.1 502")],
    ids=["let through", "refused"],
)
def test_other_hosts_are_reached_through_the_proxy_of_the_shell(
    own_project, tmp_path, monkeypatch, said, expected
):
    with socket.create_server(("127.0.0.1", 0)) as upstream:
        upstream.settimeout(30)
        monkeypatch.setenv("grpc_proxy", f"http://127.0.0.1:{upstream.getsockname()[1]}")
        with emulators(["bigquery"], project=own_project, log_folder=tmp_path) as variables:
            proxy = urlsplit(variables["grpc_proxy"])
            with socket.create_connection((proxy.hostname, proxy.port), timeout=30) as client:
                client.sendall(b"CONNECT other.invalid:443 HTTP/1.1\r\n\r\n")
                reached, _ = upstream.accept()
                with reached:
                    asked = reached.recv(200)
                    assert asked.startswith(b"CONNECT other.invalid:443 HTTP/1.1\r\n")
                    reached.sendall(b"HTTP/1.1 " + said + b"\r\n\r\n")
                    assert client.recv(100).startswith(expected)
