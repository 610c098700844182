"""Checking a built image before it gets its name: it is run as a strict cluster would run it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from kfpkit.engine import PLATFORM, Engine, sealed
from kfpkit.environments import Environment
from kfpkit.errors import ImageCheckError

_SCRIPT = Path(__file__).with_name("in_container.py")
_SECONDS = 300


def check_image(engine: Engine, image_id: str, environment: Environment, log: Path) -> None:
    """Import every name of `imports.json` in an image, and run a component through KFP's executor.

    Args:
        engine: The engine that has the image.
        image_id: The image.
        environment: What the image is of.
        log: The log to add to, and to name.

    Raises:
        ImageCheckError: Something fails.
    """
    command = ["python3", "-I", "-c", _SCRIPT.read_text(encoding="utf-8"), *_modules(environment)]
    code, said = _run(engine, image_id, command)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"\nChecked with exit code {code}:\n{said}\n")
    findings = _findings(code, said, environment)
    if findings:
        raise ImageCheckError(
            name=environment.name,
            problem="it was built, but it does not pass its check with a read-only root, no "
            "network and a user that is not root",
            tail=findings,
            log=log,
            remedy="Add the Debian package or the dependency that is missing to the environment's "
            f"pyproject.toml, run `kfpkit env lock {environment.name}`, and build again.",
        )


def _run(engine: Engine, image: str, command: list[str]) -> tuple[int, str]:
    """Run a command in a sealed container; return its exit code and what it wrote."""
    container = engine.client.containers.create(
        image, command, entrypoint="", platform=PLATFORM, **sealed()
    )
    try:
        container.start()
        code = int(container.wait(timeout=_SECONDS)["StatusCode"])
        return code, container.logs().decode(errors="replace")
    finally:
        container.remove(force=True)


def _modules(environment: Environment) -> list[str]:
    """Return the import names; folders called `tests` are not in an image."""
    return sorted(name for name in environment.manifest.imports if "tests" not in name.split("."))


def _findings(code: int, said: str, environment: Environment) -> str:
    """Return what is wrong, a line for each; "" when all is well."""
    lines = [line for line in said.splitlines() if line.strip()]
    try:
        found = json.loads(lines[-1])
        failing: dict[str, str] = found["imports"]
        lacking: dict[str, str] = found["lacking"]
        executor, is_root = found["executor"], found["root"]
    except (ValueError, IndexError, KeyError, TypeError):
        return "\n".join(lines[-12:]) or f"the check ended with exit code {code}"
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


def _is_optional(
    module: str, lacks: str | None, failing: Mapping[str, str], environment: Environment
) -> bool:
    """Say whether a module that does not import is a part that its distribution can do without.

    Some wheels bring a module for an integration whose own distribution is not required: what it
    lacks is in no distribution of the lock, and other modules of its own distribution import.
    """
    if lacks is None or environment.provides(lacks) is not None:
        return False
    imports = environment.manifest.imports
    siblings = [name for name, owner in imports.items() if owner == imports[module]]
    return any(name not in failing for name in siblings)
