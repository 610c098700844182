"""Checking a built image before it gets its name: it is run as a strict cluster would run it."""

from __future__ import annotations

import json
from pathlib import Path

from kfpkit.environments import Environment
from kfpkit.errors import ImageCheckError
from kfpkit.images.engine import Engine

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
    code, said = engine.run_sealed(image_id, command, timeout=_SECONDS)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"\nChecked with exit code {code}:\n{said}\n")
    if code:
        raise ImageCheckError(
            name=environment.name,
            problem="it was built, but it does not pass its check with a read-only root, no "
            "network and a user that is not root",
            tail=_findings(said),
            log=log,
            remedy="Add the Debian package or the dependency that is missing to the environment's "
            f"pyproject.toml, run `kfpkit env lock {environment.name}`, and build again.",
        )


def _modules(environment: Environment) -> list[str]:
    """Return the import names; folders called `tests` are not in an image."""
    return sorted(name for name in environment.manifest.imports if "tests" not in name.split("."))


def _findings(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    try:
        found = json.loads(lines[-1])
        failing = [f"import {module}: {error}" for module, error in found["imports"].items()]
    except (ValueError, IndexError, KeyError, TypeError):
        return "\n".join(lines[-12:])
    if found["executor"]:
        failing.append(f"kfp's executor: {found['executor']}")
    if found["root"]:
        failing.append("it runs as root")
    return "\n".join(failing)
