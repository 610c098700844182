"""The graph of tasks: what runs when, and how many tasks run at a time."""

from __future__ import annotations

from kfpkit.local.graph.graph import Graph, Outcome, Result
from kfpkit.local.graph.slots import Slots

__all__ = ["Graph", "Outcome", "Result", "Slots"]
