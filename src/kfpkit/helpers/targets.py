"""Targets: what a model predicts, by task, and its values as numbers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kfpkit.helpers.signatures import Column, Signature, list_names

_log = logging.getLogger(__name__)
TASKS = ("binary", "multiclass", "regression")
_MOST_CLASSES = 1000


@dataclass(frozen=True, kw_only=True)
class Target:
    """The column that a model predicts.

    Args:
        name: The column.
        task: `binary`, `multiclass` or `regression`.
        classes: Its values, in the order of their numbers: for `binary` the negative one first.
            Empty for `regression`.
    """

    name: str
    task: str
    classes: tuple[Any, ...] = ()

    @property
    def labels(self) -> list[str]:
        """The names of the classes, for pages and columns."""
        if self.task == "binary" and set(self.classes) == {0, 1}:
            return [f"not {self.name}", self.name]
        return [str(value) for value in self.classes]

    def encode(self, table: pd.DataFrame) -> np.ndarray:
        """Return the target of each row: the number of its class, or the value.

        Raises:
            ValueError: The column is missing, has gaps, or a value that training didn't have.
        """
        values = require_target(table, self.name)
        if self.task == "regression":
            return _numbers_of(values)
        codes = pd.Index(list(self.classes), dtype=object).get_indexer(_plain(values))
        if (codes < 0).any():
            row = int((codes < 0).argmax())
            raise ValueError(
                f"The target `{self.name}` is `{values.iloc[row]}` in row {row}, which training "
                f"did not have. It had {list_names(self.classes)}. Correct the value, or train "
                "again."
            )
        return np.asarray(codes, dtype="int64")


def find_target(table: pd.DataFrame, name: str, task: str, positive: str = "") -> Target:
    """Learn the classes of a target from training rows.

    Args:
        table: The training rows.
        name: The column.
        task: The task.
        positive: The value that counts as 1 in a binary target that isn't 0 and 1 or Boolean.

    Returns:
        The target.

    Raises:
        ValueError: The task is unknown, or the column doesn't fit it.
    """
    if task not in TASKS:
        raise ValueError(f"The task `{task}` is unknown. Choose one of {list_names(TASKS)}.")
    values = require_target(table, name)
    if task == "regression":
        _numbers_of(values)
        return Target(name=name, task=task)
    classes = _sorted_classes(_plain(values))
    _require_classes(name, task, classes)
    if task == "binary":
        classes = _with_positive_last(name, classes, positive)
    return Target(name=name, task=task, classes=tuple(classes))


def read_target(document: Mapping[str, Any]) -> Target:
    """Read a target from a model's card."""
    return Target(
        name=document["target"], task=document["task"], classes=tuple(document["classes"])
    )


def require_target(table: pd.DataFrame, name: str) -> pd.Series:
    """Return the target column, and refuse gaps.

    Raises:
        ValueError: The column is missing or has gaps, or the table is empty.
    """
    if table.empty:
        raise ValueError("The table is empty. Use data with at least one row.")
    if name not in table.columns:
        raise ValueError(
            f"The table has no column `{name}`. It has {list_names(table.columns)}. Name one of "
            "these as the target, or add the column to the query."
        )
    gaps = table[name].isna().to_numpy()
    if gaps.any():
        raise ValueError(
            f"The target `{name}` is missing in row {int(gaps.argmax())}, and in "
            f"{int(gaps.sum()):,} of {len(table):,} rows. Leave these rows out in the query, "
            "or pass `skip_missing_target=True`."
        )
    return table[name]


def drop_missing(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows that have a target, numbered from 0."""
    if name not in table.columns or not table[name].isna().any():
        return table
    known = table[table[name].notna()].reset_index(drop=True)
    _log.warning(
        "%s of %s rows have no `%s` and are left out.", len(table) - len(known), len(table), name
    )
    return known


def _numbers_of(values: pd.Series) -> np.ndarray:
    if pd.api.types.is_bool_dtype(values):
        raise ValueError(
            f"The target `{values.name}` is Boolean. Use the task `binary`, not `regression`."
        )
    signature = Signature(columns=(Column(name=str(values.name), kind="number"),))
    numbers: np.ndarray = signature.conform(values.to_frame())[values.name].to_numpy()
    return numbers


def _plain(values: pd.Series) -> pd.Series:
    """Return values as JSON has them: whole numbers without a fraction, whatever their column."""
    distinct = {value: _plain_value(value) for value in values.unique()}
    return values.astype(object).map(distinct).astype(object)


def _plain_value(value: Any) -> Any:
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, bool | int | str):
        return plain
    try:
        number = float(plain)
    except (TypeError, ValueError):
        return str(plain)
    return int(number) if number.is_integer() else number


def _sorted_classes(values: pd.Series) -> list[Any]:
    distinct = list(dict.fromkeys(values))
    by_type = len({isinstance(value, str) for value in distinct}) > 1
    return sorted(distinct, key=str if by_type else None)


def _require_classes(name: str, task: str, classes: list[Any]) -> None:
    count, named = len(classes), list_names(classes[:5])
    if count == 1:
        raise ValueError(
            f"The target `{name}` has only the value {named}: there is nothing to tell apart. "
            "Correct the query, or use another split."
        )
    if task == "binary" and count > 2:  # noqa: PLR2004 - binary
        raise ValueError(
            f"The target `{name}` has {count:,} distinct values ({named}, …), but the task "
            "`binary` needs two. Use the task `multiclass` or `regression`, or correct the query."
        )
    if task == "multiclass" and count == 2:  # noqa: PLR2004 - binary
        raise ValueError(f"The target `{name}` has two values, {named}. Use the task `binary`.")
    is_continuous = any(isinstance(value, float) for value in classes)
    if count > _MOST_CLASSES or (is_continuous and task == "multiclass"):
        raise ValueError(
            f"The target `{name}` has {count:,} distinct values ({named}, …), which are no "
            "classes. Use the task `regression`, or group the values in the query."
        )


def _with_positive_last(name: str, classes: list[Any], positive: str) -> list[Any]:
    if not positive:
        if set(classes) == {0, 1}:
            return classes
        raise ValueError(
            f"The target `{name}` has the values {list_names(classes)}. Name the one whose "
            "probability the model predicts in `positive`, or use 0 and 1."
        )
    if positive not in map(str, classes):
        raise ValueError(
            f"`positive` is `{positive}`, but the target `{name}` has the values "
            f"{list_names(classes)}. Name one of these."
        )
    return sorted(classes, key=lambda value: str(value) == positive)
