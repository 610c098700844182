"""Whole tables, and what is counted in tables, in bounded memory."""

import logging
import resource
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kfpkit.helpers.comparisons import compare_tables
from kfpkit.helpers.profiles import profile_table
from kfpkit.helpers.repetitions import RepetitionCounter
from kfpkit.helpers.table_memory import estimate_memory, find_free_memory, read_bounded
from kfpkit.helpers.tables import open_table
from kfpkit.helpers.training import Order, train_model

MEGABYTE = 10**6
V2 = {
    "proc/self/cgroup": "0::/kubepods/pod1\n",
    "sys/fs/cgroup/kubepods/memory.max": "900000000\n",
    "sys/fs/cgroup/kubepods/memory.stat": "anon 1\nfile 800000000\n",
    "sys/fs/cgroup/kubepods/pod1/memory.max": "500000000\n",
    "sys/fs/cgroup/kubepods/pod1/memory.stat": "anon 100000000\nfile 400000000\n",
}
V1 = {
    "proc/self/cgroup": "3:cpu:/pod1\n2:memory:/pod1\n",
    "sys/fs/cgroup/memory/pod1/memory.limit_in_bytes": "500000000\n",
    "sys/fs/cgroup/memory/pod1/memory.stat": "cache 400000000\ntotal_rss 100000000\n",
}
UNLIMITED = {
    "proc/self/cgroup": "0::/\n",
    "sys/fs/cgroup/memory.max": "max\n",
    "proc/meminfo": "MemTotal: 2000000 kB\nMemAvailable: 1000000 kB\n",
}


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a table of many rows, in groups."""

    def write(rows, *, columns=5, group=100_000):
        path = tmp_path / f"rows-{rows}"
        names = ["id", "label", *(f"x{n}" for n in range(columns))]
        kinds = [pa.int64(), pa.string(), *[pa.float64()] * columns]
        with pq.ParquetWriter(path, pa.schema(zip(names, kinds, strict=True))) as writer:
            for first in range(0, rows, group):
                numbers = np.random.default_rng(first)
                ids = np.arange(first, min(first + group, rows))
                labels = pa.array(["a", "b"]).take(pa.array(ids % 2))
                values = [numbers.normal(size=len(ids)) for _ in range(columns)]
                writer.write_table(pa.table([ids, labels, *values], schema=writer.schema))
        return str(path)

    return write


def test_a_profile_and_a_comparison_take_memory_by_the_sample_and_not_by_the_table(write):
    small, large = open_table(write(100_000)), open_table(write(3_000_000))
    options = {"key": "id", "target": "label", "most_rows": 20_000, "most_different": 200_000}
    compared = {"columns": [], "thresholds": {}, "most_rows": 20_000}
    profile_table(small, **options)
    compare_tables(small, small, **compared)
    before = peak()

    profile = profile_table(large, **options)
    compare_tables(large, large, **compared)

    # The table takes 180 MB, and counting all of its hashes another 200 MB.
    assert peak() - before < 130 * MEGABYTE
    assert (profile.rows, profile.doubled_keys.count) == (3_000_000, 0)


def test_repetitions_are_counted_exactly_where_there_are_few_values():
    counter = RepetitionCounter()
    for part in np.array_split(np.arange(3_000_000, dtype="uint64") // 3, 50):
        counter.add(pd.util.hash_array(part))

    found = counter.count()

    assert (found.count, found.share) == (2_000_000, 1)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.arange(1_000_000), 0),
        (np.arange(1_000_000) // 4, 750_000),
        (np.append(np.arange(900_000), np.zeros(100_000)), 100_000),
        (np.zeros(1_000_000), 999_999),
    ],
)
def test_repetitions_of_many_values_are_estimated_from_a_share(values, expected):
    counter = RepetitionCounter(most=50_000)
    for part in np.array_split(np.random.default_rng(0).permutation(values), 50):
        counter.add(pd.util.hash_array(part.astype("uint64")))

    found = counter.count()

    assert found.count == pytest.approx(expected, rel=0.05, abs=0 if expected == 0 else 30_000)
    assert (found.share < 1) == (len(np.unique(values)) > 1)


def test_rows_at_even_distances_are_read_with_a_line_in_the_log(write, caplog):
    path = write(1000)
    with caplog.at_level(logging.WARNING):
        table = read_bounded(path, 100)

    assert len(table) == 100
    assert (table["id"].iloc[0], table["id"].iloc[-1]) == (0, 999)
    assert list(table.index) == list(range(100))
    assert "100 of 1,000 rows are used, at even distances" in caplog.text


def test_all_rows_are_read_without_a_word(write, caplog):
    assert len(read_bounded(write(1000), 1000)) == len(read_bounded(write(1000))) == 1000
    assert caplog.text == ""


def test_a_negative_number_of_rows_is_refused(write):
    with pytest.raises(ValueError, match="`most_rows` is -1"):
        read_bounded(write(10), -1)


@pytest.fixture
def limited():
    """Leave this process 300 MB of addresses more."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + 300 * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def test_a_table_that_memory_does_not_hold_is_refused_and_rows_of_it_are_read(write, limited):
    path = write(2_000_000)
    with pytest.raises(MemoryError, match=r"The 2,000,000 rows .* need about .* GB") as refused:
        read_bounded(path)

    advised = int(str(refused.value).split("`most_rows=")[1].split("`")[0])
    assert 200_000 < advised < 1_500_000
    assert len(read_bounded(path, advised)) == advised


@pytest.mark.parametrize(
    ("files", "free"),
    [(V2, 400 * MEGABYTE), (V1, 400 * MEGABYTE), (UNLIMITED, 1_024 * MEGABYTE), ({}, None)],
)
def test_the_least_limit_of_a_container_counts_without_what_files_take(tmp_path, files, free):
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)

    assert find_free_memory(tmp_path) == free


def test_training_takes_no_more_than_was_estimated(write):
    order = Order(
        estimator="gradient_boosting",
        task="binary",
        target="label",
        key="id",
        hyperparameters={"max_iter": 2},
        positive="b",
        early_stopping_rounds=1,
    )
    train_model(read_bounded(write(1000)), order)
    path = write(1_000_000)
    before = peak()

    train_model(read_bounded(path), order)

    assert peak() - before < estimate_memory(open_table(path), 1_000_000)
