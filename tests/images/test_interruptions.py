"""The real command, interrupted while it builds and while it pushes, and on a full disk."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kfpkit.environments import find_environment

pytestmark = [pytest.mark.containers, pytest.mark.usefixtures("base")]
SECONDS = 20
BYTES = 8192
CHECKS = {"label": "dev.kfpkit.unchecked"}
SIGNALS = pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=["INT", "TERM", "KILL"]
)


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """Have a folder of the test's own for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


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


@pytest.fixture
def interrupt(temporary):
    """Return a function that interrupts the command alone, as a program that has started it."""

    def run(process: subprocess.Popen[str], number: int) -> None:
        process.send_signal(number)
        with process:
            process.communicate(timeout=SECONDS)
        assert process.returncode
        assert number == signal.SIGKILL or not list(temporary.iterdir())
        end = time.monotonic() + SECONDS
        while processes_that_name(temporary):
            assert time.monotonic() < end
            time.sleep(0.1)

    return run


def processes_that_name(folder: Path) -> list[str]:
    """Find processes with a folder in their arguments, such as a build of what is in it."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if str(folder).encode() in file.read_bytes():
                found.append(file.parent.name)
    return found


@pytest.fixture
def finish(make, engine, temporary):
    """Return a function that sees that nothing is done, and then lets the command do it."""

    def run(project) -> None:
        assert "1 to build" in said_by("plan", cwd=project.root)
        with build(project) as process:
            assert "tiny: done" in process.communicate()[0]
        assert "nothing to build" in said_by("plan", cwd=project.root)
        assert list(temporary.iterdir()) == []
        make(project)  # cleans up

    return run


@SIGNALS
def test_a_build_that_is_interrupted_is_done_by_the_same_command(
    engine, uncached, interrupt, finish, number
):
    process = build(uncached)
    for line in process.stdout:
        if "building: base" in line or "building: install" in line:
            break

    interrupt(process, number)

    assert not engine.images.list(find_environment(uncached, "tiny").image)
    finish(uncached)


@pytest.fixture
def checked(engine):
    """Return a function that starts a build and waits until its image is checked."""

    def start(project) -> tuple[subprocess.Popen[str], str]:
        process = build(project)
        for line in process.stdout:
            if line == "tiny: checking\n":
                break
        end = time.monotonic() + SECONDS
        while not (found := engine.containers.list(filters=CHECKS, ignore_removed=True)):
            assert time.monotonic() < end
            time.sleep(0.1)
        return process, found[0].id

    return start


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
def test_a_check_that_is_interrupted_leaves_nothing(endless, checked, interrupt, unchecked, number):
    process, _ = checked(endless)

    interrupt(process, number)

    assert unchecked() == []


def test_what_a_killed_check_leaves_goes_with_the_next_build(
    engine, endless, checked, interrupt, unchecked
):
    process, left = checked(endless)
    interrupt(process, signal.SIGKILL)
    assert [one.id for one in engine.containers.list(filters=CHECKS, ignore_removed=True)] == [left]

    process, found = checked(endless)

    assert [
        one.id for one in engine.containers.list(all=True, filters=CHECKS, ignore_removed=True)
    ] == [found]
    with process:
        process.terminate()
        process.communicate(timeout=SECONDS)
    assert unchecked() == []


@dataclass
class Stuck:
    """A registry in which no push arrives, until it is mended."""

    registry: str = ""
    arrived: threading.Event = field(default_factory=threading.Event)
    mended: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def stuck(registry, serve):
    host, _, folder = registry.partition("/")
    found = Stuck()

    def answer(request) -> None:
        if request.is_push() and not found.mended.is_set():
            request.body()
            found.arrived.set()
            found.mended.wait(60)
            with contextlib.suppress(OSError):
                request.drop()
        else:
            request.forward(host)

    found.registry = f"{serve(answer)}/{folder}"
    return found


@SIGNALS
def test_a_push_that_is_interrupted_is_done_by_the_same_command(
    tiny, stuck, interrupt, finish, number
):
    project = tiny(stuck.registry)
    process = build(project)
    assert stuck.arrived.wait(60)

    interrupt(process, number)
    stuck.mended.set()

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
    assert f"error: Images cannot be built, because their logs in {uncached.state}" in said
    assert "No space left on device" in said
    little_room(uncached.state, 1000 * BYTES)
    finish(uncached)
