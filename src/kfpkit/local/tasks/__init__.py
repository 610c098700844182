"""One task of a run: its inputs, its cache, its attempts, and why it failed."""

from __future__ import annotations

from kfpkit.local.tasks.cache import TaskCache
from kfpkit.local.tasks.cache_rule import CacheRule, KeyFacts
from kfpkit.local.tasks.failure import explain
from kfpkit.local.tasks.finished import FinishedTasks
from kfpkit.local.tasks.invocation import Invocation, own_variables
from kfpkit.local.tasks.task import TaskRunner

__all__ = [
    "CacheRule",
    "FinishedTasks",
    "Invocation",
    "KeyFacts",
    "TaskCache",
    "TaskRunner",
    "explain",
    "own_variables",
]
