"""A path among a task's inputs counts with the state of its file."""

from __future__ import annotations

import os

import pytest

from kfpkit.local.tasks.keys.local_files import add_states, list_states


@pytest.fixture
def state(tmp_path):
    """Return a function that gives what counts of an input."""
    return lambda value: add_states({"source": value}, tmp_path)["source"]


@pytest.mark.parametrize("form", ["data/a.csv", "{root}/data/a.csv", "file://{root}/data/a.csv"])
def test_an_edited_file_counts_as_another_input(state, tmp_path, form):
    file = tmp_path / "data" / "a.csv"
    file.parent.mkdir()
    file.write_text("a\n1\n")
    path = form.format(root=tmp_path)
    before = state(path)
    assert state(path) == before
    file.write_text("a\n1\n2\n")
    assert state(path) != before


def test_a_file_of_the_same_size_counts_by_its_time(state, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("1")
    before = state("a.csv")
    file.write_text("2")
    os.utime(file, ns=(1, 1))
    assert state("a.csv") != before


def test_a_folder_counts_with_its_tables(state, tmp_path):
    folder = tmp_path / "rows"
    folder.mkdir()
    (folder / "notes.txt").touch()
    assert state("rows") == "rows"
    (folder / "a.parquet").touch()
    before = state("rows")
    (folder / "b.parquet").touch()
    assert state("rows") != before != "rows"


@pytest.mark.parametrize(
    "value", ["", "gs://bucket/a.csv", "missing.csv", "a\0b", "x" * 5000, "a\nb", 1, None, ["a"]]
)
def test_what_is_no_file_counts_as_it_is(state, value):
    assert state(value) == value


def test_all_files_below_a_folder_have_states(tmp_path):
    (tmp_path / "model" / "trees").mkdir(parents=True)
    (tmp_path / "model" / "trees" / "1.json").write_text("{}")
    assert ["model/trees/1.json", 2] in [state[:2] for state in list_states(tmp_path / "model")]


def test_a_link_that_leads_nowhere_hides_no_other_file(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link").symlink_to("nowhere")
    (tmp_path / "folder" / "file").write_text("1")
    assert len(list_states(tmp_path / "folder")) == 2


def test_a_file_that_does_not_exist_has_no_state(tmp_path):
    assert list_states(tmp_path / "none") == []
