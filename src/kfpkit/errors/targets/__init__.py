"""Targets that are wrong, and runs that cannot be submitted to them."""

from __future__ import annotations

from kfpkit.errors.targets.requests import (
    InvalidRunIdError,
    NullParameterError,
    OldSchemaError,
    UnsupportedPlatformError,
)
from kfpkit.errors.targets.tables import InvalidTargetsError, UnknownTargetError

__all__ = [
    "InvalidRunIdError",
    "InvalidTargetsError",
    "NullParameterError",
    "OldSchemaError",
    "UnknownTargetError",
    "UnsupportedPlatformError",
]
