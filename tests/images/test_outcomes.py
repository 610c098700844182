"""Which images a command finds, which it makes, and what it tells meanwhile; without an engine."""

from __future__ import annotations

import hashlib
import json
import signal
import threading
import time

import pytest
from images.small_environments import environment_files
from typer.testing import CliRunner

from kfpkit.cli import app
from kfpkit.environments import find_environment
from kfpkit.errors import EngineUnreachableError, RegistryUnreachableError, SeveralImagesError
from kfpkit.images import Step, build
from kfpkit.images.building import images
from kfpkit.images.labels import HASH_LABEL

FOREIGN = "0123456789abcdef"


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")


@pytest.fixture
def pushed(tiny, serve):
    """Return a function that writes environments, of whose images a registry has some.

    Each is given by its name and the content hash that its image carries: its own if True, no
    image if None.
    """

    def write(**carried: str | bool | None):
        configs: dict[str, bytes] = {}

        def answer(request) -> None:
            name = request.path.split("/")[3]
            config = configs[name]
            digest = f"sha256:{hashlib.sha256(config).hexdigest()}"
            manifest = {"config": {"digest": digest, "size": 1}, "layers": [{"size": 41}]}
            if carried[name] is None:
                request.send(404)
            else:
                is_config = "/blobs/" in request.path
                request.send(200, config if is_config else json.dumps(manifest).encode())

        files = {k: v for name in carried for k, v in environment_files(name).items()}
        project = tiny(f"{serve(answer)}/tests", files=files)
        for name, content_hash in carried.items():
            own = find_environment(project, name).content.hash
            labels = {HASH_LABEL: own if content_hash is True else content_hash}
            configs[name] = json.dumps({"config": {"Labels": labels}}).encode()
        return project

    return write


def test_where_nothing_is_missing_no_engine_is_asked(pushed):
    told: list[Step] = []

    images = build(pushed(one=True, two=True), push=True, report=told.append)

    assert [(image.name, image.built, image.compressed) for image in images] == [
        ("one", False, 42),
        ("two", False, 42),
    ]
    ends = [Step(name=name, doing="exists", is_over=True) for name in ("one", "two")]
    assert sorted(told, key=lambda step: step.name) == ends


def test_an_engine_that_is_needed_and_not_there_is_told_once(pushed):
    project = pushed(one=None, two=None, three=True)

    with pytest.raises(EngineUnreachableError, match="Start Docker"):
        build(project, push=True)


def test_what_is_wrong_with_each_image_is_told(pushed):
    told: list[Step] = []

    with pytest.raises(SeveralImagesError) as failed:
        build(pushed(one=FOREIGN, two=FOREIGN, three=True), push=True, report=told.append)

    assert len(failed.value.errors) == 2
    ends = {step.name: step.doing for step in told if step.is_over}
    assert ends == {"one": "failed", "two": "failed", "three": "exists"}


def test_a_registry_that_does_not_answer_is_told_once(tiny, refused_address):
    files = environment_files("one") | environment_files("two")
    project = tiny(f"{refused_address}/tests", files=files)

    with pytest.raises(RegistryUnreachableError):
        build(project, push=True)


def test_an_interruption_does_not_wait_for_a_registry_that_hangs(tiny, serve, monkeypatch):
    monkeypatch.setattr(images, "_SECONDS_TO_END", 0.1)
    asked, over = threading.Event(), threading.Event()

    def hang(request) -> None:
        asked.set()
        over.wait(20)
        request.send(404)

    def interrupt() -> None:
        asked.wait(20)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    project = tiny(f"{serve(hang)}/tests")
    threading.Thread(target=interrupt, daemon=True).start()
    began = time.monotonic()

    with pytest.raises(KeyboardInterrupt):
        build(project, push=True)

    assert time.monotonic() - began < 15
    over.set()


def test_the_command_tells_what_it_finds_and_leaves_signals_as_they_were(pushed, monkeypatch):
    monkeypatch.chdir(pushed(one=True).root)
    before = signal.getsignal(signal.SIGTERM)

    done = CliRunner().invoke(app, ["env", "build", "--push"])

    assert done.exit_code == 0
    assert done.stderr == "one: exists\n"
    assert "(exists, 0 MB compressed, sha256:" in done.stdout
    assert signal.getsignal(signal.SIGTERM) is before
