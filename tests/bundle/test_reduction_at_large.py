"""Real modules, written by others, reduce function by function."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from kfpkit.bundle.reduction import Reducer
from kfpkit.bundle.statements import read_own_module

MODULES = [
    "argparse",
    "ast",
    "base64",
    "calendar",
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
    "unittest.mock",
    "urllib.parse",
    "kfp.dsl.component_factory",
]


@pytest.mark.parametrize("name", MODULES)
def test_every_function_reduces_to_source_that_compiles(name):
    module = read_own_module(Path(importlib.import_module(name).__file__))
    functions = [node for node in module.tree.body if isinstance(node, ast.FunctionDef)]
    assert functions
    for node in functions:
        root = module.find_function(node.name, node.name, node.lineno)
        content = Reducer(module=module, component=node.name).reduce([root]).content
        compile(content, name, "exec", dont_inherit=True)
        lines = {
            each.lineno for each in ast.parse(content).body if each.__class__ is node.__class__
        }
        assert root.node.lineno in lines
