"""The images that are measured, in the benchmark's registry: built unless they are there."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kfpkit.engine import PLATFORM, Engine
from kfpkit.environments import Environment
from kfpkit.environments.text_digests import compute_digest
from kfpkit.environments.venvs import poetry
from kfpkit.images import Step, build
from kfpkit.images.building import context
from kfpkit.images.building.command import find_build_command
from kfpkit.images.registry.references import parse
from kfpkit.images.registry.registry import Registry
from kfpkit.project.project import Project

MONOLITH = Path(__file__).parents[1] / "monolith"
DOCKERFILE = Path(__file__).with_name("monolith.Dockerfile")
NETWORK = "host"  # a build needs what this machine reaches
_PATIENCE = 600.0


def lean(project: Project, names: Sequence[str]) -> dict[str, str]:
    """Have the images of environments in the project's registry.

    Args:
        project: The project.
        names: The environments; all that have images when empty.

    Returns:
        The image references by environment.
    """
    made = build(project, names, push=True, network=NETWORK, report=_report)
    return {image.name: image.reference for image in made}


def monolith(project: Project) -> str:
    """Have the image with everything in the project's registry; return its reference."""
    environment = Environment(name=MONOLITH.name, folder=MONOLITH, registry=project.registry)
    # Its Dockerfile is another one, which the content hash of an environment does not know.
    recipe = compute_digest(DOCKERFILE.read_text(encoding="utf-8"))[:8]
    reference = replace(parse(environment.image), tag=f"{environment.content.hash}-{recipe}")
    with contextlib.closing(Registry()) as registry:
        is_there = registry.digest(reference) is not None
    if not is_there:
        _report(Step(name=environment.name, doing="building"))
        _build(environment, project, str(reference))
        _push(str(reference))
    return str(reference)


def _build(environment: Environment, project: Project, reference: str) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        poetry.export(environment.folder, folder / "requirements.txt", name=environment.name)
        shutil.copyfile(project.environments / "kfp-runtime.txt", folder / "kfp-runtime.txt")
        passed, secrets = context.collect_secrets()
        command = [find_build_command(), "build", "--platform", PLATFORM, "--network", NETWORK]
        command += ["--build-arg", f"BASE_IMAGE={environment.description.base_image}"]
        command += [
            "--build-arg",
            f"SYSTEM_PACKAGES={' '.join(environment.description.system_packages)}",
        ]
        command += ["--tag", reference, "--file", str(DOCKERFILE), *passed]
        environ = {**os.environ, **secrets, "DOCKER_BUILDKIT": "1"}
        done = subprocess.run([*command, str(folder)], env=environ, check=False)
    if done.returncode != 0:
        sys.exit("The monolith cannot be built.")


def _push(reference: str) -> None:
    repository, _, tag = reference.rpartition(":")
    with contextlib.closing(Engine(patience=_PATIENCE)) as engine:
        for said in engine.push(repository, tag):
            if "error" in said:
                sys.exit(f"The monolith cannot be pushed: {said['error']}")


def _report(step: Step) -> None:
    print(f"{step.name}: {step.doing}", file=sys.stderr)
