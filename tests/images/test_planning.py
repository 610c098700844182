"""Plans: by content hash and the registry's answer."""

from __future__ import annotations

import hashlib
import json
import time

import pytest
from images.small_environments import environment_files

from kfpkit.environments import find_environment
from kfpkit.errors import (
    InvalidEnvironmentError,
    NoImageError,
    NoRegistryError,
    RegistryUnreachableError,
    StaleLockError,
)
from kfpkit.images import plan, records
from kfpkit.images.labels import PARTS_LABEL
from kfpkit.images.records import Record


def has_only_newest(parts: dict[str, str]):
    """Answer as a registry that has an older image of each environment."""

    def answer(request) -> None:
        config = json.dumps({"config": {"Labels": {PARTS_LABEL: json.dumps(parts)}}}).encode()
        digest = f"sha256:{hashlib.sha256(config).hexdigest()}"
        manifest = json.dumps({"config": {"digest": digest, "size": 1}, "layers": []}).encode()
        if "/blobs/" in request.path:
            request.send(200, config)
        elif request.path.endswith("/newest"):
            request.send(200, manifest, Docker_Content_Digest=digest)
        else:
            request.send(404)

    return answer


def test_an_image_that_the_registry_has_is_not_to_be_built(tiny, serve):
    host = serve(lambda request: request.send(200, Docker_Content_Digest="sha256:0"))

    found = plan(tiny(f"{host}/tests"))

    assert [entry.environment.name for entry in found.entries] == ["tiny"]
    assert found.to_build == ()


def test_an_image_that_was_never_pushed_is_to_be_built(tiny, serve):
    (entry,) = plan(tiny(f"{serve(lambda request: request.send(404))}/tests")).to_build

    assert entry.reasons == ("never pushed",)


def test_a_plan_says_what_changed_since_the_newest_image(tiny, serve):
    before: dict[str, str] = {}
    project = tiny(f"{serve(has_only_newest(before))}/tests")
    environment = find_environment(project, "tiny")
    before |= environment.content.parts | {"lock": "other", "base image": "python:3.8"}

    (entry,) = plan(project).to_build

    assert entry.reasons == (
        f"base image (python:3.8 → {environment.description.base_image})",
        "lock",
    )


def test_environments_without_an_image_are_left_out(tiny, serve):
    project = tiny(f"{serve(lambda request: request.send(404))}/t", settings="image = false")

    assert plan(project).entries == ()


@pytest.mark.parametrize("packages", ['"libgomp1"', '["libgomp1; x"]'])
def test_system_packages_that_cannot_be_end_the_plan(tiny, packages):
    project = tiny(settings=f"system-packages = {packages}")

    with pytest.raises(InvalidEnvironmentError, match="`system-packages`"):
        plan(project, offline=True)


def test_an_environment_without_an_image_is_refused_where_it_is_named(tiny):
    project = tiny(settings="image = false")

    with pytest.raises(NoImageError, match=r"`tiny` is for tools: .*so it has no image"):
        plan(project, ["tiny"], offline=True)


def test_a_project_without_a_registry_asks_none(tiny):
    with pytest.raises(NoRegistryError, match="has no host"):
        plan(tiny("kfpkit"))


def test_a_registry_that_is_down_ends_the_plan(tiny, refused_address):
    with pytest.raises(RegistryUnreachableError, match="--offline"):
        plan(tiny(f"{refused_address}/tests"))


def test_an_edited_lock_ends_the_plan(tiny):
    project = tiny()
    lock = project.environments / "tiny" / "poetry.lock"
    lock.write_text(lock.read_text().replace("utilities", "tools"))

    with pytest.raises(StaleLockError, match="import names of the environment `tiny`"):
        plan(project)


def test_a_name_that_no_image_can_have_ends_the_plan(tiny):
    with pytest.raises(InvalidEnvironmentError, match="a name that an image cannot have"):
        plan(tiny(name="Tiny_"))


def test_an_offline_plan_knows_what_this_machine_did(tiny):
    project = tiny()
    environment = find_environment(project, "tiny")
    assert plan(project, offline=True).to_build[0].reasons == ("never built here",)

    records.write(project, environment, Record(image=environment.image, size=1))
    assert plan(project, offline=True).to_build[0].reasons == ("built, not pushed",)

    pushed = Record(image=environment.image, size=1, digest="sha256:0")
    records.write(project, environment, pushed)
    assert plan(project, offline=True).to_build == ()


def test_an_offline_plan_compares_with_the_newest_record(tiny):
    project = tiny()
    environment = find_environment(project, "tiny")
    old = Record(image="old", size=1, parts=environment.content.parts | {"lock": "other"})
    records.folder(project).mkdir(parents=True)
    records.write(project, environment, old)
    written = records.folder(project) / f"tiny-{environment.content.hash}.json"
    written.rename(written.with_name(f"tiny-{'0' * 16}.json"))

    assert plan(project, offline=True).to_build[0].reasons == ("lock",)


def test_a_plan_for_a_hundred_environments_is_quick(tiny, serve):
    def answer(request) -> None:
        time.sleep(0.1)
        request.send(200, Docker_Content_Digest="sha256:0")

    names = [f"tiny-{number}" for number in range(100)]
    files = {path: text for name in names for path, text in environment_files(name).items()}
    project = tiny(f"{serve(answer)}/tests", files=files)

    started = time.monotonic()
    assert len(plan(project, offline=True).entries) == 100
    assert time.monotonic() - started < 1
    started = time.monotonic()
    assert len(plan(project).entries) == 100
    assert time.monotonic() - started < 8  # one after the other takes ten
