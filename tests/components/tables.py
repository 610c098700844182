"""Tables on both sides of a component."""

from __future__ import annotations

from typing import Any

import pyarrow.parquet as pq

from kfpkit.testing import Artifact


def rows(table: Artifact) -> list[dict[str, Any]]:
    """Read the rows of a Parquet artifact."""
    read: list[dict[str, Any]] = pq.read_table(table.path, partitioning=None).to_pylist()
    return read
