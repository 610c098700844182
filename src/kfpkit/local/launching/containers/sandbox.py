"""What a container may do, whose command is a task: little, as in the strictest of clusters.

- a root file system that nothing can be written to, and a `/tmp` in memory;
- the user's own user number, so that the user can read what it writes (another one than root's,
  also where root starts the run), no capabilities and no way to gain them;
- the folders of the task, and what it reads, at the same paths as on this machine;
- the network of who starts it, since emulators and proxies listen on 127.0.0.1: the machine's own,
  or that of the container that kfpkit itself runs in; or none at all.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from kfpkit.engine import make_sealed_options
from kfpkit.local.launching.execution import Execution
from kfpkit.local.launching.threads import limit_threads
from kfpkit.local.launching.variables import NAMING_FILES, select_for_containers

_NOT_ROOT = 65532  # the user of kfpkit's own images
_HOST = "host.docker.internal"


def make_sandbox_options(
    execution: Execution, *, security: Collection[str], network: str
) -> dict[str, Any]:
    """Return the docker library's options for a container.

    Args:
        execution: What runs in it; its folders are handed to the container's user.
        security: The engine's security options.
        network: The mode of its network, which `network` knows.
    """
    user = _user(security)
    return {
        "environment": _variables(execution, network=network),
        "user": f"{user[0]}:{user[1]}",
        "mounts": _make_mounts(execution, user),
        **make_sealed_options(network=network, security=_labels(security)),
    }


def _user(security: Collection[str]) -> tuple[int, int]:
    """Return the container's user and group, by numbers."""
    if any("rootless" in option for option in security):
        return 0, 0  # there, the container's root is the user on this machine
    return (os.getuid(), os.getgid()) if os.getuid() else (_NOT_ROOT, _NOT_ROOT)


def _labels(security: Collection[str]) -> tuple[str, ...]:
    """Let SELinux pass the mounted folders, which it would hide; their labels stay as they are."""
    return ("label=disable",) if any("selinux" in option for option in security) else ()


def _make_mounts(execution: Execution, user: tuple[int, int]) -> list[Any]:
    from docker.types import Mount  # noqa: PLC0415 - an extra

    writes = dict.fromkeys([execution.folder, *execution.writes])
    for folder in writes:
        if os.getuid() == 0:
            os.chown(folder, *user)
    own = {name: value for name, value in execution.variables.items() if name in NAMING_FILES}
    files = (Path(value) for value in {**select_for_containers(), **own}.values())
    reads = [
        *(path for path in execution.reads if path.exists()),
        *(file for file in files if file.is_absolute() and file.is_file()),
    ]
    read_only = {**dict.fromkeys(reads, True), **dict.fromkeys(writes, False)}
    return [
        Mount(str(path), str(path), type="bind", read_only=value)
        for path, value in read_only.items()
    ]


def _variables(execution: Execution, *, network: str) -> Mapping[str, str]:
    given = {**select_for_containers(), **execution.variables}
    variables = limit_threads(given, execution.threads)
    if network == "bridge":
        # Containers are in a virtual machine there, and this machine has a name of its own.
        return {name: value.replace("127.0.0.1", _HOST) for name, value in variables.items()}
    return variables
