"""One task of a run: its inputs, its cache, its attempts, and why it failed."""

from __future__ import annotations

from kfpkit.local.tasks.cache import TaskCache
from kfpkit.local.tasks.failure import explain
from kfpkit.local.tasks.finished import FinishedTasks
from kfpkit.local.tasks.invocation import Invocation, own_variables
from kfpkit.local.tasks.keys import (
    CacheRule,
    KeyFacts,
    KeyMaker,
    KeyParts,
    OwnNames,
    TaskKey,
    digest,
    may_be_cached,
)
from kfpkit.local.tasks.successes import Success, Successes
from kfpkit.local.tasks.task import TaskRunner

__all__ = [
    "CacheRule",
    "FinishedTasks",
    "Invocation",
    "KeyFacts",
    "KeyMaker",
    "KeyParts",
    "OwnNames",
    "Success",
    "Successes",
    "TaskCache",
    "TaskKey",
    "TaskRunner",
    "digest",
    "explain",
    "may_be_cached",
    "own_variables",
]
