"""Feature plans: which columns of a table become which features, from YAML or from the table.

    numbers: [distance, seats]
    few: [origin]            # categories with few values: a feature for each
    many: [tail_number]      # categories with many values: their rank and share
    dates: [scheduled]
    text: [remarks]
    leave_out: [flight_id]
    impute: median           # or `mean`, or `keep`
    zone: America/New_York   # in which dates with a zone are read

Columns that the description doesn't name are placed by their type and values, as all are without a
description.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import yaml

from kfpkit.helpers.signatures import Column, Signature, list_names

GROUPS = ("numbers", "few", "many", "dates", "text")
_MOST_FEW = 30
_WORDS_OF_TEXT = 2.5
_SHARE_OF_IDENTIFIERS = 0.95
_ROWS_OF_IDENTIFIERS = 50


@dataclass(frozen=True, kw_only=True)
class Options:
    """How features are made.

    Args:
        impute: What fills gaps of numbers: `median`, `mean`, or `keep` to keep them.
        indicator: Whether a feature tells the gaps of a number.
        scale: Whether numbers are standardized.
        least_rows: The lowest number of training rows with a category.
        text_parts: The number of features of a text column, at most.
        zone: The time zone in which dates with a zone are read.
    """

    impute: str = "median"
    indicator: bool = True
    scale: bool = True
    least_rows: int = 2
    text_parts: int = 8
    zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class FeaturePlan:
    """Which columns become which features.

    Args:
        groups: The columns of each group, by the names of `GROUPS`.
        kinds: The kind of each column, as a signature has it.
        left_out: The columns that are not used, with the reason.
        options: How features are made.
    """

    groups: Mapping[str, list[str]]
    kinds: Mapping[str, str]
    left_out: Mapping[str, str]
    options: Options = field(default_factory=Options)

    @property
    def signature(self) -> Signature:
        """The columns that the transformer reads."""
        return Signature(
            columns=tuple(
                Column(name=name, kind=self.kinds[name])
                for group in GROUPS
                for name in self.groups[group]
            )
        )


def plan_features(
    table: pd.DataFrame, schema: pa.Schema, description: str, without: set[str]
) -> FeaturePlan:
    """Plan the features of a table.

    Args:
        table: The training rows.
        schema: Their types.
        description: The YAML. Empty for a plan by types and values alone.
        without: The columns that are no features: key, target, weight.

    Returns:
        The plan.

    Raises:
        ValueError: The description is wrong, or a column has a type that is no feature.
    """
    named, options = _read_description(description, schema)
    placed = {name: group for group, names in named.items() for name in names}
    groups: dict[str, list[str]] = {group: [] for group in GROUPS}
    kinds, left_out = {}, {}
    for entry in schema:
        name = entry.name
        if name in without:
            _refuse_use(name, placed.get(name))
            continue
        group = placed.get(name) or _group_of(table[name], entry.type)
        if group not in GROUPS:
            left_out[name] = "named in `leave_out`" if name in placed else group
            continue
        groups[group].append(name)
        kinds[name] = _kind_of(name, group, entry.type)
    if not kinds:
        raise ValueError(
            f"No column is left for features. Left out: {list_names(left_out)}. Add columns to the "
            "query, or name those to use in the description."
        )
    return FeaturePlan(groups=groups, kinds=kinds, left_out=left_out, options=options)


def _read_description(text: str, schema: pa.Schema) -> tuple[dict[str, list[str]], Options]:
    try:
        document = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise ValueError(f"The description of the features is not valid YAML: {error}") from None
    if not isinstance(document, dict):
        raise ValueError(  # noqa: TRY004 - the text is wrong, not the call
            "The description of the features must be a mapping, such as `numbers: [distance]`."
        )
    lists = (*GROUPS, "leave_out")
    settings = Options.__dataclass_fields__
    for key in document:
        if key not in lists and key not in settings:
            known = [*lists, *settings]
            raise ValueError(
                f"The description of the features has the unknown key `{key}`."
                f"{_suggest(str(key), known)} Its keys are {list_names(known)}."
            )
    named = {
        group: _columns_of(group, document[group], schema) for group in lists if group in document
    }
    _refuse_doubled(named)
    options = Options(**{key: value for key, value in document.items() if key in settings})
    _check_options(options)
    return named, options


def _columns_of(group: str, names: Any, schema: pa.Schema) -> list[str]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(
            f"`{group}` in the description of the features must be a list of column names."
        )
    for name in names:
        if name not in schema.names:
            raise ValueError(
                f"The description of the features names the column `{name}` in `{group}`, which "
                f"the table does not have.{_suggest(name, schema.names)} The table has "
                f"{list_names(schema.names)}."
            )
    return names


def _refuse_doubled(named: Mapping[str, list[str]]) -> None:
    groups: dict[str, str] = {}
    for group, names in named.items():
        for name in names:
            if name in groups:
                raise ValueError(
                    f"The description of the features names the column `{name}` in both "
                    f"`{groups[name]}` and `{group}`. Name it once."
                )
            groups[name] = group


def _check_options(options: Options) -> None:
    if options.impute not in {"median", "mean", "keep"}:
        raise ValueError(
            f"`impute` is `{options.impute}`. Write `median`, `mean` or `keep` in the description."
        )
    for name in ("indicator", "scale"):
        if not isinstance(getattr(options, name), bool):
            raise ValueError(  # noqa: TRY004 - the text is wrong, not the call
                f"`{name}` must be `true` or `false` in the description."
            )
    for name in ("least_rows", "text_parts"):
        value = getattr(options, name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ValueError(f"`{name}` is `{value}`. Write a whole number from 1 on.")
    try:
        ZoneInfo(options.zone)
    except (ValueError, TypeError, OSError, KeyError):
        raise ValueError(
            f"`zone` is `{options.zone}`, which is no time zone. Write a name such as "
            "`America/New_York`."
        ) from None


def _refuse_use(name: str, group: str | None) -> None:
    if group not in {None, "leave_out"}:
        raise ValueError(
            f"The description of the features names the column `{name}` in `{group}`, but it is "
            "the key, the target or the weight. Remove it from the description."
        )


def _group_of(values: pd.Series, kind: pa.DataType) -> str:
    """Return the group of a column by type and values, or why it is left out."""
    _refuse_type(str(values.name), kind)
    known = values.dropna()
    if not len(known):
        return "all values are missing"
    if len(known) == len(values) and (known == known.iloc[0]).all():
        return "all values are the same"
    if pa.types.is_temporal(kind):
        return "dates"
    return _group_of_strings(known) if _is_string(kind) else "numbers"


def _group_of_strings(known: pd.Series) -> str:
    distinct = known.nunique()
    if known.str.split().str.len().mean() >= _WORDS_OF_TEXT and distinct > _MOST_FEW:
        return "text"
    if distinct > _SHARE_OF_IDENTIFIERS * len(known) and len(known) >= _ROWS_OF_IDENTIFIERS:
        return "nearly every row has another value"
    return "few" if distinct <= _MOST_FEW else "many"


def _kind_of(name: str, group: str, kind: pa.DataType) -> str:
    _refuse_type(name, kind)
    fits = {
        "numbers": not (_is_string(kind) or pa.types.is_temporal(kind)),
        "dates": pa.types.is_temporal(kind) or _is_string(kind),
        "text": _is_string(kind),
    }
    if not fits.get(group, not pa.types.is_temporal(kind)):
        raise ValueError(
            f"The column `{name}` has the type `{kind}`, which does not belong to `{group}`. "
            "Name it in another group of the description, or convert it in the query."
        )
    if group == "dates":
        return "moment" if getattr(kind, "tz", None) else "date"
    return {"numbers": "number", "text": "text"}.get(group, "category")


def _is_string(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _refuse_type(name: str, kind: pa.DataType) -> None:
    is_clock = pa.types.is_time(kind) or pa.types.is_duration(kind)
    usable = (
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_null(kind)
        or _is_string(kind)
        or (pa.types.is_temporal(kind) and not is_clock)
    )
    if not usable:
        raise ValueError(
            f"The column `{name}` has the type `{kind}`, which can't become a feature. Name it in "
            "`leave_out` of the description, or turn it into numbers, strings or dates in the "
            "query: fields of a STRUCT and elements of an ARRAY as columns, bytes as a string."
        )


def _suggest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean `{close[0]}`?" if close else ""
