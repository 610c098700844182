"""Real modules, written by others, reduce function by function."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

import pytest

from kfpkit.bundle.availability import Availability
from kfpkit.bundle.effects import Targets, Writers
from kfpkit.bundle.modules.modules import Module, Modules
from kfpkit.bundle.own_module.deciding.selection import select
from kfpkit.bundle.own_module.deciding.surroundings import Surroundings
from kfpkit.bundle.own_module.module import read_own_module
from kfpkit.bundle.own_module.reduction import reduce

MODULES = [
    "argparse",
    "ast",
    "base64",
    # From 3.12 on, a decorator of its own gives it names that nothing in its text does.
    *(["calendar"] if sys.version_info < (3, 12) else []),
    "codecs",
    "dataclasses",
    "functools",
    "heapq",
    "inspect",
    "locale",
    "pickle",
    "random",
    "statistics",
    "subprocess",
    "tarfile",
    "typing",
    "urllib.parse",
    "kfp.dsl.component_factory",
]


@pytest.mark.parametrize("name", MODULES)
def test_every_function_reduces_to_source_that_compiles(name):
    module = read_own_module(Path(importlib.import_module(name).__file__))
    functions = [node for node in module.tree.body if isinstance(node, ast.FunctionDef)]
    assert functions
    definitions = module.definitions(name, is_package=False)
    around = Surroundings(
        module=Module(name=name, file=str(module.file)),
        availability=Availability(modules=Modules(roots=()), environment=None),
        definitions=definitions,
        writers=Writers(targets=Targets(read={name: definitions}.get), own=definitions),
    )
    for node in functions:
        root = module.find_function(node.name, node.name, node.lineno)
        selection = select(module, [root], component=node.name, surroundings=around)
        content = reduce(module, selection).content
        compile(content, name, "exec", dont_inherit=True)
        lines = {
            each.lineno for each in ast.parse(content).body if each.__class__ is node.__class__
        }
        assert root.node.lineno in lines
