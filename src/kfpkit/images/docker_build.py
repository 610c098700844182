"""One image, from an environment to a checked and named image in the engine."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from kfpkit.engine import PLATFORM, Engine
from kfpkit.environments import Environment
from kfpkit.errors import ImagesError
from kfpkit.images import context, faults
from kfpkit.images.builder import build_command
from kfpkit.images.checking import check_image
from kfpkit.images.children import Children
from kfpkit.images.parts import labels_of
from kfpkit.images.references import newest_of, parse

Report = Callable[[str], None]

_STEP = re.compile(r"#\d+ \[(\S+) (\d+/\d+)\]")
# The file times in layers, as the Dockerfile has them. BuildKit gives it to the image too, from
# version 0.11 on (Docker 23); older ones take no notice.
_EPOCH = "315532800"
_ENVIRON = {"DOCKER_BUILDKIT": "1", "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}


def build_image(  # noqa: PLR0913 - the facts of one build, each by its name
    engine: Engine,
    environment: Environment,
    *,
    uv: Path,
    base: str,
    network: str | None,
    children: Children,
    log: Path,
    report: Report,
) -> None:
    """Build an image, check it, and only then give it its name.

    Args:
        engine: The engine.
        environment: The environment.
        uv: The installer.
        base: The base image.
        network: The network of the build's steps; None for the engine's default.
        children: Starts the build, and may end it.
        log: The log to write.
        report: Told what is done.

    Raises:
        ToolError: The lock cannot be exported.
        ImageBuildError: The build or the check fails; no image has the name then.
    """
    with tempfile.TemporaryDirectory(prefix="kfpkit-image-") as scratch:
        folder, private = Path(scratch) / "context", Path(scratch) / "private"
        folder.mkdir()
        private.mkdir(mode=0o700)
        report("exporting the lock")
        context.write(environment, folder, uv)
        command = _command(environment, folder, private, base=base, network=network)
        code, said = _run(command, children, log, report)
        if code and not engine.answers():
            raise faults.engine_stopped(said, environment=environment, log=log)
        if code:
            raise faults.build_fault(said, environment=environment, base=base, log=log)
        image_id = (private / "id").read_text(encoding="utf-8").strip()
    report("checking")
    _check_and_name(engine, environment, image_id, log)


def _check_and_name(engine: Engine, environment: Environment, image_id: str, log: Path) -> None:
    reference = parse(environment.image)
    try:
        check_image(engine, image_id, environment, log)
        engine.tag(image_id, reference.name, reference.tag)
    except engine.faults as error:
        raise faults.engine_stopped(str(error), environment=environment, log=log) from error
    except ImagesError:
        with contextlib.suppress(*engine.faults):
            if not (engine.find(image_id) or {}).get("RepoTags"):
                engine.remove(image_id)
        raise


def _command(
    environment: Environment, folder: Path, private: Path, *, base: str, network: str | None
) -> list[str]:
    arguments = {
        "BASE_IMAGE": base,
        "PYTHON": environment.python,
        "SYSTEM_PACKAGES": " ".join(environment.system_packages),
        "SOURCE_DATE_EPOCH": _EPOCH,
    }
    reference = parse(environment.image)
    command = [build_command(), "build", "--progress", "plain", "--platform", PLATFORM]
    if reference.host:
        command += ["--cache-from", str(newest_of(reference))]
        command += ["--build-arg", "BUILDKIT_INLINE_CACHE=1"]
    command += ["--iidfile", str(private / "id")]
    command += ["--network", network] if network else []
    for name, value in arguments.items():
        command += ["--build-arg", f"{name}={value}"]
    for name, value in labels_of(environment, base_image=base).items():
        command += ["--label", f"{name}={value}"]
    return [*command, *context.secrets(private), str(folder)]


def _run(command: list[str], children: Children, log: Path, report: Report) -> tuple[int, str]:
    """Run a build; keep what it writes, and report the steps."""
    said: list[str] = []
    with (
        log.open("w", encoding="utf-8") as file,
        children.start(command, os.environ | _ENVIRON) as process,
    ):
        for line in process.stdout or ():
            said.append(line)
            file.write(line)
            if step := _STEP.match(line):
                report(f"building: {step[1]} {step[2]}")
    return process.returncode, "".join(said)
