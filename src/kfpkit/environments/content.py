"""The parts that an environment's image is built from.

The content hash shows that images differ. The parts, stored in a label of each image, show how.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kfpkit.environments.description import Description
from kfpkit.environments.files import Distribution, LockFile, read_pin
from kfpkit.environments.recipe import BUILD_SCRIPTS, RUNTIME_FILE, comments
from kfpkit.environments.text_digests import LENGTH, compute_short_digest, unify_line_endings
from kfpkit.errors import InvalidEnvironmentError

_INSTALLED = ("lock", "runtime", "python")
_SPELLED_OUT = frozenset({"base image", "Python", "kfp"})


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part that an image is built from.

    Args:
        name: Its name for people.
        key: Its name in the hashed content.
        content: A string, or a parsed document.
    """

    name: str
    key: str
    content: str | Mapping[str, Any]

    @property
    def told(self) -> str:
        """The content if it is short, or the digest of a file's content."""
        if isinstance(self.content, Mapping):
            return compute_short_digest(json.dumps(self.content, sort_keys=True, default=str))
        return self.content if self.name in _SPELLED_OUT else compute_short_digest(self.content)


@dataclass(frozen=True, kw_only=True)
class Content:
    """Everything that the image of an environment is built from.

    Files are read when they are first needed.

    Args:
        description: The description in `pyproject.toml`.
        lock: The `poetry.lock`.
        dockerfile: The Dockerfile that all images share.
        runtime_requirements: The file that pins kfp's runtime.
    """

    description: Description
    lock: LockFile
    dockerfile: Path
    runtime_requirements: Path

    @functools.cached_property
    def recipe(self) -> str:
        """The Dockerfile, including kfpkit's scripts that it runs, without comments."""
        text = comments.strip_dockerfile_comments(self.dockerfile.read_text(encoding="utf-8"))
        scripts = sorted(BUILD_SCRIPTS.glob("*.py")) if BUILD_SCRIPTS.name in text else []
        texts = (script.read_text(encoding="utf-8") for script in scripts)
        return "".join([text, *map(comments.strip_script_comments, texts)])

    @functools.cached_property
    def runtime(self) -> Distribution:
        """The pinned kfp. Every environment has its runtime in addition to its lock."""
        name, file = self.description.name, self.runtime_requirements
        try:
            return read_pin(file)
        except ValueError as error:
            remedy = f"Delete the file, then run `kfpkit env lock {name}` to write it again."
            raise InvalidEnvironmentError(
                name=name, file=file, problem=f"has no kfp runtime: {error}", remedy=remedy
            ) from None

    @property
    def parts(self) -> dict[str, str]:
        """The parts by name: short strings unchanged, files as digests."""
        return {"kfp": self.runtime.version} | {part.name: part.told for part in self._parts}

    @functools.cached_property
    def hash(self) -> str:
        """16 hexadecimal digits that change with everything that changes the image."""
        return _hash_parts(self._parts)

    @functools.cached_property
    def packages_hash(self) -> str:
        """16 hexadecimal digits that change with the packages of the virtual environment."""
        return _hash_parts(part for part in self._parts if part.key in _INSTALLED)

    @functools.cached_property
    def _parts(self) -> tuple[Part, ...]:
        lock = self.lock.text  # a missing lock is told before what else is wrong
        said = self.description
        runtime = comments.strip_requirements_comments(
            self.runtime_requirements.read_text(encoding="utf-8")
        )
        return (
            Part(name="base image", key="base_image", content=said.base_image),
            Part(name="Python", key="python", content=said.python),
            Part(name="lock", key="lock", content=comments.strip_lock_header(lock)),
            Part(name="pyproject.toml", key="pyproject", content=said.document),
            Part(name="Dockerfile", key="dockerfile", content=self.recipe),
            Part(name=RUNTIME_FILE, key="runtime", content=runtime),
        )


def describe_changes(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Return the parts that differ: `lock`, `base image (python:3.11 → python:3.12)`.

    Ignores a part that an older kfpkit didn't record.
    """
    return tuple(
        f"{name} ({before[name]} → {value})" if name in _SPELLED_OUT else name
        for name, value in now.items()
        if before.get(name, value) != value
    )


def _hash_parts(parts: Iterable[Part]) -> str:
    """Hash parts, independent of the folder, the line endings and the order of keys."""
    hashed = {part.key: _canonical(part.content) for part in parts}
    text = json.dumps(hashed, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def _canonical(content: str | Mapping[str, Any]) -> str | Mapping[str, Any]:
    return unify_line_endings(content) if isinstance(content, str) else content
