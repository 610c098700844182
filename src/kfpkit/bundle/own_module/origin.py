"""Finds the origin of a component's function: its module's source, dotted name and definition."""

from __future__ import annotations

import ast
import inspect
import linecache
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kfpkit.bundle.modules import Modules
from kfpkit.bundle.own_module.module import OwnModule, make_own_module, read_own_module
from kfpkit.bundle.own_module.statements import Root
from kfpkit.errors import SourceUnavailableError, UnparsableSourceError

NOTEBOOK = "notebook"


@dataclass(frozen=True, kw_only=True)
class Origin:
    """A function's definition.

    Args:
        name: The function's name.
        module_name: The dotted name of its module.
        is_package: Whether the module is an `__init__.py`.
        module: The module's source.
        root: The definition in the module.
        cells: The sources of a notebook's cells. Empty for a file.
    """

    name: str
    module_name: str
    is_package: bool
    module: OwnModule
    root: Root
    cells: tuple[str, ...] = ()


def find_origin(function: Callable[..., Any], modules: Modules) -> Origin:
    """Find the definition of a function.

    Raises:
        SourceUnavailableError: Its source is neither in a file nor in a notebook's cells.
    """
    plain = inspect.unwrap(function)
    name = plain.__name__
    code = getattr(plain, "__code__", None)
    file = Path(code.co_filename) if code else Path("?")
    if code is not None and file.is_file():
        module = read_own_module(file)
        root = module.find_function(name, plain.__qualname__, code.co_firstlineno)
        if root is not None:
            return Origin(
                name=name,
                module_name=modules.name_of(file),
                is_package=file.name == "__init__.py",
                module=module,
                root=root,
            )
    elif code is not None and (cells := _collect_cells(plain, str(file))):
        return find_origin_in_cells(name, plain.__qualname__, cells)
    raise SourceUnavailableError(function=name, file=str(file))


def find_origin_in_cells(name: str, qualname: str, cells: tuple[str, ...]) -> Origin:
    """Find a function in a notebook's cells. The last definition counts."""
    module = make_own_module("".join(cells), Path(f"{NOTEBOOK}.py"))
    root = module.find_function(name, qualname, None)
    if root is None:
        raise SourceUnavailableError(function=name, file=NOTEBOOK)
    return Origin(
        name=name,
        module_name=NOTEBOOK,
        is_package=False,
        module=module,
        root=root,
        cells=cells,
    )


def _collect_cells(function: Callable[..., Any], file: str) -> tuple[str, ...]:
    """Return the cells that a notebook has run, each once, at its last position.

    A cell that doesn't parse has never run, and is skipped.
    """
    executed = getattr(function, "__globals__", {}).get("In")
    own = "".join(linecache.getlines(file))
    sources = [str(cell) for cell in executed] if isinstance(executed, list) else []
    if own and own.strip() not in {source.strip() for source in sources}:
        sources.append(own)
    ends = {source.strip(): index for index, source in enumerate(sources)}
    return tuple(
        source.strip("\n") + "\n"
        for index, source in enumerate(sources)
        if ends[source.strip()] == index and source.strip() and _parses(source)
    )


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, UnparsableSourceError):
        return False
    return True
