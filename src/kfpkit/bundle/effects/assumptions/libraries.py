"""Assumptions about libraries, whose code isn't read.

If the result of a library call is unused, the call is assumed to change its arguments. If the
result is used, the call is assumed only to read them, unless the function's name indicates that it
writes.
"""

from __future__ import annotations

import builtins
import re
import sys

_WRITERS = re.compile(
    r"heapq\.\w+|bisect\.insort\w*|operator\.(i\w+|setitem|delitem)|next|exec|setattr|delattr"
    r"|(list|dict|set|bytearray|collections\.\w+|deque)\.\w+|(\w+\.)*(shuffle|fill\w*|set_\w+"
    r"|seed|register\w*|add_\w+|append|extend|insert|update|configure|enable_\w+|disable_\w+"
    r"|patch\w*|manual_seed|pack_into|put\w*|place|copyto)"
)
# Decorators and bases that keep no list of what they are applied to.
_FORGETFUL = re.compile(
    r"(numba|attrs?|tenacity|backoff|pydantic|beartype|typeguard|typing_extensions|joblib"
    r"|sklearn|torch\.nn|torch\.utils\.data|pytest|numpy|pandera|marshmallow|cachetools"
    r"|tensorflow\.function|tensorflow\.keras\.(Model|layers|callbacks)|keras\.(Model|layers)"
    r"|torch\.(no_grad|inference_mode|jit)|kfp|kfpkit)(\..+)?"
)
_WRITING_METHODS = re.compile(r"write\w*|save\w*|dump|send\w*|push\w*|pop\w*|remove\w*|sort")
# Methods of containers, which change the container and not what it is given.
_ADDING = frozenset(
    {
        *("add", "append", "appendleft", "clear", "discard", "extend", "extendleft", "insert"),
        *("pop", "popitem", "popleft", "remove", "reverse", "rotate", "setdefault", "sort"),
        *("update", "difference_update", "intersection_update", "symmetric_difference_update"),
    }
)
# Libraries whose functions act on the world around the process: files, networks, other processes.
_OUTSIDE = frozenset(
    {
        *("asyncio", "ftplib", "getpass", "http", "httpx", "os", "pathlib", "requests", "shutil"),
        *("smtplib", "subprocess", "sys", "time", "urllib", "webbrowser"),
    }
)
_READING_METHODS = frozenset(
    {
        *("copy", "count", "difference", "encode", "endswith", "format", "get", "index"),
        *("intersection", "isdisjoint", "issubset", "issuperset", "items", "join", "keys"),
        *("lower", "split", "splitlines", "startswith", "strip", "title", "union", "upper"),
        "values",
    }
)


def is_builtin(path: str) -> bool:
    """Whether a dotted name belongs to a builtin."""
    return hasattr(builtins, path.partition(".")[0])


def is_standard(path: str) -> bool:
    """Whether a dotted name belongs to Python itself."""
    return is_builtin(path) or path.partition(".")[0] in sys.stdlib_module_names


def writes_arguments(path: str) -> bool:
    """Whether a function's name indicates that it changes its arguments."""
    last = path.rpartition(".")[2]
    return _WRITERS.fullmatch(path) is not None or _WRITING_METHODS.fullmatch(last) is not None


def adds_to_itself(method: str) -> bool:
    """Whether a method with this name changes its container but not the elements."""
    return method in _ADDING


def only_reads(method: str) -> bool:
    """Whether a method with this name only reads its object if its result is used."""
    return method in _READING_METHODS


def is_forgetful(path: str) -> bool:
    """Whether a decorator or base class keeps no list of what it is applied to."""
    return is_standard(path) or _FORGETFUL.fullmatch(path) is not None


def acts_outside(path: str) -> bool:
    """Whether a dotted name acts on the process's surroundings, not on a library."""
    return path.partition(".")[0] in _OUTSIDE
