from __future__ import annotations

import os

import pytest

from kfpkit.local.launching.processors import count_processors

SOME = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


@pytest.fixture
def machine(tmp_path):
    """Return a function that writes what a kernel says of control groups, and gives the root."""

    def write(files):
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path

    return write


def test_without_control_groups_those_that_the_process_may_use_count(machine):
    assert count_processors(machine({})) == SOME


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="Linux only")
def test_an_affinity_counts(machine):
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert count_processors(machine({})) == 1
    finally:
        os.sched_setaffinity(0, before)


@pytest.mark.parametrize(
    ("quota", "count"), [("max 100000", SOME), ("100000 100000", 1), ("20000 100000", 1)]
)
def test_a_quota_of_the_group_or_of_one_around_it_counts(machine, quota, count):
    root = machine(
        {
            "proc/self/cgroup": "0::/user.slice/session.scope\n",
            "sys/fs/cgroup/user.slice/session.scope/cpu.max": "max 100000\n",
            "sys/fs/cgroup/user.slice/cpu.max": f"{quota}\n",
        }
    )
    assert count_processors(root) == count


def test_a_container_that_sees_the_path_outside_has_its_own_group_at_the_top(machine):
    root = machine(
        {
            "proc/self/cgroup": "0::/docker/0123\n",
            "sys/fs/cgroup/cpu.max": "100000 100000\n",
        }
    )
    assert count_processors(root) == 1


@pytest.mark.parametrize(("quota", "count"), [("-1", SOME), ("150000", 1)])
def test_control_groups_of_the_first_version_count(machine, quota, count):
    root = machine(
        {
            "proc/self/cgroup": "4:memory:/a\n3:cpu,cpuacct:/a\n1:name=systemd:/a\n",
            "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": f"{quota}\n",
            "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000\n",
        }
    )
    assert count_processors(root) == count
