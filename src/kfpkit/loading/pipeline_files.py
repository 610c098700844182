"""Finds the files below a folder that define pipelines."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from kfpkit.errors import NoPipelinesError

FILE = "pipeline.py"
"""The file that makes its folder a pipeline."""

_PASSED_OVER = frozenset({"node_modules"})


def find_pipelines(path: Path) -> list[Path]:
    """Find the pipelines that a path refers to, without running any file.

    A file is a pipeline. A folder with a `pipeline.py` is a pipeline too, including everything
    below it. Any other folder refers to the pipelines below it: folders with a `pipeline.py`, and
    Python files that decorate a function with `pipeline`. Hidden folders and links to folders are
    ignored.

    Args:
        path: A file or a folder.

    Returns:
        The pipelines' folders and files, sorted. The path itself if it is a pipeline or doesn't
        exist.

    Raises:
        NoPipelinesError: The path is a folder without a pipeline, or a folder that can't be read.
    """
    if not path.is_dir():
        return [path]
    try:
        found = list(_find_pipelines_in(path))
    except OSError as error:
        raise NoPipelinesError(folder=path, cause=str(error)) from None
    if not found:
        raise NoPipelinesError(folder=path)
    return found


def _find_pipelines_in(folder: Path) -> Iterator[Path]:
    if (folder / FILE).is_file():
        yield folder
        return
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            if not _is_passed_over(entry):
                yield from _find_pipelines_in(entry)
        elif entry.suffix == ".py" and _defines_pipeline(entry):
            yield entry


def _is_passed_over(folder: Path) -> bool:
    is_hidden = folder.name.startswith((".", "__"))
    return is_hidden or folder.name in _PASSED_OVER or folder.is_symlink()


def _defines_pipeline(file: Path) -> bool:
    """Return whether a file decorates a top-level function with something named `pipeline`.

    A file that doesn't parse counts too if it looks like one, so that its error is reported.
    """
    source = file.read_bytes()
    if b"pipeline" not in source:
        return False
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError):
        return b".pipeline" in source or b"@pipeline" in source
    functions = (each for each in statements if isinstance(each, ast.FunctionDef))
    return any(_name(each) == "pipeline" for one in functions for each in one.decorator_list)


def _name(decorator: ast.expr) -> str:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""
