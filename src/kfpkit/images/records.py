"""What this machine knows of images that it built: one small file for each, written last."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kfpkit import files
from kfpkit.config import Project
from kfpkit.environments import Environment


@dataclass(frozen=True, kw_only=True)
class Record:
    """An image that was built, checked, and perhaps pushed, on this machine.

    Args:
        image: Its reference.
        size: Its bytes, unpacked; None when the engine did not tell.
        compressed: The bytes that a pull of it transfers; None when it was not pushed.
        digest: Its digest in the registry; None when it was not pushed.
        parts: What it is made from.
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
    """Return the file that keeps what the last build of an image said."""
    return folder(project) / f"{environment.name}-{environment.content.hash}.log"


def write(project: Project, environment: Environment, record: Record) -> None:
    """Keep a record; it is there as a whole or not at all."""
    text = json.dumps(dataclasses.asdict(record), indent=1) + "\n"
    files.replace(_file(project, environment), text.encode())


def read(project: Project, environment: Environment) -> Record | None:
    """Read the record of an environment as it is now."""
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
