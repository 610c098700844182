"""NULL, lists and wrong values as parameters of a query."""

from __future__ import annotations

import pytest

from kfpkit.helpers.query_parameters import query_parameters


@pytest.mark.parametrize("kind", ["STRING", "INT64", "float64", "DATE", "TIMESTAMP"])
def test_null_keeps_the_type_that_stands_beside_it(kind):
    (parameter,) = query_parameters({"p": {"type": kind, "value": None}})

    assert (parameter.type_, parameter.value) == (kind.upper(), None)
    assert parameter.to_api_repr()["parameterValue"] == {"value": None}


def test_null_without_a_type_is_refused_with_what_to_write():
    with pytest.raises(ValueError, match=r"`p` cannot be inferred from None\. Write it beside"):
        query_parameters({"p": None})


@pytest.mark.parametrize("value", [None, "a", 3, {"a": 1}])
def test_an_array_needs_a_list(value):
    with pytest.raises(
        ValueError, match=r"`p` is an ARRAY<STRING>, but its value .* is not a list"
    ):
        query_parameters({"p": {"type": "ARRAY<STRING>", "value": value}})


def test_the_elements_of_an_array_are_converted():
    (parameter,) = query_parameters({"p": {"type": "array < float64 >", "value": [1, "2.5", None]}})

    assert (parameter.array_type, parameter.values) == ("FLOAT64", [1.0, 2.5, None])
