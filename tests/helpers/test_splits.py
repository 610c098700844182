"""Splits of tables by their rows' keys."""

import pytest

pytestmark = pytest.mark.slow


def test_a_row_whose_place_is_the_fraction_itself_is_for_training(evaluate_in):
    lines = """
import pandas as pd
from kfpkit.helpers.keys import place_of
from kfpkit.helpers.splits import split_by_key

keys = sorted((f"k{number}" for number in range(10)), key=place_of)
parts = split_by_key(pd.DataFrame({"id": keys}), "id", place_of(keys[4]))
result = [sorted(part["id"]) == sorted(wanted) for part, wanted in zip(parts, (keys[4:], keys[:4]))]
"""
    assert evaluate_in("sklearn", lines) == [True, True]
