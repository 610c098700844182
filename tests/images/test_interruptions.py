"""The real command, interrupted while it builds and while it pushes, and on a full disk."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kfpkit.environments import find_environment

pytestmark = [pytest.mark.containers, pytest.mark.usefixtures("base")]
SECONDS = 20
BYTES = 8192
SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["INT", "KILL"])


def command(*arguments: str, cwd, **options) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "kfpkit", "env", *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )


def build(project) -> subprocess.Popen[str]:
    return command("build", "--push", "--network", "host", cwd=project.root)


def said_by(*arguments: str, cwd) -> str:
    with command(*arguments, cwd=cwd) as process:
        return process.communicate()[0]


def interrupt(process: subprocess.Popen[str], number: int) -> None:
    """Interrupt the command alone, as a program does that has started it."""
    process.send_signal(number)
    with process:
        process.communicate(timeout=SECONDS)
    assert process.returncode


@pytest.fixture
def finish(make, engine):
    """Return a function that sees that nothing is done, and then lets the command do it."""

    def run(project) -> None:
        assert "1 to build" in said_by("plan", cwd=project.root)
        with build(project) as process:
            assert "tiny: done" in process.communicate()[0]
        assert "nothing to build" in said_by("plan", cwd=project.root)
        make(project)  # cleans up

    return run


@SIGNALS
def test_a_build_that_is_interrupted_is_done_by_the_same_command(engine, uncached, finish, number):
    process = build(uncached)
    for line in process.stdout:
        if "building: base" in line or "building: install" in line:
            break

    interrupt(process, number)

    assert not engine.images.list(find_environment(uncached, "tiny").image)
    finish(uncached)


@SIGNALS
def test_a_push_that_is_interrupted_is_done_by_the_same_command(
    tiny, registry, serve, finish, number
):
    host, _, folder = registry.partition("/")
    arrived, mended = threading.Event(), threading.Event()

    def answer(request) -> None:
        if request.is_push() and not mended.is_set():
            request.body()
            arrived.set()
            mended.wait(60)
            with contextlib.suppress(OSError):
                request.drop()
        else:
            request.forward(host)

    project = tiny(f"{serve(answer)}/{folder}")
    process = build(project)
    assert arrived.wait(60)

    interrupt(process, number)
    mended.set()

    finish(project)


@pytest.fixture
def little_room():
    """Return a function that mounts a small file system, and one that gives it more room."""
    mounted = []

    def mount(folder: Path, size: int) -> None:
        folder.mkdir(exist_ok=True)
        option = f"size={size},remount" if folder in mounted else f"size={size}"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", option, "tmpfs", folder],
            check=False,
            capture_output=True,
        )
        if done.returncode:
            pytest.skip("no file system can be mounted")
        mounted.append(folder)

    yield mount
    for folder in dict.fromkeys(mounted):
        subprocess.run(["umount", folder], check=False)


def test_a_full_disk_here_is_told_and_the_build_is_finished_with_more_room(
    uncached, little_room, finish
):
    little_room(uncached.state, BYTES)

    with build(uncached) as process:
        said = process.communicate()[0]

    assert process.returncode == 1
    assert f"error: Images cannot be built, since their logs in {uncached.state}" in said
    assert "No space left on device" in said
    little_room(uncached.state, 1000 * BYTES)
    finish(uncached)
