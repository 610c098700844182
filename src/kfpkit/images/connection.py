"""Moved to `kfpkit.engine`."""

from typing import Any

from kfpkit.engine import Engine, engine_address

__all__ = ["connect", "engine_address"]


def connect(address: str, *, timeout: int) -> Any:
    """Connect to an engine."""
    return Engine(address, patience=timeout).client
