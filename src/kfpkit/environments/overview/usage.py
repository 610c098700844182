"""Reads from the project's source, without importing it, which components use which environment.

It finds the `environment=` of a decorator that is called `component`, calls of `in_environment`,
and the catalogue's components, if a file imports one by name and uses it. An environment is a
string, or a top-level constant of the same file with a string. It doesn't find values that are
known only at run time: names from other files, in loops, from configuration files, and anything in
notebooks.
"""

from __future__ import annotations

import ast
import functools
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from kfpkit.errors import ConfigError
from kfpkit.project import Project, find_project

_LEFT_OUT = {"build", "dist", "node_modules", "site", "tests"}
_CATALOGUE = Path(__file__).parents[2] / "components"
_BINDING = "in_environment"


def find_components(project: Project) -> dict[str, tuple[str, ...]]:
    """Find the components that a project defines, binds or uses from the catalogue.

    Args:
        project: The project.

    Returns:
        Environment names, with their components as `path/to/file.py:name`, sorted.
    """
    found: dict[str, set[str]] = {}
    files = {file for root in project.source_roots for file in _list_python_files(root)}
    has_catalogue = any(_CATALOGUE in file.parents for file in files)
    catalogue = {} if has_catalogue else _read_catalogue()
    for file in files:
        shown = file.relative_to(project.root) if project.root in file.parents else file
        for name, environment in _find_uses(file, catalogue):
            found.setdefault(environment, set()).add(f"{shown.as_posix()}:{name}")
    return {environment: tuple(sorted(names)) for environment, names in sorted(found.items())}


def _list_python_files(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        if "pyvenv.cfg" in files or (folder != str(root) and _is_project(Path(folder), files)):
            folders.clear()
            continue
        folders[:] = [one for one in folders if not one.startswith(".") and one not in _LEFT_OUT]
        yield from (Path(folder, name) for name in files if name.endswith(".py"))


def _is_project(folder: Path, files: list[str]) -> bool:
    """Return whether a folder below a project is another project, or can't be read as one."""
    if "pyproject.toml" not in files:
        return False
    try:
        return find_project(folder).root == folder
    except ConfigError:
        return True


@functools.cache
def _read_catalogue() -> Mapping[str, str]:
    """Find the environments of the catalogue's components, by both names of each."""
    return {
        dotted: environment
        for file in _CATALOGUE.glob("*.py")
        for name, environment in _find_uses(file, {})
        for dotted in (f"kfpkit.components.{file.stem}.{name}", f"kfpkit.components.{name}")
    }


def _find_uses(file: Path, catalogue: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the names of components, with the environments that the file binds them to."""
    try:
        text = file.read_bytes()
        tree = ast.parse(text if b"environment" in text or b"kfpkit" in text else b"")
    except (OSError, SyntaxError, ValueError):
        return
    constants = _read_constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            named = [_find_argument(one, "component", "environment") for one in node.decorator_list]
            uses = [(node.name, value) for value in named]
        else:
            uses = [(_name_component(node), _find_argument(node, _BINDING, "name"))]
        for name, value in uses:
            environment = _read_text(value, constants)
            if environment:
                yield name, environment
    yield from _find_taken(tree, catalogue)


def _read_constants(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Constant)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def _find_argument(node: ast.AST, called: str, keyword: str) -> ast.expr | None:
    """Return the argument of a call of `called`: the keyword, or the first of `in_environment`."""
    if not isinstance(node, ast.Call) or _last_name(node.func) != called:
        return None
    given = [one.value for one in node.keywords if one.arg == keyword]
    first = node.args[:1] if called == _BINDING else []
    return next(iter([*given, *first]), None)


def _name_component(node: ast.AST) -> str:
    """Return the name of the component in a call of `in_environment`."""
    function = node.func if isinstance(node, ast.Call) else None
    if not isinstance(function, ast.Attribute):
        return ""
    return _last_name(function.value) or ast.unparse(function.value)


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _read_text(value: ast.expr | None, constants: Mapping[str, str]) -> str:
    if isinstance(value, ast.Name):
        return constants.get(value.id, "")
    found = value.value if isinstance(value, ast.Constant) else ""
    return found if isinstance(found, str) else ""


def _find_taken(tree: ast.Module, catalogue: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what a file uses of the catalogue other than to bind it to an environment."""
    rebound = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == _BINDING
    }
    used = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in rebound
    }
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    for node in imports if catalogue else ():
        for alias in node.names:
            environment = catalogue.get(f"{node.module}.{alias.name}")
            if environment and (alias.asname or alias.name) in used:
                yield alias.name, environment
