"""Reduces the module that defines a component to the statements that ship.

`OwnModule` is the module as a list of top-level statements. `select` decides about each of them. It
keeps what the function reaches, and what may change something reached (`relevance`). If a kept
statement cannot run in the environment, it is left out with a warning (`feasibility`). All other
statements are inert. `reduce` writes the kept statements at their original lines. `Parts` does all
this for the component's module and for the modules of additional functions.
"""

from kfpkit.bundle.own_module.deciding import Decision, Selection, Verdict, select
from kfpkit.bundle.own_module.hidden import explain_hidden_names
from kfpkit.bundle.own_module.module import OwnModule, make_own_module, read_own_module
from kfpkit.bundle.own_module.origin import Origin, find_origin
from kfpkit.bundle.own_module.parts import Found, Partial, Parts
from kfpkit.bundle.own_module.reduction import Reduction, reduce
from kfpkit.bundle.own_module.statements import Root

__all__ = [
    "Decision",
    "Found",
    "Origin",
    "OwnModule",
    "Partial",
    "Parts",
    "Reduction",
    "Root",
    "Selection",
    "Verdict",
    "explain_hidden_names",
    "find_origin",
    "make_own_module",
    "read_own_module",
    "reduce",
    "select",
]
