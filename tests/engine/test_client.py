"""An engine that answers, one that does not, and one that fails in the middle."""

from __future__ import annotations

import contextlib
import io
import secrets
import sys
import tarfile
from urllib.parse import parse_qs, urlsplit

import docker
import pytest
from container_engine import import_python_image

from kfpkit.engine import PLATFORM, Engine, extract_cause, make_sealed_options
from kfpkit.errors import EngineFaultError, EngineUnreachableError, ImagesNotInstalledError


@pytest.fixture
def pushed(engine, registry_server):
    """Push an image that no other has a layer of; returns its reference."""
    content = secrets.token_bytes(64)
    with io.BytesIO() as written, tarfile.open(fileobj=written, mode="w") as files:
        member = tarfile.TarInfo("content")
        member.size = len(content)
        files.addfile(member, io.BytesIO(content))
        files.close()
        reference = f"{registry_server}/engine"
        engine.api.import_image_from_data(written.getvalue(), repository=reference, tag="1")
    engine.images.push(reference, "1")
    engine.images.remove(f"{reference}:1")
    return f"{reference}:1"


@pytest.fixture
def own(engine):
    """Connect to the engine of the tests, as kfpkit does."""
    with contextlib.closing(Engine()) as client:
        yield client


def test_an_engine_that_is_not_there_is_told_in_a_sentence():
    with pytest.raises(EngineUnreachableError, match=r": No such file or directory\. Start Docker"):
        Engine("unix:///nowhere/docker.sock")


def test_an_engine_that_refuses_is_told_in_a_sentence(refused_address):
    with pytest.raises(EngineUnreachableError, match=r": Connection refused\. Start Docker"):
        Engine(f"tcp://{refused_address}")


def test_a_server_that_is_no_engine_is_told_in_a_sentence(serve):
    address = serve(lambda request: request.send(404))

    with pytest.raises(EngineUnreachableError, match=f"responds at `tcp://{address}`"):
        Engine(f"tcp://{address}")


def test_without_the_docker_package_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "docker", None)

    with pytest.raises(ImagesNotInstalledError, match=r"kfpkit\[images\]"):
        Engine("unix:///nowhere/docker.sock")


@pytest.mark.containers
def test_what_an_engine_refuses_is_told_in_its_own_words(own):
    with pytest.raises(own.faults) as refused:
        own.tag("kfpkit-tests/no-such:1", "kfpkit-tests/other", "1")

    error = own.fault(refused.value)

    assert isinstance(error, EngineFaultError)
    assert error.cause == "No such image: kfpkit-tests/no-such:1"


def test_an_engine_that_has_gone_away_is_unreachable(serve):
    answers = iter([b'{"ApiVersion": "1.41"}', b"OK"])
    address = serve(lambda request: request.send(200, next(answers, b"")))
    with contextlib.closing(Engine(f"tcp://{address}")) as found:
        found.address = "unix:///nowhere/docker.sock"

        assert not found.answers()
        assert isinstance(found.fault(OSError(111, "Connection refused")), EngineUnreachableError)


@pytest.fixture
def answering(serve):
    """Return a function that connects to an engine whose answer to each request is given."""
    with contextlib.ExitStack() as connections:

        def connect(body: bytes, heard: list | None = None) -> Engine:
            def answer(request) -> None:
                if request.path.endswith(("/version", "/_ping")):
                    is_ping = request.path.endswith("/_ping")
                    request.send(200, b"OK" if is_ping else b'{"ApiVersion": "1.41"}')
                    return
                if heard is not None:
                    heard.append(request.path)
                request.send_response(200)
                request.send_header("Transfer-Encoding", "chunked")
                request.end_headers()
                request.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))

            return connections.enter_context(
                contextlib.closing(Engine(f"tcp://{serve(answer)}", patience=10))
            )

        yield connect


def test_what_goes_wrong_while_an_engine_answers_is_its_fault(answering):
    error = answering(b"").fault(OSError(28, "No space left on device"))

    assert isinstance(error, EngineFaultError)
    assert error.cause == "No space left on device"


def test_the_reason_of_a_pull_that_breaks_off_is_the_engines(answering):
    found = answering(b'{"status": "Pulling"}\n{"error": "toomanyrequests: wait"}\n')

    with pytest.raises(found.faults) as broken:
        found.pull("python:3.12")

    assert extract_cause(broken.value) == "toomanyrequests: wait"


def test_a_pull_names_the_image_and_its_platform(answering):
    heard: list[str] = []

    answering(b'{"status": "Downloaded"}\n', heard).pull("python:3.12", platform=PLATFORM)

    (path,) = heard
    wanted = {"fromImage": ["python"], "tag": ["3.12"], "platform": ["linux/amd64"]}
    assert parse_qs(urlsplit(path).query) == wanted


def test_an_image_is_described_and_removed_by_its_reference(answering):
    heard: list[str] = []
    found = answering(b'{"Os": "linux"}', heard)

    assert found.find("team/image:1") == {"Os": "linux"}
    found.remove("team/image:1")

    asked = [path.partition("/images/")[2].partition("?")[0] for path in heard]
    assert asked == ["team/image:1/json", "team/image:1"]


def test_what_an_engine_reports_of_a_push_is_handed_on(answering):
    heard: list[str] = []
    found = answering(b'{"status": "Pushing"}\n{"error": "denied"}\n', heard)

    said = list(found.push("registry.example/team/image", "1"))

    assert said == [{"status": "Pushing"}, {"error": "denied"}]
    assert heard[0].endswith("/images/registry.example/team/image/push?tag=1")


@pytest.mark.containers
def test_a_pull_that_breaks_off_raises_the_reason(own, pushed, serve):
    host, _, name = pushed.partition("/")

    def answer(request) -> None:
        if "/blobs/" in request.path:
            request.send(200, b"not what was asked for")
        else:
            request.forward(host)

    with pytest.raises(own.faults) as broken:
        own.pull(f"{serve(answer)}/{name}")

    assert "verif" in extract_cause(broken.value)


@pytest.mark.containers
def test_a_pulled_image_is_found_until_it_is_removed(own, pushed):
    assert own.find(pushed) is None

    own.pull(pushed, platform="linux/amd64")

    assert own.find(pushed)["Os"] == "linux"
    own.remove(pushed)
    own.remove(pushed)
    assert own.find(pushed) is None


@pytest.mark.containers
def test_a_sealed_container_reaches_nothing(engine):
    image = import_python_image(engine, "kfpkit-tests/sealed:1")
    look = (
        "import os, pathlib, socket, subprocess\n"
        "run = pathlib.Path('/tmp/run'); run.write_text('#!/usr/bin/env python3\\n')\n"
        "run.chmod(0o755)\n"
        "try: open('/written', 'w')\n"
        "except OSError as error: print(error.strerror)\n"
        "print([name for _, name in socket.if_nameindex()])\n"
        "print('CapEff:\\t0000000000000000' in open('/proc/self/status').read())\n"
        "print(os.access('/tmp/run', os.X_OK))\n"
    )

    said = engine.containers.run(
        image, ["-c", look], entrypoint="python3", remove=True, **make_sealed_options()
    )

    assert said.decode().splitlines() == ["Read-only file system", "['lo']", "True", "True"]
    with contextlib.suppress(docker.errors.ImageNotFound):
        engine.images.remove(image)
