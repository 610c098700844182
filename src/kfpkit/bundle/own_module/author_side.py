"""Finds code that needs the author's machine: its files, command line, environment variables.

Such a statement may configure a library for the author, as `aiplatform.init(project=…)` does. KFP
leaves it out of a component, and in a container it would fail.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable
from pathlib import Path

from kfpkit.bundle.effects import read_path, read_string
from kfpkit.bundle.reading import FunctionNode, is_main_guard, read_chain, read_state, read_tree

# By the last part of what is called.
_CALLS = {
    "FileHandler": "a file",
    "RotatingFileHandler": "a file",
    "TimedRotatingFileHandler": "a file",
    "getpass": "somebody who answers",
    "input": "somebody who answers",
    "load_dotenv": "a file",
    "open": "a file",
    "parse_args": "the command line",
    "read_bytes": "a file",
    "read_text": "a file",
}
# Variables that name files or accounts of one machine.
_VARIABLES = frozenset(
    {
        *("AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "CLOUDSDK_CONFIG", "HOME", "KUBECONFIG"),
        *("BOTO_CONFIG", "GOOGLE_APPLICATION_CREDENTIALS"),
    }
)
_ENVIRON = frozenset({"environ", "os.environ"})


def find_need(nodes: Iterable[ast.AST]) -> str | None:
    """Return what code needs of the author's machine. None if the source shows nothing."""
    for top in nodes:
        # What stands beside the module ships with it.
        if any(isinstance(node, ast.Name) and node.id == "__file__" for node in ast.walk(top)):
            continue
        for node in ast.walk(top):
            found = _find_need_of_node(node)
            if found is not None:
                return found
    return None


def _find_need_of_node(node: ast.AST) -> str | None:
    if isinstance(node, ast.Subscript) and read_chain(node.value) in _ENVIRON:
        key = read_string(node.slice) or ""
        if isinstance(node.ctx, ast.Load) or key in _VARIABLES:
            return f"the variable `{key}` of your machine" if key else "variables of your machine"
    elif isinstance(node, ast.Attribute) and read_chain(node) == "sys.argv":
        return "the command line of your machine"
    elif isinstance(node, ast.Call):
        return _find_need_of_call(node)
    return None


def _find_need_of_call(node: ast.Call) -> str | None:
    path = read_path(node.func) or ""
    first = node.args[0] if node.args else None
    if path.rpartition(".")[0] in _ENVIRON:
        keys = [*first.keys] if isinstance(first, ast.Dict) else [first]
        named = {each.arg for each in node.keywords} | {read_string(key) for key in keys if key}
        found = sorted(each for each in named if each in _VARIABLES)
        return f"the variable `{found[0]}` of your machine" if found else None
    if path.endswith("basicConfig") and any(each.arg == "filename" for each in node.keywords):
        return "a file of your machine"
    found_call = _CALLS.get(path.rpartition(".")[2])
    return f"{found_call} of your machine" if found_call else None


def find_need_of_file(file: str) -> str | None:
    """Return what importing a file needs of the author's machine."""
    return _find_need_of_file(file, read_state(file))


@functools.lru_cache(maxsize=256)
def _find_need_of_file(file: str, _state: tuple[int, int]) -> str | None:
    body = read_tree(str(Path(file))).body
    return find_need(
        node
        for node in body
        if not isinstance(node, FunctionNode | ast.ClassDef) and not is_main_guard(node)
    )
