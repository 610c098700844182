"""A container engine for tests, one that runs already or one of our own, and a small image."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import docker

SECONDS_TO_START = 60
PACKAGES = "/opt/packages"
LEFT_OUT = re.compile(r"(.*/)?(__pycache__|site-packages|test|tests|idlelib|config-[^/]*)(/.*)?")


@pytest.fixture(scope="session")
def engine() -> Iterator[docker.DockerClient]:
    """Have a container engine that what is tested finds too; yields a client of it."""
    import docker  # noqa: PLC0415 - environments import this file too, and lack it

    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        try:
            address = stack.enter_context(running_engine(Path(folder)))
        except RuntimeError as error:
            pytest.fail(f"{error} `.ci/engine` has one on Debian.")
        environment = stack.enter_context(pytest.MonkeyPatch.context())
        environment.setenv("DOCKER_HOST", address)
        yield stack.enter_context(contextlib.closing(docker.from_env()))


@contextlib.contextmanager
def running_engine(folder: Path) -> Iterator[str]:
    """Have an engine running; yields its address.

    Tests count and remove what an engine has. Tests in several processes don't share one.

    Args:
        folder: An empty folder with a short path, for an engine that is started here.

    Raises:
        RuntimeError: None runs, and none can be started.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        for address in (os.environ.get("DOCKER_HOST"), "unix:///var/run/docker.sock"):
            if address and _answers(address):
                yield address
                return
    if os.getuid() or not shutil.which("dockerd"):
        raise RuntimeError("No container engine answers, and none can be started.")
    address = f"unix://{folder}/docker.sock"
    command = ["dockerd", "--host", address, "--data-root", f"{folder}/data"]
    command += ["--exec-root", f"{folder}/exec", "--pidfile", f"{folder}/docker.pid"]
    # Tests use the machine's network or none.
    command += ["--bridge", "none", "--iptables=false"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait(address, folder / "log")
        yield address
    finally:
        process.terminate()
        process.wait(30)
        for mounted in Path(folder, "exec", "netns").glob("*"):
            subprocess.run(["umount", mounted], check=False)


def import_python_image(
    client: docker.DockerClient, reference: str, packages: Sequence[Path] = ()
) -> str:
    """Make an image that holds the Python of the tests, the libraries it needs, and nothing else.

    Args:
        client: The engine.
        reference: The image's name and tag.
        packages: Folders of Python packages that are installed in it.

    Returns:
        The reference.
    """
    python = Path(sys.base_prefix) / "bin" / "python3"
    with tempfile.NamedTemporaryFile(suffix=".tar") as file:
        with tarfile.open(file.name, mode="w") as image:
            _add_python(image, python, packages)
        name, _, tag = reference.rpartition(":")
        changes = [
            f"ENV PATH={python.parent}:/usr/bin:/bin PYTHONPATH={PACKAGES}",
            'ENTRYPOINT ["/no-such-program"]',
        ]
        before = client.images.list(reference)
        client.api.import_image_from_file(file.name, repository=name, tag=tag, changes=changes)
    for replaced in before:
        # It has lost its name to the new one.
        client.api.remove_image(replaced.id)
    return reference


def _add_python(image: tarfile.TarFile, python: Path, packages: Sequence[Path]) -> None:
    library = Path(sysconfig.get_path("stdlib"))
    for library_file in sorted(_libraries([python, *library.glob("lib-dynload/*.so")])):
        image.add(library_file.resolve(), str(library_file))
    image.add(python.resolve(), str(python))
    below = str(library).lstrip("/")
    image.add(library, str(library), filter=lambda member: _wanted(member, below))
    for package in packages:
        image.add(package, f"{PACKAGES}/{package.name}")
    temporary = tarfile.TarInfo("tmp")
    temporary.type, temporary.mode = tarfile.DIRTYPE, 0o1777
    image.addfile(temporary, io.BytesIO())


def _libraries(files: Sequence[Path]) -> set[Path]:
    said = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False).stdout
    return {Path(found) for found in re.findall(r"(?:=> |^\s+)(/\S+) \(", said, re.MULTILINE)}


def _wanted(member: tarfile.TarInfo, below: str) -> tarfile.TarInfo | None:
    inside = member.name.removeprefix(below).lstrip("/")
    return None if LEFT_OUT.fullmatch(inside) else member


def _wait(address: str, log: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while not _answers(address):
        if time.monotonic() > end:
            raise RuntimeError(log.read_text())
        time.sleep(0.2)


def _answers(address: str) -> bool:
    # The docker library leaves connections open that it could not use.
    kind, _, rest = address.partition("://")
    host, _, port = rest.rpartition(":")
    family = socket.AF_UNIX if kind == "unix" else socket.AF_INET
    with socket.socket(family) as connection:
        try:
            connection.connect(rest if kind == "unix" else (host, int(port)))
        except OSError:
            return False
    return True
