"""Decides which statements of a component's own module ship, and why."""

from __future__ import annotations

from kfpkit.bundle.own_module.deciding.decisions import (
    Decision,
    Verdict,
)
from kfpkit.bundle.own_module.deciding.makers import (
    component_makers,
)
from kfpkit.bundle.own_module.deciding.selection import (
    Selection,
    select,
)
from kfpkit.bundle.own_module.deciding.surroundings import (
    Surroundings,
)

__all__ = ["Decision", "Selection", "Surroundings", "Verdict", "component_makers", "select"]
