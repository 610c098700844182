"""Resolves the parts of a container's command that depend on a task's inputs."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kfp.local.placeholder_utils import flatten_list, resolve_struct_placeholders


def resolve_parts(parts: Iterable[str], given: Collection[str]) -> list[str]:
    """Return a command with its `concat` and `ifPresent` placeholders resolved.

    Args:
        parts: The parts of the command as compiled.
        given: The names of the inputs with a value.
    """
    names = list(given)
    return list(flatten_list([resolve_struct_placeholders(part, names) for part in parts]))
