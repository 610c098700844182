"""Pushing a checked image, and seeing that it arrived."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from kfpkit.environments import Environment
from kfpkit.errors import ImagesError
from kfpkit.images import faults, pins
from kfpkit.images.engine import Engine
from kfpkit.images.references import Reference, newest_of, parse
from kfpkit.images.registry import Registry, RemoteImage

_ATTEMPTS = 3
_PAUSE = 2.0
_LASTING = ("denied", "unauthorized", "authentication", "forbidden", "no basic auth")


def push_image(
    engine: Engine,
    registry: Registry,
    environment: Environment,
    *,
    log: Path,
    report: Callable[[str], None],
) -> RemoteImage:
    """Push an environment's image under its content hash.

    A registry shows a tag when all that belongs to it has arrived, and not before. When another
    process has pushed the same tag in the meantime, its image is taken.

    Args:
        engine: The engine, which has the image.
        registry: The registry's client.
        environment: The environment.
        log: The log to add to.
        report: Told what is done.

    Returns:
        What the registry has now.

    Raises:
        PushError: The registry or the engine does not let it through.
        ForeignImageError: The tag names another image.
        RegistryError: The registry cannot be asked.
    """
    reference = parse(environment.image)
    found = registry.find(reference)
    if found is None:
        _push_patiently(engine, reference, environment, log, report)
        found = registry.image(reference)
    pins.require_own(reference, found)
    _move_newest(engine, reference, log)
    return found


def _push_patiently(
    engine: Engine,
    reference: Reference,
    environment: Environment,
    log: Path,
    report: Callable[[str], None],
) -> None:
    for attempt in range(1, _ATTEMPTS + 1):
        report("pushing" if attempt == 1 else f"pushing, attempt {attempt} of {_ATTEMPTS}")
        problem = _push_once(engine, reference, log)
        if problem is None:
            return
        lasting = any(sign in problem.lower() for sign in _LASTING)
        if attempt == _ATTEMPTS or lasting or not engine.answers():
            raise faults.push_fault(problem, environment=environment, log=log)
        time.sleep(_PAUSE * attempt)


def _push_once(engine: Engine, reference: Reference, log: Path) -> str | None:
    """Push; return the registry's or the engine's complaint, or None."""
    with log.open("a", encoding="utf-8") as file:
        try:
            for said in engine.push(reference.name, reference.tag):
                if "error" in said:
                    file.write(f"push: {said['error']}\n")
                    return str(said["error"])
                if "progress" not in said and said.get("status"):
                    file.write(f"push: {said.get('id', '')} {said['status']}\n")
        except engine.faults as error:
            file.write(f"push: {error}\n")
            return str(error)
    return None


def _move_newest(engine: Engine, reference: Reference, log: Path) -> None:
    """Let the moving tag name this image; plans compare with it, nothing else needs it.

    A registry whose tags cannot be moved refuses, which is no fault.
    """
    newest = newest_of(reference)
    with contextlib.suppress(*engine.faults, ImagesError):
        if engine.inspect(str(reference)) is not None:
            engine.tag(str(reference), newest.name, newest.tag)
            _push_once(engine, newest, log)
