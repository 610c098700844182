"""The inputs of earlier successes, for tasks whose own inputs aren't all known yet.

The cache answers whether it has a key, which is a digest of all inputs. Before a run, an input may
hang on what another task will produce. So each success adds a line with the digests of its inputs
to the file of its base, the key without inputs.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Success:
    """The inputs of a task that succeeded.

    Args:
        key: Its key.
        inputs: The digests of its inputs, by name.
        places: Where its run has the artifacts of inputs, relative to the run's own artifacts.
            Empty for an artifact that is elsewhere.
    """

    key: str
    inputs: Mapping[str, str]
    places: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Successes:
    """The inputs of earlier successes, in a file of lines for each base.

    Args:
        cache: The folder of the cache.
    """

    cache: Path

    def add(self, base: str, success: Success) -> None:
        """Add a success. Without space for it, forecasts are less certain.

        Args:
            base: The key without inputs.
            success: What succeeded.
        """
        line = json.dumps(
            {"key": success.key, "inputs": dict(success.inputs), "places": dict(success.places)}
        )
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            # Written at once, so that the lines of parallel runs don't mix.
            file = os.open(self._file(base), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
            try:
                os.write(file, f"{line}\n".encode())
            finally:
                os.close(file)

    def list(self, base: str) -> list[Success]:
        """Return the successes that the cache still has, with a base.

        Args:
            base: The key without inputs.
        """
        found = {each.key: each for each in _read(self._file(base))}
        return [each for key, each in found.items() if key in self.keys]

    @cached_property
    def keys(self) -> frozenset[str]:
        """All keys that the cache has."""
        try:
            with os.scandir(self.cache) as entries:
                names = [entry.name for entry in entries]
        except OSError:
            return frozenset()
        return frozenset(name[: -len(".json")] for name in names if name.endswith(".json"))

    @cached_property
    def is_complete(self) -> bool:
        """Whether the inputs of all entries of the cache are known."""
        try:
            files = list(self._folder.iterdir())
        except OSError:
            files = []
        return self.keys <= {each.key for file in files for each in _read(file)}

    @property
    def _folder(self) -> Path:
        return self.cache / "inputs"

    def _file(self, base: str) -> Path:
        return self._folder / f"{base}.jsonl"


def _read(file: Path) -> list[Success]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []
    successes = []
    for line in lines:
        with contextlib.suppress(ValueError, TypeError):  # a line that broke off
            successes.append(Success(**json.loads(line)))
    return successes
