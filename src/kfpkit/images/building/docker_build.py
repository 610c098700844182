"""Builds one image, from an environment to a checked and named image in the engine."""

from __future__ import annotations

import os
import re
from pathlib import Path

from kfpkit.engine import PLATFORM, Engine
from kfpkit.environments import Environment
from kfpkit.images import faults
from kfpkit.images.base import BaseImage
from kfpkit.images.building import context
from kfpkit.images.building.command import find_build_command
from kfpkit.images.checking import check_image, unchecked
from kfpkit.images.labels import make_labels
from kfpkit.images.registry import newest_of, parse
from kfpkit.listeners import Listener
from kfpkit.processes import Processes
from kfpkit.scratch import temporary_folder

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
    base: BaseImage,
    network: str | None,
    processes: Processes,
    log: Path,
    report: Listener,
) -> None:
    """Build an image, check it, and only then give it its name.

    Args:
        engine: The engine.
        environment: The environment.
        uv: The installer.
        base: The base image.
        network: The network of build steps. None for the engine's default.
        processes: Starts the build, and can end it.
        log: The log to write.
        report: Called with each step.

    Raises:
        ToolError: The lock can't be exported.
        ImageBuildError: The build or the check fails. The image doesn't get its name then.
    """
    reference = parse(environment.image)
    with (
        temporary_folder("image") as scratch,
        unchecked(engine, environment, log) as name,
    ):
        report("exporting the lock")
        context.write_context(environment, scratch, uv)
        command = _command(environment, name, base=base, network=network)
        passed, secrets = context.collect_secrets()
        code, said = _run(
            [*command, *passed, str(scratch)], secrets | _variables(engine), processes, log, report
        )
        if code and not engine.answers():
            raise faults.make_stopped_error(said, environment=environment, log=log)
        if code:
            raise faults.make_build_error(said, environment=environment, base=base.name, log=log)
        report("checking")
        try:
            check_image(engine, name, environment, processes=processes, log=log)
            engine.tag(name, reference.name, reference.tag)
        except engine.faults as error:
            raise faults.make_engine_error(
                engine, error, environment=environment, log=log
            ) from error


def _variables(engine: Engine) -> dict[str, str]:
    """Build with the engine that later provides the image, not with another builder."""
    return {"DOCKER_HOST": engine.address, "BUILDX_BUILDER": "default"}


def _command(
    environment: Environment, name: str, *, base: BaseImage, network: str | None
) -> list[str]:
    arguments = {
        "BASE_IMAGE": base.source,
        "PYTHON": environment.description.python,
        "SYSTEM_PACKAGES": " ".join(environment.description.system_packages),
        "KEEP": ",".join(environment.description.keep),
        "STOCK_BASE": "yes" if environment.description.has_stock_base else "",
        "SOURCE_DATE_EPOCH": _EPOCH,
    }
    reference = parse(environment.image)
    command = [find_build_command(), "build", "--progress", "plain", "--platform", PLATFORM]
    if reference.host:
        command += ["--cache-from", str(newest_of(reference))]
        command += ["--build-arg", "BUILDKIT_INLINE_CACHE=1"]
    command += ["--tag", name]
    command += ["--network", network] if network else []
    for key, value in arguments.items():
        command += ["--build-arg", f"{key}={value}"]
    for key, value in make_labels(environment, base=base).items():
        command += ["--label", f"{key}={value}"]
    return command


def _run(
    command: list[str], variables: dict[str, str], processes: Processes, log: Path, report: Listener
) -> tuple[int, str]:
    """Run a build. Keep its output, and report the steps."""
    said: list[str] = []
    with (
        log.open("w", encoding="utf-8") as file,
        processes.reading(command, variables=os.environ | _ENVIRON | variables) as (lines, process),
    ):
        for line in lines:
            said.append(line)
            file.write(line)
            if step := _STEP.match(line):
                report(f"building: {step[1]} {step[2]}")
        code = process.wait().code
    return code, "".join(said)
