"""Splits of tables by their rows' keys."""

import pytest

pytestmark = pytest.mark.slow


def test_a_row_whose_place_is_the_fraction_itself_is_for_training(evaluate_in, tmp_path):
    lines = f"""
import pandas as pd
import pyarrow as pa
from kfpkit.helpers.keys import places_of
from kfpkit.helpers.splits import Split, split_table
from kfpkit.helpers.tables import open_table, read_table, write_table

keys = pd.Series([f"k{{number}}" for number in range(10)])
places = pd.Series(places_of(pa.array(keys)), index=keys).sort_values()
write_table(pd.DataFrame({{"id": keys}}), "{tmp_path}/all")
split = Split(key="id", test_fraction=float(places.iloc[4]))
split_table(open_table("{tmp_path}/all"), split, "{tmp_path}/train", "{tmp_path}/test", 3)
parts = [set(read_table(f"{tmp_path}/{{name}}")["id"]) for name in ("train", "test")]
result = [parts[0] == set(places.index[4:]), parts[1] == set(places.index[:4])]
"""
    assert evaluate_in("sklearn", lines) == [True, True]
