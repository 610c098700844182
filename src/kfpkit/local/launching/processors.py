"""Counts the processors that this process may use, possibly fewer than the machine has."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path

_UNLIMITED = {"max", "-1", ""}


def count_processors(root: Path = Path("/")) -> int:
    """Count the processors that this process may use, at least one.

    Args:
        root: The folder that contains `proc` and `sys`.
    """
    return max(1, math.floor(min([_count_allowed(), *_read_quotas(root)])))


def _count_allowed() -> int:
    """Count the processors on which the process may be scheduled."""
    if hasattr(os, "sched_getaffinity"):  # Linux
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read_quotas(root: Path) -> Iterator[float]:
    """Yield the quotas of the control groups around this process, in processors."""
    for group in _find_groups(root):
        for folder in (group, *group.parents):
            quota = _read_quota(folder)
            if quota is not None:
                yield quota
            if folder.name == "cgroup":
                break


def _find_groups(root: Path) -> Iterator[Path]:
    """Yield the folders of this process's control groups, of both versions.

    In a container, the path that the kernel reports may be one of the host. The container's own
    group is then the top.
    """
    mounted = root / "sys/fs/cgroup"
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        for top in (mounted / controllers, mounted / "cpu") if controllers else (mounted,):
            inside = top / path.lstrip("/")
            yield inside if inside.is_dir() else top


def _read_quota(group: Path) -> float | None:
    both = _read(group / "cpu.max").split()  # version 2
    if not both:
        both = [_read(group / f"cpu.cfs_{part}_us").strip() for part in ("quota", "period")]
    quota, period = both
    return None if quota in _UNLIMITED else int(quota) / int(period)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""
