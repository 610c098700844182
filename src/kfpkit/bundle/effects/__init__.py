"""What running code may change, found by reading it.

`code` lists, for a piece of code, what it assigns to, what it calls, and which classes it derives.
`Writers` says what that may change: names of the module, variables of other modules, state of the
process, or what a library keeps. It reads the functions of the project that are called, one after
the other; `targets` finds them. Libraries are not read: `libraries` says what is assumed of them,
`process_state` which of their calls set state of the whole process.
"""

from kfpkit.bundle.effects.changes import Change, Writes
from kfpkit.bundle.effects.code import Effects, effects_of, path_of, shared
from kfpkit.bundle.effects.definitions import Definitions, definitions_of, imported
from kfpkit.bundle.effects.targets import Scope, Targets
from kfpkit.bundle.effects.writers import Writers
from kfpkit.bundle.modules import absolute

__all__ = [
    "Change",
    "Definitions",
    "Effects",
    "Scope",
    "Targets",
    "Writers",
    "Writes",
    "absolute",
    "definitions_of",
    "effects_of",
    "imported",
    "path_of",
    "shared",
]
