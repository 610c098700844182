"""Decides which statements of a component's own module ship, and why."""

from __future__ import annotations

from kfpkit.bundle.own_module.deciding.decisions import Decision, Verdict
from kfpkit.bundle.own_module.deciding.makers import find_component_makers
from kfpkit.bundle.own_module.deciding.selection import Selection, select
from kfpkit.bundle.own_module.deciding.surroundings import Surroundings

__all__ = ["Decision", "Selection", "Surroundings", "Verdict", "find_component_makers", "select"]
