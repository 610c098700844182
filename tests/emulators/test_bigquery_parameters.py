"""Query parameters as the BigQuery emulator takes them, through the real client."""

from __future__ import annotations

import pytest
from google.cloud import bigquery

from kfpkit.helpers.query_parameters import query_parameters

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", ["STRING", "INT64", "FLOAT64", "BOOL", "DATE", "TIMESTAMP"])
def test_a_null_parameter_is_null_in_the_query(warehouse, kind):
    parameters = query_parameters({"p": {"type": kind, "value": None}, "q": 1})
    config = bigquery.QueryJobConfig(query_parameters=parameters)
    query = "SELECT @p IS NULL AS missing, @p AS same, COALESCE(@q, 2) AS other"
    (row,) = warehouse.query(query, job_config=config).result()
    assert row.values() == (True, None, 1)
