from __future__ import annotations

import pytest

from kfpkit.local.launching.threads import limit_threads
from kfpkit.local.launching.variables import select_for_containers, select_inherited


def test_a_task_gets_its_share():
    limited = limit_threads({"HOME": "/h"}, 2)
    assert limited["HOME"] == "/h"
    assert limited["OMP_NUM_THREADS"] == limited["LOKY_MAX_CPU_COUNT"] == "2"


def test_what_the_author_sets_wins():
    limited = limit_threads({"OMP_NUM_THREADS": "4"}, 1)
    assert (limited["OMP_NUM_THREADS"], limited["POLARS_MAX_THREADS"]) == ("4", "1")


def test_what_follows_openmp_is_left_to_follow_it():
    assert "OPENBLAS_NUM_THREADS" not in limit_threads({}, 1)


def test_without_a_share_nothing_is_set():
    assert limit_threads({"HOME": "/h"}, None) == {"HOME": "/h"}


@pytest.mark.parametrize("choose", [select_inherited, select_for_containers])
@pytest.mark.parametrize("name", ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"])
def test_the_users_shell_reaches_the_task(choose, name):
    assert choose({name: "3"})[name] == "3"
