"""Which components name which environment, read from the project's source without importing it."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

from kfpkit.config import Project

_LEFT_OUT = {"build", "dist", "node_modules", "site", "tests"}


def components_by_environment(project: Project) -> dict[str, tuple[str, ...]]:
    """Find the components of a project by the environment that their decorator names.

    Args:
        project: The project.

    Returns:
        Environment names, each with its components as `path/to/file.py:name`, sorted.
    """
    found: dict[str, set[str]] = {}
    files = {file for root in project.source_roots for file in _python_files(root)}
    for file in files:
        for name, environment in _components(file):
            shown = file.relative_to(project.root) if project.root in file.parents else file
            found.setdefault(environment, set()).add(f"{shown.as_posix()}:{name}")
    return {environment: tuple(sorted(names)) for environment, names in sorted(found.items())}


def _python_files(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        if "pyvenv.cfg" in files:
            folders.clear()
            continue
        folders[:] = [one for one in folders if not one.startswith(".") and one not in _LEFT_OUT]
        yield from (Path(folder, name) for name in files if name.endswith(".py"))


def _components(file: Path) -> Iterator[tuple[str, str]]:
    try:
        text = file.read_bytes()
        tree = ast.parse(text) if b"environment=" in text else ast.Module([], [])
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for decorator in node.decorator_list:
                environment = _named_environment(decorator)
                if environment:
                    yield node.name, environment


def _named_environment(decorator: ast.expr) -> str:
    if not isinstance(decorator, ast.Call):
        return ""
    called = decorator.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    for keyword in decorator.keywords:
        if name == "component" and keyword.arg == "environment":
            value = getattr(keyword.value, "value", None)
            return value if isinstance(value, str) else ""
    return ""
