"""Features: a transformer that is fitted once, kept in a folder, and applied to tables and records.

The folder contains `transformer.skops` (scikit-learn's `ColumnTransformer` of our own transformers)
and `transformer.json`, the card: the columns that are read, the features that come out, the
versions that fitted it, and the hash of the file. skops reads only the types that are listed here.

A transformer that another version of scikit-learn or pandas reads may fail, or give other numbers
without a word. So it is used with the versions that fitted it.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import skops.io
from sklearn.compose import ColumnTransformer

from kfpkit.helpers.feature_plans import FeaturePlan, plan_features
from kfpkit.helpers.kept_files import read_card, write_card
from kfpkit.helpers.signatures import Signature, list_names, read_signature
from kfpkit.helpers.tables import require_names
from kfpkit.helpers.transformers import Dates, FewCategories, ManyCategories, Numbers, Texts

CARD = "transformer.json"
_FILE = "transformer.skops"
_PINNED = ("numpy", "pandas", "scikit-learn", "scipy")
_TRUSTED = [
    *(
        f"{one.__module__}.{one.__qualname__}"
        for one in (Dates, FewCategories, ManyCategories, Numbers, Texts)
    ),
    "numpy.dtype",
    "sklearn.compose._column_transformer._RemainderColsList",  # a list, in scikit-learn 1.5 and 1.6
]


@dataclass(frozen=True, kw_only=True)
class Transformer:
    """A fitted transformer.

    Args:
        columns: scikit-learn's transformer.
        signature: The columns that it reads.
        card: What was recorded when it was fitted.
    """

    columns: Any
    signature: Signature
    card: Mapping[str, Any]

    @property
    def features(self) -> list[str]:
        """The names of the features, in order."""
        return list(self.card["features"])

    def apply(self, table: pd.DataFrame, first_row: int = 0) -> np.ndarray:
        """Return the features of a table: one row for each of its rows.

        Raises:
            ValueError: A column is missing, or has values of another kind than in training.
        """
        return np.ascontiguousarray(self._apply(self.signature.conform(table, first_row)))

    def apply_records(self, records: Sequence[Mapping[str, Any]]) -> np.ndarray:
        """Return the features of JSON records, the same as those of a table with these rows.

        Raises:
            ValueError: A record lacks a column, or has a value of another kind.
        """
        return np.ascontiguousarray(self._apply(self.signature.conform_records(records)))

    def keeper_of(self, keep: Sequence[str]) -> Callable[[int, pa.Table], pa.Table]:
        """Return a function that turns rows into the columns to keep, and the features.

        Args:
            keep: The columns to keep.

        Raises:
            ValueError: A feature has the name of a column to keep.
        """
        both = [name for name in keep if name in self.features]
        if both:
            raise ValueError(
                f"The column {list_names(both)} is in `keep` and is a feature too. Remove it from "
                "`keep`, or put it into `leave_out` of the description and fit again."
            )

        def transform(first_row: int, table: pa.Table) -> pa.Table:
            require_names(table.column_names, keep)
            kept = table.select(list(keep))
            features = self._apply(self.signature.conform(table.to_pandas(), first_row))
            # Not copied, where each feature is in one place of memory.
            columns = [*kept.columns, *map(pa.array, features.T)]
            numbers = [pa.field(name, pa.float64()) for name in self.features]
            return pa.Table.from_arrays(columns, schema=pa.schema([*kept.schema, *numbers]))

        return transform

    def save(self, folder: Path) -> None:
        """Write the transformer into a new folder."""
        folder.mkdir(parents=True, exist_ok=True)
        skops.io.dump(self.columns, folder / _FILE)
        write_card(folder, CARD, self.card)

    def _apply(self, formed: pd.DataFrame) -> np.ndarray:
        if formed.empty:
            return np.empty((0, len(self.features)))
        features: np.ndarray = self.columns.transform(formed)
        return features.astype("float64", copy=False)


def fit_transformer(
    table: pd.DataFrame,
    schema: pa.Schema,
    *,
    description: str = "",
    without: set[str],
    seed: int = 0,
    data_hash: str = "",
) -> Transformer:
    """Fit a transformer to training rows.

    Args:
        table: The training rows.
        schema: Their types.
        description: The YAML of a plan, as in `feature_plans`. Empty for the default.
        without: The columns that are no features.
        seed: The random seed.
        data_hash: The hash of the table, for the card.

    Returns:
        The transformer.

    Raises:
        ValueError: The description doesn't fit the table, or the table is empty.
    """
    if table.empty:
        raise ValueError("The table is empty. Use data with at least one row.")
    plan = plan_features(table, schema, description, without)
    signature = plan.signature
    columns = _make_columns(plan, seed).fit(signature.conform(table))
    card = {
        "format": 1,
        "signature": signature.document,
        "features": _distinct(
            [name for _, maker, _ in columns.transformers_ for name in maker.features_]
        ),
        "groups": {group: names for group, names in plan.groups.items() if names},
        "left_out": dict(plan.left_out),
        "description": description,
        "versions": installed_versions(),
        "rows": len(table),
        "data_sha256": data_hash,
        "seed": seed,
    }
    return Transformer(columns=columns, signature=signature, card=card)


def load_transformer(folder: Path) -> Transformer:
    """Read a transformer from its folder.

    Raises:
        FileNotFoundError: The folder doesn't contain a transformer.
        ValueError: A file was damaged or changed.
        RuntimeError: Other versions fitted it than those of this environment.
    """
    card = read_card(folder, CARD, "transformer")
    _require_versions(card["versions"])
    try:
        columns = skops.io.load(folder / _FILE, trusted=_TRUSTED)
    except TypeError as error:
        raise ValueError(
            f"The transformer contains a type that is not read for safety: {error} Fit it again "
            "with `fit_transformer`."
        ) from None
    return Transformer(columns=columns, signature=read_signature(card["signature"]), card=card)


def installed_versions() -> dict[str, str]:
    """Return the versions that features depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in _PINNED}}


def _make_columns(plan: FeaturePlan, seed: int) -> ColumnTransformer:
    options = plan.options
    makers = {
        "numbers": Numbers(options.impute, options.indicator, options.scale),
        "few": FewCategories(options.least_rows),
        "many": ManyCategories(options.least_rows),
        "dates": Dates(options.zone),
        "text": Texts(options.text_parts, seed=seed),
    }
    used = [(group, maker, plan.groups[group]) for group, maker in makers.items()]
    return ColumnTransformer(
        [each for each in used if each[2]], sparse_threshold=0, verbose_feature_names_out=False
    )


def _distinct(names: list[str]) -> list[str]:
    """Number names that occur again, such as a column `a_is_missing` beside the gaps of `a`."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return distinct


def _require_versions(fitted: Mapping[str, str]) -> None:
    found = installed_versions()
    differing = [
        f"{name} {fitted[name]} (here {found[name]})"
        for name in _PINNED
        if fitted[name].split(".")[:2] != found[name].split(".")[:2]
    ]
    if differing:
        raise RuntimeError(
            f"The transformer was fitted with {', '.join(differing)}. Other versions may give "
            "other features. Bind this task to the environment that fitted it with "
            "`.in_environment(...)`, or fit it again in this one."
        )
