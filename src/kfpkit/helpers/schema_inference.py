"""Schemas that describe a table as it is, in pandera's YAML format."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from kfpkit.helpers.tables import StoredTable


@dataclass(kw_only=True)
class _Column:
    """What is known about a column after some batches."""

    kind: pa.DataType
    categories: int
    gaps: int = 0
    least: Any = None
    most: Any = None
    values: set[str] | None = field(default_factory=set)

    def add(self, column: pa.Array) -> None:
        """Take the next values."""
        # To pandas, NaN is missing too.
        self.gaps += pc.sum(pc.is_null(column, nan_is_null=True)).as_py() or 0
        if _is_ordered(self.kind):
            bounds = pc.min_max(column).as_py()
            self.least = _chosen(min, self.least, bounds["min"])
            self.most = _chosen(max, self.most, bounds["max"])
        if _is_text(self.kind) and self.values is not None:
            self.values |= set(pc.unique(column.drop_null()).to_pylist())
            if len(self.values) > self.categories:
                self.values = None

    def describe(self, *, bounds: bool) -> dict[str, Any]:
        """Return the column's part of the schema."""
        described: dict[str, Any] = {"dtype": self._dtype(), "nullable": bool(self.gaps)}
        checks: dict[str, Any] = {}
        if bounds and self.least is not None:
            checks["in_range"] = {"min_value": _plain(self.least), "max_value": _plain(self.most)}
        if _is_text(self.kind) and self.values:
            checks["isin"] = sorted(self.values)
        return described | ({"checks": checks} if checks else {})

    def _dtype(self) -> str | None:
        """Return the type that the column has in pandas, which pandera checks."""
        if pa.types.is_integer(self.kind):
            return "float64" if self.gaps else str(self.kind)
        if pa.types.is_floating(self.kind):
            return {"halffloat": "float16", "float": "float32"}.get(str(self.kind), "float64")
        if pa.types.is_boolean(self.kind):
            return None if self.gaps else "bool"
        if pa.types.is_timestamp(self.kind):
            zone = f", {self.kind.tz}" if self.kind.tz else ""
            return f"datetime64[{self.kind.unit}{zone}]"
        return "str" if _is_text(self.kind) else None


def infer_schema_of(table: StoredTable, *, categories: int, bounds: bool) -> str:
    """Describe a table, read a batch at a time.

    Args:
        table: The table.
        categories: A string column with at most so many different values gets the list of them.
        bounds: Whether numbers and times get their least and greatest value.

    Returns:
        The schema as YAML.

    Raises:
        ValueError: The table has no rows.
    """
    if not table.rows:
        raise ValueError("The table has no rows. Check the task that writes it.")
    columns = {each.name: _Column(kind=each.type, categories=categories) for each in table.schema}
    for batch in table.batches():
        for name, column in columns.items():
            column.add(batch.column(name))
    described = {name: column.describe(bounds=bounds) for name, column in columns.items()}
    return yaml.safe_dump(
        {"columns": described, "strict": True}, sort_keys=False, allow_unicode=True
    )


def _is_ordered(kind: pa.DataType) -> bool:
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    return bool(number or pa.types.is_timestamp(kind))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _chosen(choose: Any, before: Any, now: Any) -> Any:
    present = [each for each in (before, now) if each is not None and each == each]  # noqa: PLR0124
    return choose(present) if present else None


def _plain(value: Any) -> Any:
    """Return a value that YAML can hold. pandera's own writer fails for times with a zone."""
    return value.isoformat() if isinstance(value, (date, datetime)) else value
