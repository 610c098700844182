"""Assumptions about code that isn't read: libraries, special methods, the process."""

from __future__ import annotations

from kfpkit.bundle.effects.assumptions.libraries import (
    acts_outside,
    adds_to_itself,
    is_builtin,
    is_forgetful,
    only_reads,
    writes_arguments,
)
from kfpkit.bundle.effects.assumptions.process_state import (
    imports_by_name,
    is_setting,
    may_bind,
    only_says,
    sets_by_assignment,
    sets_by_call,
)
from kfpkit.bundle.effects.assumptions.special import (
    CHAIN,
    CHAINING,
    DERIVING,
    ENTERING,
    MAKING,
    WRITING,
    keeps_value,
    runs_by_reading,
)

__all__ = [
    "CHAIN",
    "CHAINING",
    "DERIVING",
    "ENTERING",
    "MAKING",
    "WRITING",
    "acts_outside",
    "adds_to_itself",
    "imports_by_name",
    "is_builtin",
    "is_forgetful",
    "is_setting",
    "keeps_value",
    "may_bind",
    "only_reads",
    "only_says",
    "runs_by_reading",
    "sets_by_assignment",
    "sets_by_call",
    "writes_arguments",
]
