"""Schemas as pandera and people write them."""

import pytest

pytestmark = pytest.mark.slow

TABLE = """\
add_missing_columns: false
api: pandas
checks: null
coerce: true
description: Payments of a day.
drop_invalid_rows: false
dtype: null
index: null
metadata: {owner: risk}
multiindex: null
name: payments
ordered: true
report_duplicates: all
schema_type: dataframe
strict: true
title: Payments
unique: [id]
unique_column_names: true
version: 0.1.0
"""
COLUMN = """\
columns:
  id:
    checks: {str_length: {min_value: 1, max_value: 3}}
    coerce: true
    default: null
    description: Names a payment.
    drop_invalid_rows: false
    dtype: str
    name: id
    nullable: true
    regex: false
    report_duplicates: all
    required: false
    title: Key
    unique: true
"""


def test_all_that_pandera_knows_can_be_said(evaluate_in):
    lines = f"""
from kfpkit.helpers.schemas import read_schema

schema = read_schema({TABLE + COLUMN!r})
column = schema.columns["id"]
result = [
    [schema.title, schema.strict, schema.ordered, schema.unique, schema.unique_column_names],
    [column.title, column.nullable, column.required, column.unique, column.coerce],
]
"""
    assert evaluate_in("gcp", lines) == [
        ["Payments", True, True, ["id"], True],
        ["Key", True, False, True, True],
    ]
