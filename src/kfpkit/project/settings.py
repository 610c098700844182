"""Reads the `[tool.kfpkit]` table without a library, because every command reads it.

A library that validates tables would take longer to load than a small pipeline takes to compile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kfpkit.wording import find_nearest


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The `[tool.kfpkit]` table.

    Args:
        source_roots: Folders with first-party modules, relative to the project, in order of
            precedence. Folders that don't exist are ignored.
        environments: The folder that contains one folder for each environment.
        registry: The part of an image reference before the environment's name. The environment
            variable `KFPKIT_REGISTRY` overrides it, for stages with separate registries.
        allow_secrets: Patterns of `PATH:KIND` for possible secrets that may ship.
    """

    source_roots: tuple[str, ...] = ("src", ".")
    environments: str = "environments"
    registry: str = "kfpkit"
    allow_secrets: tuple[str, ...] = ()


READ_ELSEWHERE = frozenset({"targets"})
"""Keys of tables that only some commands read: `kfpkit.targets` reads these."""


def read_settings(table: Mapping[str, Any]) -> Settings:
    """Read the table, without the keys in `READ_ELSEWHERE`.

    Args:
        table: The parsed table.

    Returns:
        The settings, with defaults for missing keys.

    Raises:
        SettingsProblems: A key is unknown or has an invalid value.
    """
    read = {key: _read(key, value) for key, value in table.items() if key not in READ_ELSEWHERE}
    problems = [
        f"[tool.kfpkit] {key}: {value}"
        for key, value in read.items()
        if isinstance(value, ValueError)
    ]
    if problems:
        raise SettingsProblems(problems)
    return Settings(**{key.replace("-", "_"): value for key, value in read.items()})


class SettingsProblems(ValueError):  # noqa: N818 - it is one for several errors
    """The problems with a table.

    Args:
        problems: A sentence for each invalid key.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _read(key: str, value: object) -> Any:
    """Return a key's value, or its error."""
    try:
        return _find_reader(key)(value)
    except ValueError as error:
        return error


def _find_reader(key: str) -> Callable[[object], object]:
    if key in READERS:
        return READERS[key]
    near = find_nearest(key, (*READERS, *READ_ELSEWHERE))
    known = f"did you mean `{near}`?" if near else f"known keys: {', '.join(READERS)}"
    raise ValueError(f"unknown key; {known}")


def _read_text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"must be a string, not `{value}`")


def _read_texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return tuple(value)
    raise ValueError(f"must be a list of strings, not `{value}`")


def _read_patterns(value: object) -> tuple[str, ...]:
    for entry in _read_texts(value):
        path, _, kind = entry.rpartition(":")
        if not path or not kind:
            example = "such as `src/maps.py:google-api-key`"
            raise ValueError(f"`{entry}` is not `PATH:KIND`, {example}")
    return _read_texts(value)


READERS: Mapping[str, Callable[[object], object]] = {
    "source-roots": _read_texts,
    "environments": _read_text,
    "registry": _read_text,
    "allow-secrets": _read_patterns,
}
"""What reads each key's value."""
