"""Which run a word stands for."""

from __future__ import annotations

import pytest

from kfpkit.errors import AmbiguousRunError, UnknownRunError
from kfpkit.runs.history.naming import choose_name

NAMES = [
    "20261103-090000-001-training",
    "20261102-120000-500-training",
    "20261102-110000-250-seed",
]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("latest", NAMES[0]),
        ("latest~0", NAMES[0]),
        ("latest~2", NAMES[2]),
        (NAMES[1], NAMES[1]),
        ("20261103", NAMES[0]),
        ("20261102-12", NAMES[1]),
    ],
)
def test_a_run_is_meant_by_its_place_or_by_the_beginning_of_its_name(wanted, name):
    assert choose_name(wanted, NAMES) == name


def test_a_whole_name_wins_over_those_that_begin_with_it():
    names = ["20261102-110000-250-seed-2", "20261102-110000-250-seed"]

    assert choose_name(names[1], names) == names[1]


def test_the_beginning_of_several_names_is_refused_with_all_of_them():
    with pytest.raises(AmbiguousRunError) as caught:
        choose_name("20261102", NAMES)

    assert caught.value.found == NAMES[1:]
    assert str(caught.value) == (
        "2 runs have names that start with `20261102`:\n"
        "  20261102-120000-500-training\n"
        "  20261102-110000-250-seed\n"
        "Add more characters of the name, or use one of these."
    )


@pytest.mark.parametrize("wanted", ["", "latest~3", "seed", "2025", "latest~x"])
def test_a_run_that_is_not_there_is_refused(wanted):
    with pytest.raises(UnknownRunError, match=r"kfpkit runs list"):
        choose_name(wanted, NAMES)


def test_an_unknown_run_names_the_nearest():
    with pytest.raises(UnknownRunError, match=r"Did you mean `20261103-090000-001-training`\?"):
        choose_name("20261103-090000-002-training", NAMES)


def test_without_runs_the_next_step_is_to_run_a_pipeline():
    with pytest.raises(UnknownRunError, match=r"There are no runs yet.*`kfpkit run PIPELINE`"):
        choose_name("latest", [])
