from __future__ import annotations

from kfpkit.local.launching.threads import share_threads


def test_a_task_gets_its_share():
    shared = share_threads(2)
    assert shared["OMP_NUM_THREADS"] == shared["LOKY_MAX_CPU_COUNT"] == "2"


def test_what_follows_openmp_is_left_to_follow_it():
    assert "OPENBLAS_NUM_THREADS" not in share_threads(1)


def test_without_a_share_nothing_is_set():
    assert share_threads(None) == {}
