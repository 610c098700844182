"""Reads and parses source files, once for each state of the file."""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import os
import re
import sys
import tokenize
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kfpkit.bundle.reading.compile_time import Use, find_compile_time_uses, read_kfp_aliases
from kfpkit.bundle.reading.dynamic import DynamicImports, find_dynamic_imports, may_import_by_name
from kfpkit.bundle.reading.imports import ImportStatement, read_imports
from kfpkit.bundle.reading.other_python import parse_with
from kfpkit.bundle.reading.paths import (
    FilePath,
    FileReference,
    may_name_files,
    read_file_references,
    read_path_constants,
)
from kfpkit.errors import UnparsableSourceError, UnreadableSourceError
from kfpkit.place import Place

_Read = TypeVar("_Read")
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"

_environment: ContextVar[str] = ContextVar("environment", default=PYTHON)


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """A file that ships whole.

    Args:
        content: Its bytes.
        imports: The imports of its import statements.
        dynamic: Its imports by name.
        uses: Its uses of parts of kfp that exist only where pipelines are compiled.
        paths: Its top-level names that are paths beside a module.
        names: The names that its top level visibly binds.
        later: The names that its functions may bind.
        open: Whether it may have other names too (`__getattr__`, star imports, `globals()`).
        grows: Whether running code adds names that no statement shows.
    """

    content: bytes
    imports: tuple[ImportStatement, ...]
    dynamic: DynamicImports
    uses: tuple[Use, ...]
    paths: Mapping[str, tuple[FilePath, ...]]
    names: frozenset[str]
    later: frozenset[str]
    open: bool
    grows: bool


def read_state(file: str) -> tuple[int, int]:
    """Return a value that changes when a file changes."""
    status = os.stat(file)  # noqa: PTH116 - a hot path; Path costs ten times more
    return status.st_mtime_ns, status.st_size


def read_source(file: str) -> SourceFile:
    """Read a file and its imports.

    Raises:
        UnparsableSourceError: The file doesn't parse.
    """
    state = read_state(file)
    return _read_with_fallback(lambda python: _read_source(file, state, python))


@functools.cache
def _read_source(file: str, _state: tuple[int, int], python: str) -> SourceFile:
    content = Path(file).read_bytes()
    tree = parse(content, Path(file), python)
    names = frozenset(_list_bound_names(tree.body))
    grows = "__getattr__" in names or b"globals()" in content
    return SourceFile(
        content=content,
        imports=read_imports(tree.body),
        dynamic=find_dynamic_imports(tree.body, content),
        uses=find_compile_time_uses(tree.body, read_kfp_aliases(tree.body))
        if b"kfp" in content
        else (),
        paths=read_path_constants(tree.body) if may_name_files(content) else {},
        names=names,
        later=frozenset(_declared_global(tree)),
        open=grows or "*" in names,
        grows=grows,
    )


def read_tree(file: str) -> ast.Module:
    """Return the syntax tree of a file. Parsed once for each state of the file."""
    state = read_state(file)
    return _read_with_fallback(lambda python: _read_tree(file, state, python))


@functools.lru_cache(maxsize=256)
def _read_tree(file: str, _state: tuple[int, int], python: str) -> ast.Module:
    return parse(Path(file).read_bytes(), Path(file), python)


@functools.lru_cache(maxsize=1024)
def read_dynamic_imports(content: bytes) -> DynamicImports:
    """Read the imports by name in source, for the part of a module that ships."""
    tree = ast.parse(content) if may_import_by_name(content) else ast.Module([], [])
    return find_dynamic_imports(tree.body, content)


def read_references(
    content: bytes, known: tuple[tuple[str, tuple[FilePath, ...]], ...]
) -> tuple[FileReference, ...]:
    """Read the files that source names.

    Args:
        content: The source.
        known: The paths that it imports, by name.
    """
    if not known and not may_name_files(content):
        return ()
    return _read_with_fallback(lambda python: _read_references(content, known, python))


@functools.lru_cache(maxsize=2048)
def _read_references(
    content: bytes, known: tuple[tuple[str, tuple[FilePath, ...]], ...], python: str
) -> tuple[FileReference, ...]:
    return read_file_references(parse(content, Path("<source>"), python).body, dict(known))


@contextlib.contextmanager
def reading_for(python: str | None) -> Iterator[None]:
    """Read source for a Python version that may be newer than the running one.

    Args:
        python: The version, such as `3.12`. None if unknown.
    """
    token = _environment.set(python or PYTHON)
    try:
        yield
    finally:
        _environment.reset(token)


def _read_with_fallback(read: Callable[[str], _Read]) -> _Read:
    """Read with the running Python or, if it can't, with the environment's."""
    try:
        return read(PYTHON)
    except UnparsableSourceError:
        python = _environment.get()
        if minor_of(python) <= minor_of(PYTHON):
            raise
        return read(python)


def minor_of(python: str) -> int:
    """Return the minor version of a Python version."""
    return int(python.split(".")[1])


def parse(content: bytes | str, file: Path, python: str = PYTHON) -> ast.Module:
    """Parse source for a Python version.

    No version so far has dropped syntax that an older supported one has. If the running Python
    parses the source, a newer one parses it too.

    Raises:
        UnparsableSourceError: The source doesn't parse. The error names the file and line.
        UnreadableSourceError: The version is newer, and this machine doesn't have it.
    """
    minor = min(minor_of(python), minor_of(PYTHON))
    try:
        return ast.parse(content, filename=str(file), feature_version=(3, minor))
    except SyntaxError as error:
        place = Place(file, error.lineno)
        problem = error.msg
    except ValueError as error:  # a zero byte in the source
        place = Place(file)
        problem = str(error)
    if minor_of(python) <= minor_of(PYTHON):
        raise UnparsableSourceError(place=place, problem=problem, python=python)
    found = parse_with(python, content.encode() if isinstance(content, str) else content)
    if isinstance(found, ast.Module):
        return found
    if found is None:
        raise UnreadableSourceError(place=place, problem=problem, python=python, running=PYTHON)
    raise UnparsableSourceError(place=Place(file, found.line), problem=found.problem, python=python)


@dataclass(frozen=True, kw_only=True)
class Text:
    """Decoded source.

    Args:
        lines: Its lines without line endings.
        newline: The line ending of the file.
        encoding: The file's encoding.
    """

    lines: tuple[str, ...]
    newline: str
    encoding: str


def decode(content: bytes) -> Text:
    """Decode source as Python does: by its byte order mark or its cookie."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    text = content.decode(encoding)
    end = re.search(r"\r\n|\r|\n", text)
    return Text(
        lines=tuple(re.split(r"\r\n|\r|\n", text)),
        newline=end.group() if end else "\n",
        encoding=encoding,
    )


def _declared_global(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield from node.names


def _list_bound_names(nodes: list[ast.stmt]) -> Iterator[str]:
    """Yield the names that statements bind, without entering functions and classes."""
    stack: list[ast.AST] = list(nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
            continue
        if isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name
        stack += ast.iter_child_nodes(node)
