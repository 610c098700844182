"""The name of an image until it has passed its check."""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from kfpkit import files
from kfpkit.engine import Engine
from kfpkit.environments import Environment

LABEL = "dev.kfpkit.unchecked"  # of the containers that check it
_REPOSITORY = "kfpkit-unchecked"


@contextlib.contextmanager
def unchecked(engine: Engine, environment: Environment, log: Path) -> Iterator[str]:
    """Provide a private name for an image that is built and checked, and remove it afterwards.

    If a process is killed, the next build of the same image removes its leftovers: the name stays
    the same as long as its file exists, next to the log. Only the holder of that file builds this
    image.

    Args:
        engine: The engine.
        environment: The environment.
        log: The log of the build.

    Yields:
        The name.
    """
    name = f"{_REPOSITORY}/{environment.name}:{environment.content.hash}-{_ensure_token(log)}"
    _remove(engine, name)
    try:
        yield name
    finally:
        with contextlib.suppress(*engine.faults):
            _remove(engine, name)


def _ensure_token(log: Path) -> str:
    """Distinguish this project's builds from others with the same environment and engine."""
    file = log.with_suffix(".unchecked")
    with contextlib.suppress(FileNotFoundError):
        known = file.read_text(encoding="utf-8")
        if re.fullmatch("[0-9a-f]{16}", known):
            return known
    made = secrets.token_hex(8)
    files.replace(file, made.encode())
    return made


def _remove(engine: Engine, name: str) -> None:
    checks = {"label": f"{LABEL}={name}"}
    for container in engine.client.containers.list(all=True, filters=checks, ignore_removed=True):
        container.remove(force=True)
    engine.remove(name)
