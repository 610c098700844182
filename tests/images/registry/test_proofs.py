"""Who asks a registry: logins, credential helpers, tokens, and what happens when they expire."""

from __future__ import annotations

import base64
import json
import os
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from kfpkit.errors import RegistryDeniedError, RegistryFaultError, RegistryLoginError
from kfpkit.images.registry import transport
from kfpkit.images.registry.references import parse
from kfpkit.images.registry.registry import Registry, ask_all

DIGEST = "sha256:" + "0" * 64


def basic(secret: str) -> str:
    return "Basic " + base64.b64encode(f"ada:{secret}".encode()).decode()


ADA = basic("secret")


def found(request) -> None:
    request.send(200, Docker_Content_Digest=DIGEST)


def ask(host: str) -> str | None:
    return Registry().digest(parse(f"{host}/tests/tiny:0a"))


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(transport, "_RETRY", transport._RETRY.new(backoff_factor=0.01))


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


def test_who_writes_asks_for_the_right_to_do_so(serve):
    asked = []

    def token_server(request) -> None:
        asked.append(urllib.parse.parse_qs(urllib.parse.urlsplit(request.path).query))
        request.send(200, b'{"token": "made"}')

    realm = f'Bearer realm="http://{serve(token_server)}/token",service="tests"'

    def answer(request) -> None:
        if request.headers.get("Authorization") == "Bearer made":
            found(request)
        else:
            request.send(401, WWW_Authenticate=realm)

    assert Registry(writes=True).digest(parse(f"{serve(answer)}/tests/tiny:0a")) == DIGEST
    assert asked == [{"scope": ["repository:tests/tiny:pull,push"], "service": ["tests"]}]


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


@pytest.mark.parametrize(
    "script", ["echo no account is active; exit 3", "echo no JSON", "echo {}"], ids=str
)
def test_a_helper_that_fails_leaves_the_caller_unknown(
    token_server, configure, helper, script, caplog
):
    host, asked = token_server
    configure({"credHelpers": {host: "tests"}})
    helper("ada", "secret").with_name("docker-credential-tests").write_text(f"#!/bin/sh\n{script}")

    assert ask(host) == DIGEST
    assert asked == [("GET", "", "")]
    assert f"Docker's login for `{host}` cannot be read and is ignored" in caplog.text
    assert "no account is active" in caplog.text or "exit" not in script


def test_a_missing_credential_helper_leaves_the_caller_unknown(token_server, configure):
    host, asked = token_server
    configure({"credHelpers": {host: "no-such"}})

    assert ask(host) == DIGEST
    assert asked == [("GET", "", "")]


@pytest.mark.parametrize("setting", ["credHelpers", "credsStore"])
def test_where_a_registry_refuses_a_missing_credential_helper_is_told(serve, configure, setting):
    host = serve(lambda request: request.send(401, WWW_Authenticate="Basic"))
    configure({setting: {host: "no-such"} if setting == "credHelpers" else "no-such"})

    with pytest.raises(
        RegistryLoginError, match=r"helper `docker-credential-no-such`, which \S+config.json sets"
    ) as refused:
        ask(host)

    assert str(refused.value).endswith(
        f"Install it, or remove it from that file and log in with `docker login {host}`."
    )


def test_where_a_registry_refuses_a_broken_configuration_is_told(serve, configure, tmp_path):
    host = serve(lambda request: request.send(401, WWW_Authenticate="Basic"))
    configure({})
    (tmp_path / "config.json").write_text('{"auths": {')

    with pytest.raises(
        RegistryLoginError, match=rf"{tmp_path}/config.json cannot be read .*line 1 column"
    ) as refused:
        ask(host)

    assert f"delete it and log in with `docker login {host}`" in str(refused.value)


def test_a_login_that_cannot_be_read_leaves_the_caller_unknown(token_server, configure, caplog):
    host, asked = token_server
    configure({"auths": {host: {"auth": "!!"}}})

    assert ask(host) == DIGEST
    assert asked == [("GET", "", "")]
    assert f"Docker's login for `{host}` cannot be read" in caplog.text


@dataclass
class Cloud:
    """A registry that lets in whoever knows the secret of the hour."""

    host: str = ""
    secret: str = "first"
    denial: int = 401
    asked: list[str] = field(default_factory=list)

    def basic(self, request) -> None:
        self.asked.append(request.path)
        if request.headers.get("Authorization", "") == basic(self.secret):
            found(request)
        else:
            request.send(401, WWW_Authenticate='Basic realm="tests"')

    def bearer(self, request) -> None:
        self.asked.append(request.path)
        shown = request.headers.get("Authorization", "")
        if request.path.startswith("/token"):
            is_known = shown == basic(self.secret)
            token = json.dumps({"token": f"T-{self.secret}"}).encode()
            request.send(200 if is_known else self.denial, token)
        elif shown == f"Bearer T-{self.secret}":
            found(request)
        else:
            challenge = f'Bearer realm="http://{request.headers["Host"]}/token"'
            request.send(401, WWW_Authenticate=challenge)


@pytest.fixture
def cloud(serve, configure, helper):
    """Return a function that serves a registry whose secret the credential helper knows."""

    def start(kind: str = "bearer", denial: int = 401) -> Cloud:
        made = Cloud(denial=denial)
        made.host = serve(getattr(made, kind))
        configure({"credHelpers": {made.host: "tests"}})
        helper("ada", made.secret)
        return made

    return start


@pytest.mark.parametrize(("kind", "denial"), [("basic", 401), ("bearer", 401), ("bearer", 403)])
def test_credentials_that_have_expired_are_asked_for_once_more(cloud, helper, kind, denial):
    registry = cloud(kind, denial)
    client, image = Registry(), parse(f"{registry.host}/tests/tiny:0a")
    assert client.digest(image) == DIGEST

    registry.secret = "second"
    calls = helper("ada", "second")

    assert client.digest(image) == DIGEST
    assert calls.read_text() == "get\n" * 2


def test_many_questions_ask_for_new_credentials_once(cloud, helper):
    registry = cloud()
    client = Registry()
    images = [parse(f"{registry.host}/tests/{name}:0a") for name in "abcdefgh"]
    assert client.digest(images[0]) == DIGEST

    registry.secret = "second"
    calls = helper("ada", "second")

    assert ask_all(client.digest, images) == [DIGEST] * 8
    assert calls.read_text() == "get\n" * 2


@pytest.mark.parametrize(("kind", "requests"), [("basic", 2), ("bearer", 2)])
def test_credentials_that_stay_the_same_are_not_shown_again(cloud, kind, requests):
    registry = cloud(kind)
    registry.secret = "another"

    with pytest.raises(RegistryDeniedError, match="docker login"):
        ask(registry.host)
    assert len(registry.asked) == requests


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_a_token_server_that_fails_is_no_denial(cloud, status):
    registry = cloud(denial=status)
    registry.secret = "another"

    with pytest.raises(
        RegistryFaultError, match=f"HTTP {status} .*its token server reported"
    ) as caught:
        ask(registry.host)
    assert caught.value.status == status
