"""Tables in Parquet: batches, folders, refusals and memory."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from helpers.own_variables import ROOT, VARIABLES

from kfpkit.environments import find_environment
from kfpkit.environments.venvs import ensure_virtual_environment, python_of
from kfpkit.project.project import find_project

pytestmark = pytest.mark.slow

IMPORTS = """
import json, sys
import pandas as pd, pyarrow as pa, pyarrow.parquet as pq
from kfpkit.helpers.tables import open_table, read_table, write_table, writing_table
"""
# 3 million rows in row groups of a million, which BigQuery writes too: 180 MB in memory.
LARGE = """
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
random = np.random.default_rng(0)
rows = 1_000_000
with pq.ParquetWriter("large.parquet", pa.schema(
    [("id", pa.int64()), ("text", pa.string()), *((f"x{n}", pa.float64()) for n in range(5))]
)) as writer:
    for part in range(3):
        ids = np.arange(part * rows, (part + 1) * rows)
        texts = pa.array(ids).cast(pa.string())
        numbers = [random.normal(size=rows) for _ in range(5)]
        writer.write_table(pa.table([ids, texts, *numbers], schema=writer.schema), rows)
"""
PEAK = """
import resource, sys
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
from kfpkit.helpers.tables import open_table, writing_table
from kfpkit.helpers.splits import Split, split_table
import pandas, pyarrow.dataset
before = peak()
{}
print(peak() - before)
"""
COPY = """
table = open_table("large.parquet")
with writing_table("copy.parquet", table.schema) as copy:
    for batch in table.batches():
        copy.write(batch)
assert copy.rows == table.rows == 3_000_000
"""
SPLIT = """
parts = split_table(open_table("large.parquet"), Split(key="id"), "train", "test", 65_536)
assert parts.train_rows + parts.test_rows == 3_000_000
"""


DIFFERING = """
import os
os.mkdir("d")
write_table(pd.DataFrame({"x": [1], "y": [""]}), "d/1.parquet")
write_table(pd.DataFrame({"x": [1.5]}), "d/2.parquet")
open_table("d")
"""


def run(lines: str, folder: Path, *, fails: bool = False, **variables: str) -> str:
    venv = ensure_virtual_environment(find_environment(find_project(ROOT), "gcp"))
    done = subprocess.run(
        [str(python_of(venv)), "-c", lines],
        env=VARIABLES | variables,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert bool(done.returncode) == fails, done.stderr
    return done.stderr if fails else done.stdout.strip()


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    run(LARGE, folder)
    return folder


@pytest.mark.parametrize(("lines", "most"), [(COPY, 200), (SPLIT, 250)])
def test_a_table_is_copied_and_split_in_bounded_memory(large, lines, most):
    assert int(run(PEAK.format(lines), large)) < most


def test_a_folder_of_files_is_one_table_in_the_order_of_their_names(tmp_path):
    lines = """
import os
os.mkdir("a=b")
for name, values in (("2", [3]), ("1", [1, 2])):
    write_table(pd.DataFrame({"x": values}), f"a=b/part-{name}.parquet")
open("a=b/_SUCCESS", "w").close()
table = read_table("a=b")
print(json.dumps([list(table), table["x"].tolist(), open_table("a=b").rows]))
"""
    assert run(IMPORTS + lines, tmp_path) == '[["x"], [1, 2, 3], 3]'


def test_columns_come_in_the_order_in_which_they_are_asked_for(tmp_path):
    lines = """
write_table(pd.DataFrame({"a": [1], "b": [2], "c": [3]}), "t")
table = open_table("t")
names = [batch.column_names for batch in table.batches(["c", "a"])]
print(table.read(["c", "a"]).to_pylist(), names)
"""
    assert run(IMPORTS + lines, tmp_path) == "[{'c': 3, 'a': 1}] [['c', 'a']]"


def test_the_types_of_pandas_survive(tmp_path):
    lines = """
frame = pd.DataFrame({
    "whole": pd.array([1, None], dtype="Int64"),
    "kind": pd.Categorical(["a", "b"]),
    "at": pd.to_datetime(["2024-05-01T00:00:00Z", None]),
})
write_table(frame, "t")
print(read_table("t").dtypes.astype(str).tolist() == frame.dtypes.astype(str).tolist())
"""
    assert run(IMPORTS + lines, tmp_path) == "True"


@pytest.mark.parametrize(
    ("more", "expected"), [("", "[True, False]"), (', "l": [[1]]', "[True, True, True]")]
)
def test_numbers_with_fractions_are_written_without_a_dictionary(tmp_path, more, expected):
    lines = """
write_table(pd.DataFrame({{"s": ["a"], "x": [0.5]{}}}), "t")
group = pq.ParquetFile("t").metadata.row_group(0)
columns = [group.column(at) for at in range(group.num_columns)]
print(["RLE_DICTIONARY" in column.encodings for column in columns], len(read_table("t")))
"""
    assert run(IMPORTS + lines.format(more), tmp_path) == f"{expected} 1"


def test_only_the_columns_that_a_function_reads_are_read(tmp_path):
    lines = """
from kfpkit.helpers.batches import transform_table
write_table(pd.DataFrame({"a": [1, 2, 3], "b": [4, 5, 6], "c": [7, 8, 9]}), "t")
seen = []
def double(first, part):
    seen.append((first, part.column_names))
    return pa.table({"a": part["a"]})
print(transform_table("t", "u", double, 2, columns={"c", "a"}), seen, len(read_table("u")))
"""
    found = run(IMPORTS + lines, tmp_path)

    assert found == "3 [(0, ['a', 'b', 'c']), (0, ['a', 'c']), (2, ['a', 'c'])] 3"


def test_no_file_remains_of_a_table_that_could_not_be_written(tmp_path):
    lines = """
with writing_table("t", pa.schema([("x", pa.int64())])) as written:
    written.write(pa.record_batch({"x": [1]}))
    raise SystemExit(3)
"""
    run(IMPORTS + lines, tmp_path, fails=True)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("open_table('none')", "The table `none` does not exist."),
        ("import os; os.mkdir('d'); open_table('d')", "The folder `d` contains no Parquet file."),
        ("open('t', 'w').write('a,b\\n1,2\\n'); open_table('t')", "Convert it with `import_file`"),
        (
            "pq.write_table(pa.Table.from_arrays([[1], [2]], ['x', 'x']), 't'); open_table('t')",
            "The file `t` has more than one column `x`.",
        ),
        (
            DIFFERING,
            "`x` is int64 in the first and double in the second; `y` is string in the first",
        ),
        (
            "write_table(pd.DataFrame({'x': [1]}), 't'); list(open_table('t').batches(['y']))",
            "The table has no column `y`. It has `x`.",
        ),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, lines, message):
    assert message in run(IMPORTS + lines, tmp_path, fails=True)


def test_a_table_in_cloud_storage_is_read_and_written_alike(google_emulators, tmp_path):
    lines = """
from kfpkit.helpers.clients import storage_client
storage_client().create_bucket("tables")
write_table(pd.DataFrame({"x": range(1000)}), "gs://tables/run/data/part-1.parquet")
write_table(pd.DataFrame({"x": range(10)}), "gs://tables/run/data/part-2.parquet")
table = open_table("gs://tables/run/data")
print(table.rows, [batch.num_rows for batch in table.batches(rows=400)])
"""
    found = run(IMPORTS + lines, tmp_path, **google_emulators)

    assert found == "1010 [400, 400, 200, 10]"
