"""The cache keys of tasks: what decides their outputs, and what changed if a task misses."""

from __future__ import annotations

from kfpkit.local.tasks.keys.artifact_names import OwnNames
from kfpkit.local.tasks.keys.foreign_rule import CacheRule, KeyFacts
from kfpkit.local.tasks.keys.key_parts import KeyParts, digest
from kfpkit.local.tasks.keys.task_key import KeyMaker, TaskKey, may_be_cached

__all__ = [
    "CacheRule",
    "KeyFacts",
    "KeyMaker",
    "KeyParts",
    "OwnNames",
    "TaskKey",
    "digest",
    "may_be_cached",
]
