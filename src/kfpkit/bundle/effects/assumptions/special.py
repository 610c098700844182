"""Methods that Python calls although the code doesn't name them."""

from __future__ import annotations

import ast

from kfpkit.bundle.effects.code import read_path
from kfpkit.bundle.reading import FunctionNode

# By making an object.
MAKING = (
    *("__new__", "__init__", "__post_init__", "__attrs_post_init__", "model_post_init"),
    *("__set_name__", "__del__"),
)
# By deriving a class.
DERIVING = ("__init_subclass__", "__new__", "__init__", "__prepare__", "__mro_entries__")
# By assigning to an attribute or an item, and by `+=`.
WRITING = (
    *("__setattr__", "__delattr__", "__setitem__", "__delitem__", "__set__", "__delete__"),
    *("__iadd__", "__iand__", "__ior__", "__isub__", "__imul__", "__ilshift__", "__irshift__"),
    *("__itruediv__", "__ifloordiv__", "__imod__", "__ixor__", "__ipow__", "__imatmul__"),
)
# By `with`.
ENTERING = ("__enter__", "__exit__", "__aenter__", "__aexit__")
# By operators that chain objects: `first >> second`, `first | second`.
CHAINING = tuple(
    f"__{side}{name}__"
    for name in ("rshift", "lshift", "or", "and", "xor", "matmul")
    for side in ("", "r")
)
CHAIN = ">>"
_CALLING = "__call__"
# What tells something of an object is taken to change nothing.
_TELLING = frozenset(
    {
        *("__bool__", "__eq__", "__format__", "__ge__", "__gt__", "__hash__", "__le__", "__len__"),
        *("__lt__", "__ne__", "__repr__", "__sizeof__", "__str__"),
    }
)
_PROPERTIES = frozenset({"cached_property", "property"})
_OTHER = frozenset({*_TELLING, *MAKING, *DERIVING, *WRITING, *ENTERING, _CALLING})


def runs_by_reading(function: FunctionNode) -> bool:
    """Whether a method, such as an operator or property, may run when code reads its object."""
    name = function.name
    if name.startswith("__") and name.endswith("__"):
        return name not in _OTHER
    return any(_last_name(each) in _PROPERTIES for each in function.decorator_list)


def keeps_value(function: FunctionNode) -> bool:
    """Whether a property caches its first value in its object."""
    return any(_last_name(each) == "cached_property" for each in function.decorator_list)


def _last_name(decorator: ast.expr) -> str:
    return (read_path(decorator) or "").rpartition(".")[2]
