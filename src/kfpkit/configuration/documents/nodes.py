"""Turns the nodes of a YAML file into values, and notes the line of each value and each fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from kfpkit.configuration.documents.scalars import ScalarError, read_scalar
from kfpkit.errors import ConfigurationFault
from kfpkit.place import Place

Keys = tuple[str, ...]

_PREFIX = "tag:yaml.org,2002:"
_MERGE = f"{_PREFIX}merge"
_LARGEST = 100_000
_FAULTY = object()


class TooLargeError(Exception):
    """A file has more values than any configuration needs."""


@dataclass(kw_only=True)
class NodeReader:
    """Reads the nodes of one file.

    Args:
        file: The file.
        lines: The line of each value, by its keys from the top. Filled while reading.
        faults: The faults. Filled while reading.
    """

    file: Path
    lines: dict[Keys, int] = field(default_factory=dict)
    faults: list[ConfigurationFault] = field(default_factory=list)
    _count: int = 0
    _open: list[yaml.Node] = field(default_factory=list)

    def read(self, node: yaml.Node, keys: Keys = ()) -> Any:
        """Return a node's value, without the parts that have faults.

        Args:
            node: The node.
            keys: Its keys from the top.

        Raises:
            TooLargeError: The file has too many values, usually because of its aliases.
        """
        value = self._read(node, keys)
        return {} if value is _FAULTY else value

    def _read(self, node: yaml.Node, keys: Keys) -> Any:
        self._count += 1
        if self._count > _LARGEST:
            raise TooLargeError
        self.lines.setdefault(keys, node.start_mark.line + 1)
        if any(node is each for each in self._open):
            return self._refuse(node, keys, "the alias contains itself; remove it")
        self._open.append(node)
        try:
            return self._read_open(node, keys)
        finally:
            self._open.pop()

    def _read_open(self, node: yaml.Node, keys: Keys) -> Any:
        if isinstance(node, yaml.ScalarNode):
            try:
                return read_scalar(node)
            except ScalarError as error:
                return self._refuse(node, keys, _name(keys, str(error)))
        wanted = "map" if isinstance(node, yaml.MappingNode) else "seq"
        if node.tag != f"{_PREFIX}{wanted}":
            return self._refuse(
                node, keys, _name(keys, f"the tag `{node.tag}` isn't supported; remove the tag")
            )
        if isinstance(node, yaml.MappingNode):
            return self._read_mapping(node, keys)
        items = [self._read(item, (*keys, str(index))) for index, item in enumerate(node.value)]
        return [item for item in items if item is not _FAULTY]

    def _read_mapping(self, node: yaml.MappingNode, keys: Keys) -> dict[str, Any]:
        found: dict[str, Any] = {}
        first: dict[str, int] = {}
        for key, value in node.value:
            if key.tag == _MERGE:
                continue
            line = key.start_mark.line + 1
            name = self._read_key(key, keys)
            if name is None:
                continue
            if name in first:
                problem = f"`{'.'.join((*keys, name))}` is set twice, first in line {first[name]}"
                self._refuse(key, (*keys, name), f"{problem}; remove one of the two")
                continue
            first[name] = line
            path = (*keys, name)
            self.lines[path] = line
            read = self._read(value, path)
            if read is not _FAULTY:
                found[name] = read
        return {**self._read_merged(node, keys, first), **found}

    def _read_key(self, key: yaml.Node, keys: Keys) -> str | None:
        try:
            read = read_scalar(key) if isinstance(key, yaml.ScalarNode) else None
        except ScalarError as error:
            self._refuse(key, keys, _name(keys, f"the key {error}"))
            return None
        if isinstance(read, str):
            return read
        text = f"`{key.value}`" if isinstance(key, yaml.ScalarNode) else "a list or a mapping"
        problem = f"the key {text} isn't a string; write it in quotes"
        self._refuse(key, keys, _name(keys, problem))
        return None

    def _read_merged(
        self, node: yaml.MappingNode, keys: Keys, own: dict[str, int]
    ) -> dict[str, Any]:
        """Return what the mapping takes from others by `<<`, except for its own keys."""
        merged: dict[str, Any] = {}
        for key, value in node.value:
            if key.tag != _MERGE:
                continue
            for other in _list_merged(value):
                if not isinstance(other, yaml.MappingNode):
                    self._refuse(other, keys, _name(keys, "`<<` takes only mappings"))
                    continue
                # The first of several mappings wins.
                merged = {**self._read_foreign(other, keys, own), **merged}
        return merged

    def _read_foreign(
        self, other: yaml.MappingNode, keys: Keys, own: dict[str, int]
    ) -> dict[str, Any]:
        before = dict(self.lines)
        read = self._read(other, keys)
        self.lines.update(before)
        return (
            {}
            if read is _FAULTY
            else {name: value for name, value in read.items() if name not in own}
        )

    def _refuse(self, node: yaml.Node, keys: Keys, problem: str) -> Any:
        place = Place(self.file, node.start_mark.line + 1)
        self.faults.append(ConfigurationFault(where=place, problem=problem, key=keys))
        return _FAULTY


def _list_merged(value: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(value, yaml.SequenceNode):
        yield from value.value
    else:
        yield value


def _name(keys: Keys, problem: str) -> str:
    return f"`{'.'.join(keys)}`: {problem}" if keys else problem
