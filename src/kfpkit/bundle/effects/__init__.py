"""Reads from code what running it may change.

`code` lists what a piece of code assigns to, what it calls, which classes it derives, and which
objects its names are tied to (`expressions`). `Writers` determines what that may change: names of
the module, variables of other modules, state of the process, or state of a library. It reads each
function of the project that is called. `targets` finds functions that the code names, `Ties` those
that a variable holds. Libraries aren't read: `libraries` contains the assumptions about them, and
`process_state` lists their calls that set state of the whole process.
"""

from kfpkit.bundle.effects.changes import ANYTHING, Change, Writes
from kfpkit.bundle.effects.code import Call, Effects, Write, read_effects, read_path, read_string
from kfpkit.bundle.effects.constants import is_constant
from kfpkit.bundle.effects.definitions import Definitions, read_definitions, read_imported_names
from kfpkit.bundle.effects.targets import Scope, Target, Targets
from kfpkit.bundle.effects.ties import Depth, Node, Ties
from kfpkit.bundle.effects.writers import Writers
from kfpkit.bundle.modules import resolve_name

__all__ = [
    "ANYTHING",
    "Call",
    "Change",
    "Definitions",
    "Depth",
    "Effects",
    "Node",
    "Scope",
    "Target",
    "Targets",
    "Ties",
    "Write",
    "Writers",
    "Writes",
    "is_constant",
    "read_definitions",
    "read_effects",
    "read_imported_names",
    "read_path",
    "read_string",
    "resolve_name",
]
