"""Placeholders: their types, the operations that they support, and those that they refuse.

The modules:

    placeholder.py  names and values, which are classes
    instances.py    their base classes, and so the author's subclasses and their instances
    modules.py      modules, and namespaces that are installed in part
    operations.py   their operators, and the special methods that Python calls
    making.py       creates them; calls.py determines what a call of one does
    origin.py       their origin, and the expression as the author would write it
    asking.py       the operation in a line of the author; refusals.py refuses it
    contents.py     placeholders in values and annotations; traces.py finds those of an error
"""

from kfpkit.placeholders.objects.contents import (
    describe_absence,
    find_in_annotation,
    find_placeholder,
)
from kfpkit.placeholders.objects.modules import make_missing_module, make_namespace
from kfpkit.placeholders.objects.placeholder import MARK
from kfpkit.placeholders.objects.traces import find_involved

__all__ = [
    "MARK",
    "describe_absence",
    "find_in_annotation",
    "find_involved",
    "find_placeholder",
    "make_missing_module",
    "make_namespace",
]
