"""Checks a built image before it gets its name, by running it as a strict cluster would."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from kfpkit.engine import Engine
from kfpkit.environments import Environment
from kfpkit.errors import ImageCheckError
from kfpkit.images import faults
from kfpkit.images.checking.sealed_run import run_sealed
from kfpkit.processes import Processes

_SCRIPT = Path(__file__).parent / "in_image" / "check.py"
_SECONDS = 300.0
_TAIL = 12
_KILLED = 137
_BEGUN = "importing "


def check_image(
    engine: Engine, image: str, environment: Environment, *, processes: Processes, log: Path
) -> None:
    """Import every name of `imports.json` in an image, and run a component with KFP's executor.

    Args:
        engine: The engine with the image.
        image: The image's name.
        environment: The environment of the image.
        processes: Can end the check.
        log: The log to append to, and to name in errors.

    Raises:
        ImageCheckError: An import or the component fails, or the check takes too long.
        EmulationMissingError: The engine's machine can't run the image.
    """
    command = ["python3", "-I", "-c", _SCRIPT.read_text(encoding="utf-8"), *_modules(environment)]
    done = run_sealed(engine, image, command, seconds=_SECONDS, processes=processes)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"\nChecked with exit code {done.code}:\n{done.said}\n")
    if done.code is None:
        raise ImageCheckError(
            name=environment.name,
            problem=f"it was built, but its check did not finish within {_SECONDS:.0f} seconds",
            tail="\n".join(_select_lines(done.said)[-1:]),
            log=log,
            remedy="Build again with less load on the engine (`--jobs 1`). If the check stops at "
            "the same module, remove the dependency that installs it from the environment.",
        )
    if done.code == _KILLED:
        begun = "\n".join(_select_lines(done.said)[-1:])
        said = f"{begun}\nexit code: {_KILLED}"
        base = environment.description.base_image
        raise faults.make_build_error(said, environment=environment, base=base, log=log)
    if faults.is_foreign(done.said):
        raise faults.make_emulation_error(done.said, environment=environment, log=log)
    if findings := _read_findings(done.code, done.said, environment):
        raise ImageCheckError(
            name=environment.name,
            problem="it was built, but failed its check with a read-only root file system, no "
            "network and a non-root user",
            tail=findings,
            log=log,
            remedy=_remedy(findings, environment),
        )


def _remedy(findings: str, environment: Environment) -> str:
    """Return a remedy. Modules named `tests` are in the lock but not in the image."""
    if re.search(r"No module named '(.+\.)?tests\b", findings):
        return (
            "Images leave out folders named `tests`, unless a module of the same package imports "
            "them. Remove the dependency that needs the tests of another package, or write an "
            "`environments/Dockerfile` that keeps the folder."
        )
    return (
        "Add the missing Debian package or dependency to the environment's pyproject.toml, run "
        f"`kfpkit env lock {environment.name}`, and build again."
    )


def _modules(environment: Environment) -> list[str]:
    """Return the import names, without folders named `tests`, which an image may lack."""
    return sorted(name for name in environment.manifest.imports if "tests" not in name.split("."))


def _read_findings(code: int, said: str, environment: Environment) -> str:
    """Return one line for each problem. "" if there are none."""
    try:
        found = json.loads(said.rstrip().splitlines()[-1])
        failing: dict[str, str] = found["imports"]
        lacking: dict[str, str] = found["lacking"]
        executor, is_root = found["executor"], found["root"]
    except (ValueError, IndexError, KeyError, TypeError):
        return "\n".join(_select_lines(said)[-_TAIL:]) or f"the check ended with exit code {code}"
    findings = [
        f"import {module}: {error}"
        for module, error in failing.items()
        if not _is_optional(module, lacking.get(module), failing, environment)
    ]
    if executor:
        findings.append(f"kfp's executor: {executor}")
    if is_root:
        findings.append("it runs as root")
    return "\n".join(findings)


def _select_lines(said: str) -> list[str]:
    """Return the lines with information. Of the lines about imported modules, only the last."""
    lines = [line for line in said.splitlines() if line.strip()]
    begun = [line for line in lines if line.startswith(_BEGUN)]
    return [*(line for line in lines if not line.startswith(_BEGUN)), *begun[-1:]]


def _is_optional(
    module: str, lacks: str | None, failing: Mapping[str, str], environment: Environment
) -> bool:
    """Return whether a module that fails to import is an optional part of its distribution.

    Some wheels contain a module for an integration without requiring the other distribution. No
    distribution of the lock provides what such a module lacks, and other modules of its own
    distribution do import.
    """
    if lacks is None or environment.provides(lacks) is not None:
        return False
    imports = environment.manifest.imports
    siblings = [name for name, owner in imports.items() if owner == imports[module]]
    return any(name not in failing for name in siblings)
