"""A configuration file, read with the place of each value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from kfpkit.configuration.documents.nodes import Keys, NodeReader, TooLargeError
from kfpkit.errors import ConfigurationFault
from kfpkit.place import Place


@dataclass(frozen=True, kw_only=True)
class Document:
    """The content of a configuration file.

    Args:
        file: The file.
        text: Its text. Empty if it can't be read.
        values: Its values, without those that have faults.
        lines: The line of each value, by its keys from the top.
        faults: What is wrong with the file, as YAML.
    """

    file: Path
    text: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[Keys, int] = field(default_factory=dict)
    faults: tuple[ConfigurationFault, ...] = ()

    def find_place(self, keys: Sequence[str]) -> Place:
        """Return the place of a value, or of the nearest one above it.

        Args:
            keys: Its keys from the top.
        """
        path = tuple(keys)
        while path and path not in self.lines:
            path = path[:-1]
        return Place(self.file, self.lines.get(path) if path else None)

    def list_faulty(self, key: str) -> frozenset[str]:
        """Return the names under a key whose values have faults.

        Args:
            key: A key at the top of the file.
        """
        return frozenset(
            fault.key[1] for fault in self.faults if fault.key[:1] == (key,) and len(fault.key) > 1
        )


def read_document(file: Path) -> Document:
    """Read a configuration file. What is wrong with it becomes faults of the document.

    Args:
        file: A YAML file.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        return _refuse(file, None, error.strerror or str(error))
    except UnicodeDecodeError as error:
        return _refuse(file, None, f"it isn't UTF-8: {error.reason} at byte {error.start}")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        return _refuse(file, _find_line(error), _describe(error), text)
    except yaml.YAMLError as error:
        return _refuse(file, None, " ".join(str(error).split()), text)
    except RecursionError:
        return _refuse(file, None, "its lists and mappings are nested too deeply", text)
    return Document(file=file, text=text) if root is None else _read_root(file, text, root)


def _read_root(file: Path, text: str, root: yaml.Node) -> Document:
    reader = NodeReader(file=file)
    try:
        values = reader.read(root)
    except TooLargeError:
        return _refuse(file, None, "it has more than 100,000 values; check its aliases", text)
    if values is None:
        return Document(file=file, text=text)
    if not isinstance(values, dict):
        line = root.start_mark.line + 1
        return _refuse(file, line, "it does not contain keys with values", text)
    return Document(
        file=file, text=text, values=values, lines=reader.lines, faults=tuple(reader.faults)
    )


def _refuse(file: Path, line: int | None, problem: str, text: str = "") -> Document:
    fault = ConfigurationFault(where=Place(file, line), problem=problem)
    return Document(file=file, text=text, faults=(fault,))


def _find_line(error: yaml.MarkedYAMLError) -> int | None:
    mark = error.problem_mark or error.context_mark
    return None if mark is None else mark.line + 1


def _describe(error: yaml.MarkedYAMLError) -> str:
    if error.context == "expected a single document in the stream":
        return "a configuration file has one document; remove `---` and what follows"
    parts = (error.context, error.problem)
    return f"it isn't YAML: {', '.join(part for part in parts if part)}"
