"""Strips kfp's runtime to what a task needs.

It leaves out comments and docstrings, code that only compiling uses, and the functions, classes and
constants of a module that nothing reaches. The rest is kfp's own source, line by line. Lines are
cut at positions that every Python version reports alike, and no line is rewritten.

This module uses only the standard library, so that tests can run it with other Pythons.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

FILES = (
    "__init__.py",
    "dsl/__init__.py",
    "dsl/constants.py",
    "dsl/executor.py",
    "dsl/notebook_helpers.py",
    "dsl/task_config.py",
    "dsl/task_final_status.py",
    "dsl/types/__init__.py",
    "dsl/types/artifact_types.py",
    "dsl/types/type_annotations.py",
    "dsl/types/type_utils.py",
    "version.py",
)
"""What `import kfp.dsl.executor` loads where `_KFP_RUNTIME` is `true`."""

_ENTRY = "Executor"  # what the bootstrap calls
_FACE = "dsl/__init__.py"  # what tasks import
_SWITCH = "_KFP_RUNTIME"
_NOTICE = """\
# Licensed under the Apache License, Version 2.0: http://www.apache.org/licenses/LICENSE-2.0
# Changed by kfpkit: comments, docstrings and what a task does not need are left out.
"""


def strip_kfp(folder: Path) -> dict[str, str]:
    """Return kfp's runtime, stripped.

    Args:
        folder: The folder of the package `kfp`.

    Returns:
        The text of each of `FILES`.
    """
    sources = {name: (folder / name).read_text(encoding="utf-8") for name in FILES}
    trees = {name: ast.parse(source) for name, source in sources.items()}
    reached = _reached(trees.values(), trees[_FACE])
    return {name: _strip(sources[name], trees[name], reached) for name in FILES}


def _strip(source: str, tree: ast.Module, reached: frozenset[str]) -> str:
    lines = [line.rstrip() for line in _without_comments(source)]
    for node in tree.body:
        if _is_for_compiling(node) or (_defined(node) and not _defined(node) & reached):
            _blank(lines, node)
    for text, is_alone in _bare_strings(tree):
        _blank(lines, text)
        if is_alone:
            lines[text.lineno - 1] = " " * text.col_offset + "pass"
    code = "".join(f"{line}\n" for line in lines if line)
    if not code:
        return ""
    owner = [line for line in source.splitlines(keepends=True) if line.startswith("# Copyright")]
    return "".join([*owner, _NOTICE, code])


def _without_comments(source: str) -> list[str]:
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            line, column = token.start
            lines[line - 1] = lines[line - 1][:column]
    return lines


def _blank(lines: list[str], node: ast.stmt) -> None:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(each.lineno for each in decorators)])
    for number in range(first, (node.end_lineno or first) + 1):
        lines[number - 1] = ""


def _bare_strings(tree: ast.Module) -> Iterator[tuple[ast.Expr, bool]]:
    """Yield statements that are strings, such as docstrings, and whether a body has no others."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            for each in node.body:
                if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant):
                    yield each, len(node.body) == 1


def _is_for_compiling(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and _SWITCH in ast.dump(node.test)


def _defined(node: ast.stmt) -> set[str]:
    """Return the names that a statement only defines. Empty for all other statements."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return {node.name}
    if isinstance(node, ast.Assign):
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        is_plain = len(names) == len(node.targets)
        # Python itself reads names such as `__path__`.
        return names if is_plain and not any(name.startswith("__") for name in names) else set()
    return set()


def _reached(trees: Iterable[ast.Module], face: ast.Module) -> frozenset[str]:
    """Return every name that running code may use, in any module.

    Each occurrence of a name counts, also as an attribute or in a string.
    """
    statements = [node for tree in trees for node in tree.body if not _is_for_compiling(node)]
    uses = {node: frozenset(_names(node)) for node in statements}
    reached = {_ENTRY}.union(*map(_defined, face.body))
    while True:
        waiting = [node for node in uses if not _defined(node) or _defined(node) & reached]
        if not waiting:
            return frozenset(reached)
        for node in waiting:
            reached |= uses.pop(node)


def _names(node: ast.stmt) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr
        elif isinstance(each, ast.alias):
            yield from each.name.split(".")
        elif isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
