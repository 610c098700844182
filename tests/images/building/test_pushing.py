"""Pushes to a real registry, through proxies that misbehave, and races for one tag."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import docker
import pytest
from images.small_environments import BASE

from kfpkit.environments import find_environment
from kfpkit.errors import ForeignImageError, PushError, RegistryDeniedError
from kfpkit.images import plan
from kfpkit.images.building import pushing
from kfpkit.project.project import find_project

pytestmark = [pytest.mark.containers, pytest.mark.usefixtures("base")]
NO_MANIFEST = b'{"errors":[{"code":"MANIFEST_INVALID","message":"try again"}]}'
IMMUTABLE = b'{"errors":[{"code":"DENIED","message":"cannot update tag: it is immutable"}]}'
NO_REPOSITORY = b'{"errors":[{"code":"NAME_UNKNOWN","message":"Repository \\"r\\" not found"}]}'
UNKNOWN = b'{"errors":[{"code":"UNAUTHORIZED","message":"Unauthenticated request"}]}'


@dataclass
class Broken:
    """How the last request of a push fails, until the registry is mended."""

    status: int = 0
    body: bytes = NO_MANIFEST
    seconds: float = 0
    drops: bool = False
    closes: bool = False
    mended: threading.Event = field(default_factory=threading.Event)

    def answer(self, request) -> None:
        request.body()
        time.sleep(self.seconds)
        if self.closes:
            request.server.shutdown()
            request.server.server_close()
        if self.drops:
            request.drop()
        else:
            request.send(self.status, self.body)


@pytest.fixture
def proxy(serve, registry):
    """Return a function that serves the registry, but for the end of pushes."""
    host, _, folder = registry.partition("/")

    def start(broken: Broken, port: int = 0) -> str:
        def answer(request) -> None:
            if request.is_push() and not broken.mended.is_set():
                broken.answer(request)
            else:
                request.forward(host)

        return f"{serve(answer, port)}/{folder}"

    return start


@pytest.fixture
def _no_pauses(monkeypatch):
    monkeypatch.setattr(pushing, "_PAUSE", 0.0)


@pytest.mark.usefixtures("_no_pauses")
@pytest.mark.parametrize(
    ("broken", "remedy"),
    [
        (Broken(status=500), "The built image is kept"),
        (Broken(status=503), "The built image is kept"),
        (Broken(status=429), "The built image is kept"),
        (Broken(status=401, body=UNKNOWN), "docker login"),
        (Broken(status=403, body=IMMUTABLE), "docker login"),
        (Broken(status=404, body=NO_REPOSITORY), "gcloud artifacts repositories create"),
        (Broken(status=500, seconds=1), "The built image is kept"),
        (Broken(drops=True), "The built image is kept"),
        (Broken(drops=True, closes=True), "The built image is kept"),
    ],
    ids=["500", "503", "429", "401", "403", "404", "slow", "dropped", "refused"],
)
def test_a_push_that_fails_is_finished_by_the_same_call(tiny, make, proxy, broken, remedy):
    address = proxy(broken)
    project = tiny(address)
    with pytest.raises(PushError, match=remedy):
        make(project, push=True)

    broken.mended.set()
    if broken.closes:
        proxy(broken, int(address.partition("/")[0].partition(":")[2]))
    assert len(plan(project).to_build) == 1
    (image,) = make(project, push=True)
    assert not image.built
    assert plan(project).to_build == ()


def test_a_slow_registry_gets_the_image(tiny, make, registry, tags, serve):
    host, _, folder = registry.partition("/")

    def answer(request) -> None:
        time.sleep(0.3)
        request.forward(host)

    assert make(tiny(f"{serve(answer)}/{folder}"), push=True)[0].digest
    assert "newest" in tags(registry)


def test_a_push_survives_a_registry_that_fails_for_a_while(tiny, make, registry, tags, serve):
    host, _, folder = registry.partition("/")
    failures = iter([500, 500])

    def answer(request) -> None:
        status = next(failures, 0) if request.command in {"PATCH", "PUT"} else 0
        if status:
            request.body()
            request.send(status)
        else:
            request.forward(host)

    assert make(tiny(f"{serve(answer)}/{folder}"), push=True)[0].digest
    assert "newest" in tags(registry)


def test_a_push_that_is_not_allowed_says_how_to_log_in(tiny, make, registry, serve):
    host = registry.partition("/")[0]

    def answer(request) -> None:
        if request.command in {"GET", "HEAD"}:
            request.forward(host)
        else:
            request.body()
            request.send(403, b'{"errors":[{"code":"DENIED","message":"denied"}]}')

    with pytest.raises((PushError, RegistryDeniedError), match="docker login"):
        make(tiny(f"{serve(answer)}/tests"), push=True)


@pytest.fixture
def short_lived(registry, serve, tmp_path, monkeypatch):
    """Serve a registry whose password changes in the middle of the first push."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    host, _, folder = registry.partition("/")
    expired = threading.Event()

    def log_in(address: str, password: str) -> str:
        proof = base64.b64encode(f"ada:{password}".encode()).decode()
        document = {"auths": {address: {"auth": proof}}}
        (tmp_path / "config.json").write_text(json.dumps(document))
        return f"Basic {proof}"

    def answer(request) -> None:
        if request.is_push() and not expired.is_set():
            expired.set()
            known["proof"] = log_in(address, "second")
        if request.headers.get("Authorization") == known["proof"]:
            request.forward(host)
        else:
            request.body()
            request.send(401, UNKNOWN, WWW_Authenticate='Basic realm="tests"')

    address = serve(answer)
    known = {"proof": log_in(address, "first")}
    return f"{address}/{folder}"


@pytest.mark.usefixtures("_no_pauses")
def test_credentials_that_expire_during_a_push_are_asked_for_again(tiny, make, short_lived):
    assert make(tiny(short_lived), push=True)[0].digest


@pytest.fixture
def overtaken(registry, serve):
    """Serve a registry in which another machine makes the tag just before this one does."""
    host, _, folder = registry.partition("/")
    refused = threading.Event()

    def answer(request) -> None:
        if request.is_push():
            request.body()
            refused.set()
            request.send(403, IMMUTABLE)
        elif "/manifests/" in request.path and not refused.is_set():
            request.send(404)
        else:
            request.forward(host)

    return f"{serve(answer)}/{folder}"


def test_an_image_that_another_machine_pushed_first_is_taken(tiny, make, registry, overtaken):
    (theirs,) = make(tiny(registry), push=True)
    project = replace(tiny(registry), registry=overtaken)

    (image,) = make(project, push=True)

    assert image.digest == theirs.digest
    assert plan(project).to_build == ()


def test_a_foreign_image_that_was_pushed_first_is_not_taken(
    tiny, make, engine, registry, overtaken
):
    project = tiny(registry)
    image = find_environment(project, "tiny").image
    engine.images.get(BASE).tag(image)
    engine.images.push(image)
    engine.api.remove_image(image)

    with pytest.raises(ForeignImageError, match="in the registry points to a different image"):
        make(replace(project, registry=overtaken), push=True)


@dataclass
class Race:
    """A registry that lets two pushes of a content hash arrive at the same moment."""

    host: str
    is_immutable: bool
    registry: str = ""
    pushes: int = 0
    start: threading.Barrier = field(default_factory=lambda: threading.Barrier(2, timeout=60))
    one_by_one: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request) -> None:
        if not request.is_push() or request.path.endswith("/newest"):
            request.forward(self.host)
            return
        with contextlib.suppress(threading.BrokenBarrierError):
            self.start.wait()
        with self.one_by_one:
            self.pushes += 1
            if self.is_immutable and self.pushes > 1:
                request.body()
                request.send(403, IMMUTABLE)
            else:
                request.forward(self.host)


@pytest.fixture
def race(registry, serve, request) -> Race:
    """Serve a registry for a race, whose tags cannot be moved if the test says so."""
    host, _, folder = registry.partition("/")
    race = Race(host=host, is_immutable=request.param)
    race.registry = f"{serve(race.answer)}/{folder}"
    return race


@pytest.mark.parametrize("race", [False, True], ids=["mutable", "immutable"], indirect=True)
def test_two_machines_that_push_one_tag_both_end_well(tiny, make, race):
    project = tiny(race.registry)
    make(project)  # cleans up
    other = find_project(Path(shutil.copytree(project.root, project.root.with_name("other"))))

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(_pushed, [project.root, other.root]))

    assert [one.returncode for one in done] == [0, 0], [one.stderr for one in done]
    assert race.pushes >= 2
    assert plan(project).to_build == ()
    assert plan(other, offline=True).to_build == ()


@pytest.fixture
def addresses(engine, stripping_base, request) -> tuple[str, str]:
    """Have a second engine that has the base image; return the addresses of both."""
    first = os.environ["DOCKER_HOST"]
    second = request.getfixturevalue("own_engine")
    second.start()
    second.load(engine, stripping_base)
    return first, second.address


@pytest.mark.parametrize("race", [False, True], ids=["mutable", "immutable"], indirect=True)
def test_two_engines_that_built_different_images_both_end_well(  # noqa: PLR0913, PLR0917
    tiny, make, race, addresses, engine, stripping_base
):
    project = tiny(race.registry, settings=f'base-image = "{stripping_base}"')
    reference = make(project)[0].reference
    other = shutil.copytree(project.root, project.root.with_name("other"))

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(_pushed, [other, project.root], addresses))

    assert [one.returncode for one in done] == [0, 0], [one.stderr for one in done]
    with contextlib.closing(docker.from_env()) as second:
        assert engine.images.get(reference).id != second.images.get(reference).id
    assert race.pushes >= 2
    assert plan(project).to_build == ()


def _pushed(folder: Path, engine: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kfpkit", "env", "build", "--push", "--network", "host"]
    environ = {**os.environ, **({"DOCKER_HOST": engine} if engine else {})}
    return subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
