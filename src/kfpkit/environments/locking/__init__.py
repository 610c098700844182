"""Locks environments, checks their locks, and creates new environments."""

from __future__ import annotations

from kfpkit.environments.locking.blueprint import Blueprint
from kfpkit.environments.locking.checks import check_environment, check_environments
from kfpkit.environments.locking.creation import create_environment
from kfpkit.environments.locking.locking import lock_environment

__all__ = [
    "Blueprint",
    "check_environment",
    "check_environments",
    "create_environment",
    "lock_environment",
]
