"""This machine's records of images that it built: one small file for each, written last."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kfpkit import files
from kfpkit.environments import Environment
from kfpkit.project import Project


@dataclass(frozen=True, kw_only=True)
class Record:
    """An image that was built, checked, and possibly pushed, on this machine.

    Args:
        image: Its reference.
        size: Its uncompressed size in bytes. None if the engine didn't report it.
        compressed: The bytes that a pull of it transfers. None if it wasn't pushed.
        digest: Its digest in the registry. None if it wasn't pushed.
        parts: The parts that it was built from.
    """

    image: str
    size: int | None
    compressed: int | None = None
    digest: str | None = None
    parts: Mapping[str, str] = field(default_factory=dict)


def folder(project: Project) -> Path:
    """Return the folder of records and logs."""
    return project.state / "images"


def log_file(project: Project, environment: Environment) -> Path:
    """Return the file with the output of an image's last build."""
    return folder(project) / f"{environment.name}-{environment.content.hash}.log"


def write(project: Project, environment: Environment, record: Record) -> None:
    """Write a record atomically."""
    text = json.dumps(dataclasses.asdict(record), indent=1) + "\n"
    files.replace(_file(project, environment), text.encode())


def read(project: Project, environment: Environment) -> Record | None:
    """Read the record of an environment in its current state."""
    return _read(_file(project, environment))


def read_newest(project: Project, environment: Environment) -> Record | None:
    """Read the newest record of an environment, whatever its content hash."""
    digits = "[0-9a-f]" * 16
    found = folder(project).glob(f"{environment.name}-{digits}.json")
    dated = sorted(found, key=lambda file: file.stat().st_mtime_ns)
    return _read(dated[-1]) if dated else None


def _file(project: Project, environment: Environment) -> Path:
    return folder(project) / f"{environment.name}-{environment.content.hash}.json"


def _read(file: Path) -> Record | None:
    try:
        return Record(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
