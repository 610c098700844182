"""Placeholders: what they are, what they answer, and what they refuse.

placeholder.py  names and values, which are classes
instances.py    what they derive from, and so the author's subclasses and their instances
modules.py      modules, and namespaces that are installed in part
operations.py   their operators, and what Python demands of them
making.py       making them; calls.py says what a call of one does
origin.py       where one comes from, and how the author would write it
asking.py       what a line of the author asks; refusals.py refuses it
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
