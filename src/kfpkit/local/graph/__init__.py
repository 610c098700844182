"""The graph of tasks: their order, and how many run in parallel."""

from __future__ import annotations

from kfpkit.local.graph.brake import Brake
from kfpkit.local.graph.graph import Graph, Outcome, Result
from kfpkit.local.graph.position import Position
from kfpkit.local.graph.slots import Slots

__all__ = ["Brake", "Graph", "Outcome", "Position", "Result", "Slots"]
