"""An engine that stops, and a disk that fills: engines of the test's own, which it may break."""

from __future__ import annotations

import contextlib
import os
import subprocess

import docker
import pytest

from kfpkit.environments import find_environment
from kfpkit.errors import (
    BuildNetworkError,
    EngineStoppedError,
    EngineUnreachableError,
    ImageDiskFullError,
)
from kfpkit.images import Step, build, plan

pytestmark = pytest.mark.containers
FREE = 20_000_000


@pytest.mark.parametrize("moment", ["building: install", "checking", "pushing"])
def test_an_engine_that_stops_in_the_middle_leaves_nothing_half_done(
    prepared, engine, stripping_base, own_engine, moment
):
    own_engine.start()
    own_engine.load(engine, stripping_base)

    def stop(step: Step) -> None:
        if step.doing.startswith(moment):
            own_engine.stop()

    with pytest.raises(EngineStoppedError, match="Nothing was left half-finished"):
        build(prepared, push=True, network="host", report=stop)
    with pytest.raises(EngineUnreachableError, match="Start Docker"):
        build(prepared, push=True, network="host")
    assert len(plan(prepared).to_build) == 1

    own_engine.start()
    assert build(prepared, push=True, network="host")[0].built is (moment != "pushing")
    assert plan(prepared).to_build == ()
    with contextlib.closing(docker.from_env()) as client:
        tags = [tag for image in client.images.list() for tag in image.tags]
    assert [tag for tag in tags if "unchecked" in tag] == []


def test_a_full_disk_is_told_and_the_build_is_finished_with_more_room(
    tiny, engine, base, own_engine, registry
):
    own_engine.data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2g", "tmpfs", own_engine.data]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted")
    own_engine.start()
    own_engine.load(engine, base)
    project = tiny(registry)
    filler = own_engine.data / "filler"
    room = os.statvfs(own_engine.data)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - FREE)

    with pytest.raises(ImageDiskFullError, match="the engine's disk is full"):
        build(project, push=True, network="host")
    image = find_environment(project, "tiny").image
    with contextlib.closing(docker.from_env()) as client:
        assert not client.images.list(image)
    assert len(plan(project).to_build) == 1

    filler.unlink()
    assert build(project, push=True, network="host")[0].built


def test_an_engine_without_a_bridge_says_so_and_is_given_the_machines_network(
    prepared, engine, stripping_base, own_engine
):
    own_engine.start()
    own_engine.load(engine, stripping_base)

    with pytest.raises(BuildNetworkError, match=r"(?s)network bridge not found.*--network host"):
        build(prepared)

    assert build(prepared, network="host")[0].built
