"""Pushes a checked image, and verifies that it arrived."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from kfpkit.engine import Engine
from kfpkit.environments import Environment
from kfpkit.errors import ImagesError, RegistryError
from kfpkit.images import faults, pins
from kfpkit.images.registry import Reference, Registry, RemoteImage, newest_of, parse
from kfpkit.listeners import Listener

_ATTEMPTS = 3
_PAUSE = 2.0


def push_image(
    engine: Engine,
    registry: Registry,
    environment: Environment,
    *,
    log: Path,
    report: Listener,
) -> tuple[RemoteImage, bool]:
    """Push an environment's image under its content hash.

    A registry shows a tag only when the whole image has arrived. If another machine has pushed the
    same tag in the meantime, its image is used, so a registry with immutable tags works too.

    Args:
        engine: The engine with the image.
        registry: The client of registries.
        environment: The environment.
        log: The log to add to.
        report: Called with each step.

    Returns:
        The image in the registry, and whether this call pushed it.

    Raises:
        PushError: The registry or the engine rejects the push.
        EngineStoppedError: The engine stops in the meantime.
        ForeignImageError: The tag points to a different image.
        RegistryError: The registry can't be queried.
    """
    reference = parse(environment.image)
    there = found = registry.find(reference)
    if found is None:
        problem = _push_patiently(engine, registry, reference, log, report)
        if problem and not engine.answers():
            raise faults.make_stopped_error(problem, environment=environment, log=log)
        if problem:
            raise faults.make_push_error(problem, environment=environment, log=log)
        found = registry.image(reference)
    pins.require_own(reference, found)
    _move_newest(engine, reference, log)
    return found, there is None


def _push_patiently(
    engine: Engine,
    registry: Registry,
    reference: Reference,
    log: Path,
    report: Listener,
) -> str:
    """Push, repeatedly if necessary. Return the last complaint, or "" if the image arrived.

    A registry may reject credentials that were valid when the push began, because a cloud's expire.
    """
    was_known = True
    for attempt in range(1, _ATTEMPTS + 1):
        report("pushing" if attempt == 1 else f"pushing, attempt {attempt} of {_ATTEMPTS}")
        problem = _push_once(engine, reference, log)
        if not problem or _is_there(registry, reference):
            return ""
        is_unknown = faults.is_unknown(problem)
        is_denied = faults.is_denied(problem) and not (is_unknown and was_known)
        is_final = is_denied or faults.is_missing(problem) or attempt == _ATTEMPTS
        if is_final or not engine.answers():
            return problem
        was_known = not is_unknown
        time.sleep(_PAUSE * attempt)
    return ""


def _is_there(registry: Registry, reference: Reference) -> bool:
    """Return whether another machine has pushed the tag. False if the registry fails."""
    with contextlib.suppress(RegistryError):
        return registry.digest(reference) is not None
    return False


def _push_once(engine: Engine, reference: Reference, log: Path) -> str:
    """Push. Return the registry's or the engine's complaint, or ""."""
    with log.open("a", encoding="utf-8") as file:
        try:
            for said in engine.push(reference.name, reference.tag):
                if "error" in said:
                    file.write(f"push: {said['error']}\n")
                    return str(said["error"]) or "the engine reported no reason"
                if "progress" not in said and said.get("status"):
                    file.write(f"push: {said.get('id', '')} {said['status']}\n")
        except engine.faults as error:
            file.write(f"push: {error}\n")
            return str(error) or type(error).__name__
    return ""


def _move_newest(engine: Engine, reference: Reference, log: Path) -> None:
    """Point the moving tag to this image. Only plans use it.

    A registry with immutable tags rejects this, which isn't an error.
    """
    newest = newest_of(reference)
    with contextlib.suppress(*engine.faults, ImagesError):
        if engine.find(str(reference)) is not None:
            engine.tag(str(reference), newest.name, newest.tag)
            _push_once(engine, newest, log)
