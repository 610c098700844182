"""Features, checked in an environment whose libraries make them."""

import datetime as dt
import decimal
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import skops.io

from kfpkit.helpers.features import fit_transformer, load_transformer
from kfpkit.helpers.kept_files import write_card

DAY = dt.datetime(2024, 5, 1, 10, 30, tzinfo=dt.timezone.utc)
WORDS = ("late because of snow", "on time", None, "engine checked twice, late")


def flights(count=200, unit="us"):
    """Make a table with every kind of column, and gaps."""
    columns = {
        "id": [f"f{row}" for row in range(count)],
        "late": [row % 3 == 0 for row in range(count)],
        "distance": [None if row % 7 == 0 else row * 1.1 for row in range(count)],
        "seats": pa.array([None if row % 5 == 0 else row for row in range(count)], pa.int64()),
        "price": [decimal.Decimal(row) / 100 for row in range(count)],
        "origin": [None if row % 11 == 0 else "JEL"[row % 3] for row in range(count)],
        "tail": [f"N{row % 60}" for row in range(count)],
        "scheduled": pa.array(
            [None if row % 13 == 0 else DAY + dt.timedelta(hours=row) for row in range(count)],
            pa.timestamp(unit, "UTC"),
        ),
        "remark": [
            None if WORDS[row % 4] is None else f"{WORDS[row % 4]} {row % 40} by {row % 7}"
            for row in range(count)
        ],
        "constant": ["a"] * count,
    }
    return pa.table(columns)


def fit(table, description="", without=("id", "late")):
    return fit_transformer(
        table.to_pandas(), table.schema, description=description, without=set(without)
    )


def test_types_and_values_decide_without_a_description():
    fitted = fit(flights())

    assert fitted.card["groups"] == {
        "numbers": ["distance", "seats", "price"],
        "few": ["origin"],
        "many": ["tail"],
        "dates": ["scheduled"],
        "text": ["remark"],
    }
    assert fitted.card["left_out"] == {"constant": "all values are the same"}
    assert fitted.apply(flights().to_pandas()).shape == (200, len(fitted.features))


def test_a_batch_its_parts_and_records_give_the_same_bits():
    table = flights()
    fitted = fit(table)
    whole = fitted.apply(table.to_pandas())
    records = json.loads(json.dumps(table.to_pylist(), default=write_json))

    parts = [fitted.apply(table.slice(at, 7).to_pandas(), at) for at in range(0, 200, 7)]
    single = [fitted.apply_records([record]) for record in records]

    assert np.array_equal(np.vstack(parts), whole)
    assert np.array_equal(fitted.apply_records(records), whole)
    assert np.array_equal(np.vstack(single), whole)
    assert np.isfinite(whole).all()


def write_json(value):
    return value.isoformat() if isinstance(value, dt.datetime) else float(value)


def test_the_unit_of_time_stamps_changes_nothing():
    fitted = fit(flights(unit="us"))

    found = [fitted.apply(flights(unit=unit).to_pandas()) for unit in ("ms", "us", "ns")]

    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[1], found[2])


def test_a_kept_transformer_gives_the_same_bits(tmp_path):
    fitted = fit(flights())
    fitted.save(tmp_path / "kept")

    loaded = load_transformer(tmp_path / "kept")

    rows = flights().to_pandas()
    assert np.array_equal(loaded.apply(rows), fitted.apply(rows))
    assert loaded.features == fitted.features


def test_an_unseen_category_is_missing():
    fitted = fit(flights())
    rows = flights().to_pandas()
    none = fitted.apply(rows.assign(origin=None, tail=None))

    assert np.array_equal(fitted.apply(rows.assign(origin="Q", tail="Q")), none)


def test_a_description_places_columns():
    description = "few: [tail]\nleave_out: [price]\nimpute: mean\nscale: false\nindicator: false"
    fitted = fit(flights(), description)

    assert fitted.card["groups"]["few"] == ["origin", "tail"]
    assert fitted.card["left_out"]["price"] == "named in `leave_out`"
    distance = fitted.apply(flights().to_pandas())[:, fitted.features.index("distance")]
    assert distance[0] == pytest.approx(np.mean([row * 1.1 for row in range(200) if row % 7]))
    assert "distance_is_missing" not in fitted.features


def test_a_column_without_values_is_left_out_and_may_have_some_later():
    table = pa.table({"x": [1.0, 2.0], "none": pa.nulls(2, pa.float64())})
    fitted = fit(table)

    assert fitted.card["left_out"] == {"none": "all values are missing"}
    assert np.array_equal(
        fitted.apply(table.to_pandas()), fitted.apply(table.to_pandas().assign(none=3.0))
    )


def test_a_column_that_has_lost_its_values_is_missing():
    fitted = fit(flights())
    rows = flights().to_pandas()
    none = rows.assign(distance=np.nan, seats=None, origin=None, scheduled=pd.NaT, remark=None)

    assert np.isfinite(fitted.apply(none)).all()


def test_dates_are_read_in_their_zone():
    fitted = fit(flights(), "zone: America/New_York")

    hours = fitted.apply(flights().to_pandas())[:, fitted.features.index("scheduled_hour")]

    assert hours[1] == 7  # 11:30 UTC


def test_date_columns_without_a_time_are_dates():
    days = [dt.date(2024, 5, 1), None, dt.date(2024, 5, 3)]
    fitted = fit(pa.table({"day": days}))

    assert fitted.card["signature"] == [{"name": "day", "kind": "date"}]
    by_record = fitted.apply_records([{"day": "2024-05-01"}, {"day": None}])
    assert np.array_equal(by_record, fitted.apply(pd.DataFrame({"day": days}))[:2])


def test_a_column_named_like_a_feature_is_kept_apart():
    fitted = fit(pa.table({"a": [1.0, None, 2.0], "a_is_missing": [5.0, 6.0, 7.0]}))

    assert fitted.features == ["a", "a_is_missing", "a_is_missing_2"]


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ("numbers: [distanc]", "which the table does not have. Did you mean `distance`?"),
        ("number: [distance]", "unknown key `number`. Did you mean `numbers`?"),
        ("numbers: [origin]", "`origin` has the type `string`, which does not belong to `numbers`"),
        ("few: [tail]\nmany: [tail]", "the column `tail` in both `few` and `many`"),
        ("numbers: [late]", "it is the key, the target or the weight"),
        ("numbers: distance", "must be a list of column names"),
        ("impute: middle", "Write `median`, `mean` or `keep`"),
        ("zone: Mars", "which is no time zone"),
        ("least_rows: 0", "Write a whole number from 1 on"),
        ("scale: 1", "`scale` must be `true` or `false`"),
        ("- a", "must be a mapping"),
        ("a: [", "is not valid YAML"),
    ],
)
def test_a_wrong_description_is_refused(description, message):
    with pytest.raises(ValueError, match=r".") as refused:
        fit(flights(), description)

    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("column", "kind"),
    [([[1, 2]], "list"), ([{"a": 1}], "struct"), ([b"x"], "binary"), ([dt.time(1)], "time")],
)
def test_a_type_that_is_no_feature_names_its_column(column, kind):
    with pytest.raises(ValueError, match=rf"The column `odd` has the type `{kind}.*`leave_out`"):
        fit(pa.table({"x": [1.0], "odd": column}))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"distance": math.inf}, "The column `distance` is infinite in row 0, and in 1 of 1 rows"),
        (
            {"distance": "far"},
            "`distance` must contain a number in each row, but row 0 contains 'far'",
        ),
        ({"scheduled": "soon"}, "`scheduled` must contain a date"),
        ({"scheduled": 17}, "`scheduled` must contain a date"),
        ({"scheduled": "2024-05-01T10:30:00"}, "without a time zone, but had one in training"),
        ({"scheduled": "1500-05-01T10:30:00Z"}, "outside of the years 1678 to 2261"),
        ({"origin": ["J"]}, "`origin` must contain a string in each row, but row 0 contains ['J']"),
    ],
)
def test_a_value_of_another_kind_is_refused(change, message):
    fitted = fit(flights())
    record = {**flights().to_pylist()[1], **change}

    with pytest.raises(ValueError, match=r".") as refused:
        fitted.apply_records([record])

    assert message in str(refused.value)


def test_mixed_zones_are_refused():
    fitted = fit(pa.table({"at": [DAY, DAY + dt.timedelta(hours=1)]}))

    with pytest.raises(ValueError, match=r"mixes dates with and without a time zone"):
        fitted.apply_records([{"at": "2024-05-01T10:00:00Z"}, {"at": "2024-05-01T10:00:00"}])


def test_other_columns_than_in_training_are_refused():
    fitted = fit(flights())

    with pytest.raises(ValueError, match="no column `tail`, which was there in training"):
        fitted.apply(flights().drop_columns(["tail"]).to_pandas())
    with pytest.raises(ValueError, match="Record 1 lacks `distance`"):
        fitted.apply_records(flights(1).to_pylist() + flights(1).drop(["distance"]).to_pylist())


def test_an_empty_table_and_one_without_features_are_refused():
    with pytest.raises(ValueError, match="The table is empty"):
        fit(flights(0))
    with pytest.raises(ValueError, match=r"No column is left for features\. Left out: `constant`"):
        fit(flights().select(["id", "late", "constant"]))


def test_other_versions_are_refused(tmp_path):
    fit(flights()).save(tmp_path)
    change_card(tmp_path, lambda card: card["versions"].update(pandas="1.5.3"))

    with pytest.raises(RuntimeError, match=r"fitted with pandas 1\.5\.3 \(here .*in_environment"):
        load_transformer(tmp_path)


def change_card(folder, change):
    card = json.loads((folder / "transformer.json").read_text())
    change(card)
    write_card(folder, "transformer.json", card)


def test_a_damaged_file_is_not_read(tmp_path):
    fit(flights()).save(tmp_path)
    file = tmp_path / "transformer.skops"
    file.write_bytes(file.read_bytes()[:-100])

    with pytest.raises(ValueError, match=r"`transformer\.skops` of the transformer is damaged"):
        load_transformer(tmp_path)


def test_a_type_that_is_not_listed_is_not_read(tmp_path):
    fit(flights()).save(tmp_path)
    skops.io.dump({"a": Path}, tmp_path / "transformer.skops")
    change_card(tmp_path, lambda card: None)

    with pytest.raises(ValueError, match="a type that is not read for safety"):
        load_transformer(tmp_path)
