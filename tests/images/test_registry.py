"""The registry's client, against servers that stand in for a misbehaving registry."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import socketserver
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pytest

from kfpkit.errors import (
    ForeignImageError,
    RegistryDeniedError,
    RegistryFaultError,
    RegistryUnreachableError,
)
from kfpkit.images import pinned, references
from kfpkit.images import registry as module
from kfpkit.images.parts import HASH_LABEL
from kfpkit.images.references import parse
from kfpkit.images.registry import Registry, RemoteImage

DIGEST = "sha256:" + "0" * 64
NAMES = ("os", "architecture")
ADA = "Basic " + base64.b64encode(b"ada:secret").decode()


def found(request) -> None:
    request.send(200, Docker_Content_Digest=DIGEST)


def ask(host: str, **options) -> str | None:
    return Registry(**options).digest(parse(f"{host}/tests/tiny:0a"))


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(module, "_RETRY", module._RETRY.new(backoff_factor=0.01))


@pytest.fixture
def answers_with():
    """Return a function that serves the same bytes to whoever asks, and returns `HOST:PORT`."""
    with contextlib.ExitStack() as stack:

        def start(answer: bytes) -> str:
            class Handler(socketserver.BaseRequestHandler):
                def handle(self) -> None:
                    self.request.recv(65_536)
                    self.request.sendall(answer)

            server = stack.enter_context(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler))
            threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
            stack.callback(server.shutdown)
            return f"127.0.0.1:{server.server_address[1]}"

        yield start


@pytest.fixture
def login(configure):
    """Return a function that writes what `docker login` writes."""

    def write(host: str) -> None:
        configure({"auths": {host: {"auth": base64.b64encode(b"ada:secret").decode()}}})

    return write


@pytest.fixture
def configure(tmp_path, monkeypatch):
    """Return a function that writes Docker's configuration."""

    def write(configuration: dict[str, object]) -> None:
        (tmp_path / "config.json").write_text(json.dumps(configuration))
        monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))

    return write


@pytest.fixture
def helper(tmp_path, monkeypatch):
    """Return a function that puts a credential helper on the path, and counts its calls."""

    def write(user: str, secret: str):
        told = json.dumps({"ServerURL": "tests", "Username": user, "Secret": secret})
        calls = tmp_path / "calls"
        program = tmp_path / "docker-credential-tests"
        program.write_text(f"#!/bin/sh\nsleep 0.1\necho \"$1\" >> {calls}\necho '{told}'\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        return calls

    return write


@pytest.fixture
def token_server(serve):
    """Serve a registry that wants tokens; return its address, and what it was asked for tokens."""
    asked: list[tuple[str, str, str]] = []

    def answer(request) -> None:
        host = request.headers["Host"]
        if request.path.startswith("/token"):
            body = request.body().decode()
            asked.append((request.command, request.headers.get("Authorization", ""), body))
            name = "token" if request.command == "GET" else "access_token"
            request.send(200, json.dumps({name: "T"}).encode())
        elif request.headers.get("Authorization") == "Bearer T":
            found(request)
        else:
            challenge = f'Bearer realm="http://{host}/token",service="tests"'
            request.send(401, WWW_Authenticate=challenge)

    return serve(answer), asked


def test_a_tag_that_is_there_has_a_digest(serve):
    assert ask(serve(found)) == DIGEST


def test_a_tag_that_is_missing_has_none(serve):
    assert ask(serve(lambda request: request.send(404))) is None


def test_a_registry_that_is_down_is_named(refused_address):
    with pytest.raises(RegistryUnreachableError, match=f"`{refused_address}` cannot be reached"):
        ask(refused_address)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (b"", "its answer is no HTTP, or breaks off"),
        (b"nothing\r\n\r\n", "its answer is no HTTP, or breaks off"),
        (
            b"HTTP/1.1 302 Found\r\nLocation: /v2/again\r\nContent-Length: 0\r\n\r\n",
            "Exceeded 30 redirects",
        ),
    ],
)
def test_what_is_no_registry_is_told_in_a_sentence(answers_with, answer, cause):
    with pytest.raises(RegistryUnreachableError) as caught:
        ask(answers_with(answer))

    assert caught.value.problem == f"cannot be reached: {cause}"


def test_a_name_that_nobody_knows_is_told_in_a_sentence():
    with pytest.raises(RegistryUnreachableError, match=r"cannot be reached: [\w ]+\. Check the"):
        ask("no-such-host.invalid")


def test_a_server_that_speaks_no_tls_is_told_in_a_sentence(answers_with, monkeypatch):
    monkeypatch.setattr(references, "_is_loopback", lambda _: False)

    with pytest.raises(RegistryUnreachableError, match=r": over TLS: [\w ]+\. Check the"):
        ask(answers_with(b"HTTP/1.1 400 Bad Request\r\n\r\n"))


def test_a_proxy_that_is_down_is_told_apart(refused_address, monkeypatch):
    monkeypatch.setenv("https_proxy", f"http://{refused_address}")
    monkeypatch.setenv("no_proxy", "")

    with pytest.raises(RegistryUnreachableError, match="through the proxy: Connection refused"):
        ask("registry.invalid")


def test_a_host_that_is_none_is_refused():
    with pytest.raises(RegistryUnreachableError, match="Failed to parse"):
        ask(f"{'a' * 70}.invalid")


def test_a_registry_that_is_slow_is_given_up(serve):
    def sleep(request) -> None:
        time.sleep(1)
        found(request)

    with pytest.raises(RegistryUnreachableError, match="does not answer within"):
        ask(serve(sleep), timeout=(0.2, 0.2))


def test_a_registry_that_is_busy_is_asked_again(serve):
    answers = itertools.chain([429, 503], itertools.repeat(200))

    def answer(request) -> None:
        status = next(answers)
        request.send(status, Docker_Content_Digest=DIGEST, Retry_After="0")

    assert ask(serve(answer)) == DIGEST


@pytest.mark.parametrize("status", [429, 500, 502])
def test_a_registry_that_goes_on_failing_is_reported_with_its_answer(serve, status):
    with pytest.raises(RegistryFaultError, match=f"HTTP {status} for `tests/tiny`") as caught:
        ask(serve(lambda request: request.send(status)))

    assert caught.value.status == status


@pytest.mark.parametrize("status", [401, 403])
def test_a_caller_who_is_not_let_in_learns_how_to_log_in(serve, status):
    with pytest.raises(RegistryDeniedError, match="Log in with `docker login 127"):
        ask(serve(lambda request: request.send(status)))


def test_basic_credentials_of_dockers_configuration_are_sent(serve, login):
    def answer(request) -> None:
        if request.headers.get("Authorization", "").startswith("Basic "):
            found(request)
        else:
            request.send(401, WWW_Authenticate='Basic realm="tests"')

    host = serve(answer)
    login(host)

    assert ask(host) == DIGEST


def test_a_token_is_fetched_once_for_a_repository(token_server, login):
    host, asked = token_server
    login(host)
    client = Registry()

    assert [client.digest(parse(f"{host}/tests/tiny:{tag}")) for tag in "abc"] == [DIGEST] * 3
    assert asked == [("GET", ADA, "")]


@pytest.mark.parametrize("where", ["credHelpers", "credsStore"])
def test_a_credential_helper_is_asked_once(token_server, configure, helper, where):
    host, asked = token_server
    calls = helper("ada", "secret")
    configure({where: {host: "tests"} if where == "credHelpers" else "tests"})
    client = Registry()
    tags = [parse(f"{host}/tests/{name}:0a") for name in "abcd"]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(client.digest, tags)) == [DIGEST] * 4
    assert {authorization for _, authorization, _ in asked} == {ADA}
    assert calls.read_text() == "get\n"


@pytest.mark.parametrize("source", ["helper", "configuration"])
def test_an_identity_token_is_exchanged_for_a_token(token_server, configure, helper, source):
    host, asked = token_server
    if source == "helper":
        helper("<token>", "identity")
        configure({"credHelpers": {host: "tests"}})
    else:
        configure({"auths": {host: {"auth": "", "identitytoken": "identity"}}})

    assert ask(host) == DIGEST
    ((method, authorization, body),) = asked
    assert (method, authorization) == ("POST", "")
    assert dict(urllib.parse.parse_qsl(body)) == {
        "client_id": "kfpkit",
        "grant_type": "refresh_token",
        "refresh_token": "identity",
        "scope": "repository:tests/tiny:pull",
        "service": "tests",
    }


def test_a_helper_that_fails_leaves_the_caller_unknown(token_server, configure, helper):
    host, asked = token_server
    configure({"credHelpers": {host: "tests"}})
    helper("ada", "secret").with_name("docker-credential-tests").write_text("#!/bin/sh\nexit 3\n")

    assert ask(host) == DIGEST
    assert asked == [("GET", "", "")]


def test_an_answer_that_is_no_manifest_is_reported(serve):
    host = serve(lambda request: request.send(200, b"<html>", Docker_Content_Digest=DIGEST))

    with pytest.raises(RegistryFaultError, match="no manifest of an image"):
        Registry().find(parse(f"{host}/tests/tiny:0a"))


def index_of(*platforms: str):
    """Answer as a registry whose tag names an index of images for platforms."""
    config = json.dumps({"config": {"Labels": {HASH_LABEL: "0a"}}}).encode()
    image = {"config": {"digest": DIGEST, "size": 1}, "layers": [{"size": 2}]}
    entries = [
        {
            "digest": f"sha256:{platform}",
            "platform": dict(zip(NAMES, platform.split("-"), strict=True)),
        }
        for platform in platforms
    ]

    def answer(request) -> None:
        if "/blobs/" in request.path:
            request.send(200, config)
        elif request.path.endswith("/manifests/0a"):
            body = json.dumps({"mediaType": module._INDEXES[0], "manifests": entries}).encode()
            request.send(200, body, Docker_Content_Digest=DIGEST)
        else:
            assert request.path.endswith("/manifests/sha256:linux-amd64")
            request.send(200, json.dumps(image).encode())

    return answer


def test_an_index_is_read_where_it_has_the_images_platform(serve):
    host = serve(index_of("unknown-unknown", "linux-arm64", "linux-amd64"))

    found = Registry().find(parse(f"{host}/tests/tiny:0a"))

    assert found == RemoteImage(digest=DIGEST, size=3, labels={HASH_LABEL: "0a"})
    assert pinned(f"{host}/tests/tiny:0a") == f"{host}/tests/tiny@{DIGEST}"


def test_an_index_without_the_images_platform_is_another_image(serve):
    host = serve(index_of("linux-arm64"))

    with pytest.raises(ForeignImageError, match="names another image"):
        pinned(f"{host}/tests/tiny:0a")
