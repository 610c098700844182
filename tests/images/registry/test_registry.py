"""The registry's client, against servers that stand in for a misbehaving registry."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import socketserver
import threading
import time

import pytest

from kfpkit.errors import RegistryDeniedError, RegistryFaultError, RegistryUnreachableError
from kfpkit.images.labels import HASH_LABEL
from kfpkit.images.registry import references, transport
from kfpkit.images.registry import registry as module
from kfpkit.images.registry.references import parse
from kfpkit.images.registry.registry import Registry, RemoteImage, ask_all
from kfpkit.images.registry.transport import Transport

DIGEST = "sha256:" + "0" * 64
NAMES = ("os", "architecture")


def found(request) -> None:
    request.send(200, Docker_Content_Digest=DIGEST)


def ask(host: str, **options) -> str | None:
    return Registry(Transport(**options)).digest(parse(f"{host}/tests/tiny:0a"))


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(transport, "_RETRY", transport._RETRY.new(backoff_factor=0.01))


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
        (b"", "its response is not valid HTTP or is truncated"),
        (b"nothing\r\n\r\n", "its response is not valid HTTP or is truncated"),
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

    with pytest.raises(RegistryUnreachableError, match=r": over TLS: [\w ]+\. Check `registry`"):
        ask(answers_with(b"HTTP/1.1 400 Bad Request\r\n\r\n"))


def test_a_proxy_that_is_down_is_told_apart(refused_address, monkeypatch):
    monkeypatch.setenv("https_proxy", f"http://{refused_address}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")

    with pytest.raises(RegistryUnreachableError, match="through the proxy: Connection refused"):
        ask("registry.invalid")


def test_a_host_that_is_none_is_refused():
    with pytest.raises(RegistryUnreachableError, match="Failed to parse"):
        ask(f"{'a' * 70}.invalid")


def test_a_registry_that_is_slow_is_given_up(serve):
    def sleep(request) -> None:
        time.sleep(1)
        found(request)

    with pytest.raises(RegistryUnreachableError, match="did not respond within"):
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


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("application/json", b'{"errors": [{"message": "no space left"}]}', "no space left"),
        ("application/json", b'{"errors": 1}', r'\{"errors": 1\}'),
        ("text/plain", b"no upstream.\nAsk again.\n", r"no upstream\. Ask again"),
        ("text/html; charset=utf-8", b"<html>\n<body>...", "Bad Gateway"),
    ],
)
def test_an_answer_that_is_a_fault_is_quoted_in_a_line(serve, kind, body, said):
    host = serve(lambda request: request.send(502, body, Content_Type=kind))

    with pytest.raises(
        RegistryFaultError, match=rf"for `tests/tiny`: {said}\. Nothing was left half"
    ):
        Registry().find(parse(f"{host}/tests/tiny:0a"))


@pytest.mark.parametrize("status", [401, 403])
def test_a_caller_who_is_not_let_in_learns_how_to_log_in(serve, status):
    with pytest.raises(RegistryDeniedError, match="Log in with `docker login 127"):
        ask(serve(lambda request: request.send(status)))


def test_an_answer_that_is_no_manifest_is_reported(serve):
    host = serve(lambda request: request.send(200, b"<html>", Docker_Content_Digest=DIGEST))

    with pytest.raises(RegistryFaultError, match="not an image manifest"):
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


def test_an_index_without_the_images_platform_is_another_image(serve):
    host = serve(index_of("linux-arm64"))

    found = Registry().find(parse(f"{host}/tests/tiny:0a"))

    assert found == RemoteImage(digest=DIGEST, size=0, labels={})


IMAGE = json.dumps({"config": {"digest": DIGEST, "size": 1}, "layers": [{"size": 2}]}).encode()
CONFIG = json.dumps({"config": {"Labels": {HASH_LABEL: "0a"}}}).encode()


def test_the_digest_that_a_registry_does_not_name_is_that_of_the_manifest(serve):
    def answer(request) -> None:
        request.send(200, CONFIG if "/blobs/" in request.path else IMAGE)

    assert ask(serve(answer)) == f"sha256:{hashlib.sha256(IMAGE).hexdigest()}"


def test_an_image_is_found_by_one_request_for_its_manifest(serve):
    asked = []

    def answer(request) -> None:
        asked.append((request.command, request.path.rpartition("/")[0]))
        request.send(200, CONFIG if "/blobs/" in request.path else IMAGE)

    Registry().find(parse(f"{serve(answer)}/tests/tiny:0a"))

    assert asked == [("GET", "/v2/tests/tiny/manifests"), ("GET", "/v2/tests/tiny/blobs")]


def test_an_image_that_goes_between_two_questions_is_missing(serve):
    host = serve(lambda request: request.send(200 if request.command == "HEAD" else 404))

    assert Registry().find(parse(f"{host}/tests/tiny:0a")) is None
    assert ask(host) is None


def test_an_image_that_is_there_and_gone_is_a_fault(serve):
    with pytest.raises(RegistryFaultError, match=r"HTTP 404 .*was deleted in the meantime"):
        Registry().image(parse(f"{serve(lambda request: request.send(404))}/tests/tiny:0a"))


@pytest.mark.parametrize(
    ("status", "said"), [(500, "HTTP 500 for `tests/tiny`"), (404, "blobs/sha256:0+` of its image")]
)
def test_labels_that_cannot_be_read_are_reported(serve, status, said):
    def answer(request) -> None:
        is_manifest = "/manifests/" in request.path
        request.send(200, IMAGE) if is_manifest else request.send(status)

    with pytest.raises(RegistryFaultError, match=said) as caught:
        Registry().find(parse(f"{serve(answer)}/tests/tiny:0a"))
    assert caught.value.status == status


@pytest.mark.parametrize("elsewhere", [False, True], ids=["same host", "other host"])
def test_labels_are_read_where_the_registry_leads_without_showing_a_token_there(serve, elsewhere):
    shown = []

    def store(request) -> None:
        shown.append(request.headers.get("Authorization"))
        request.send(200, CONFIG)

    other = serve(store)

    def answer(request) -> None:
        if request.path.startswith("/token"):
            request.send(200, b'{"token": "T"}')
        elif request.headers.get("Authorization") != "Bearer T":
            realm = f'Bearer realm="http://{request.headers["Host"]}/token"'
            request.send(401, WWW_Authenticate=realm)
        elif "/blobs/" in request.path:
            request.send(307, Location=f"http://{other}/store" if elsewhere else "/store")
        elif request.path == "/store":
            store(request)
        else:
            request.send(200, IMAGE)

    found = Registry().find(parse(f"{serve(answer)}/tests/tiny:0a"))

    assert found.labels == {HASH_LABEL: "0a"}
    assert shown == [None if elsewhere else "Bearer T"]


def test_the_first_error_ends_the_questions():
    asked = []

    def question(number: int) -> int:
        asked.append(number)
        time.sleep(0.01)
        if not number:
            raise RegistryFaultError(host="h", repository="r", status=500, text="")
        return number

    with pytest.raises(RegistryFaultError):
        ask_all(question, range(10_000))
    assert len(asked) < 5_000


def test_answers_come_in_the_order_of_the_questions():
    def question(number: int) -> int:
        time.sleep((3 - number) / 100)
        return -number

    assert ask_all(question, range(4)) == [0, -1, -2, -3]
