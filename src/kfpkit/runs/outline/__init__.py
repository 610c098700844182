"""What all runs of a compiled pipeline have in common: its nodes, and its components with files.

The nodes are the tasks, loops, conditions, exit handlers and pipelines of a compiled pipeline, as
its author sees them. KFP's compiler passes values through each level between a task and the task
that uses its output. Here, inputs are resolved through these levels to the task that produces them.
"""

from __future__ import annotations

from kfpkit.runs.outline.components import describe_components, name_component
from kfpkit.runs.outline.nodes import describe_nodes, describe_results
from kfpkit.runs.outline.producers import Producers

__all__ = [
    "Producers",
    "describe_components",
    "describe_nodes",
    "describe_results",
    "name_component",
]
