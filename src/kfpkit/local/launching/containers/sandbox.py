"""The limits of a task's container, which are those of the strictest cluster.

- A read-only root file system, and a `/tmp` in memory.
- The user's own user ID, so that the user can read its files (a different one if root starts the
  run), no capabilities, and no way to gain any.
- The folders of the task, and the files that it reads, at the same paths as on this machine.
- The network of the process that starts it, because emulators and proxies listen on 127.0.0.1: that
  of the machine, or of the container of kfpkit itself. Or no network.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import Any

from kfpkit.engine import make_sealed_options
from kfpkit.local.launching.execution import Execution
from kfpkit.local.launching.variables import list_named_files, set_for_container

_NOT_ROOT = 65532  # the user of kfpkit's own images


def make_sandbox_options(
    execution: Execution, *, security: Collection[str], network: str
) -> dict[str, Any]:
    """Return the docker library's options for a container.

    Args:
        execution: The command. Its folders are given to the container's user.
        security: The engine's security options.
        network: The mode of its network, from `network`.
    """
    user = _user(security)
    return {
        "environment": set_for_container(
            execution.variables, network=network, threads=execution.threads
        ),
        "user": f"{user[0]}:{user[1]}",
        "mounts": _make_mounts(execution, user),
        **make_sealed_options(network=network, security=_labels(security)),
    }


def _user(security: Collection[str]) -> tuple[int, int]:
    """Return the IDs of the container's user and group."""
    if any("rootless" in option for option in security):
        return 0, 0  # there, the container's root is the user on this machine
    return (os.getuid(), os.getgid()) if os.getuid() else (_NOT_ROOT, _NOT_ROOT)


def _labels(security: Collection[str]) -> tuple[str, ...]:
    """Let SELinux show the mounted folders, which it would hide, without changing their labels."""
    return ("label=disable",) if any("selinux" in option for option in security) else ()


def _make_mounts(execution: Execution, user: tuple[int, int]) -> list[Any]:
    from docker.types import Mount  # noqa: PLC0415 - an extra

    writes = dict.fromkeys([execution.folder, *execution.writes])
    for folder in writes:
        if os.getuid() == 0:
            os.chown(folder, *user)
    reads = [
        *(path for path in execution.reads if path.exists()),
        *list_named_files(execution.variables),
    ]
    read_only = {**dict.fromkeys(reads, True), **dict.fromkeys(writes, False)}
    return [
        Mount(str(path), str(path), type="bind", read_only=value)
        for path, value in read_only.items()
    ]
