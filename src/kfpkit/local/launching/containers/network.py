"""The network of a task's container, which is that of the process that starts it.

Emulators and many proxies listen on 127.0.0.1. This address belongs to the machine, or to the
container of kfpkit itself, for example in a step of continuous integration.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

_MOUNTS = Path("/proc/self/mountinfo")
# Whatever a container's host name and network are, an engine mounts this file of its folder.
_FOLDER = re.compile(r"/([0-9a-f]{64})/(?:userdata/)?hostname /etc/hostname ")


def choose_network_mode(engine: Any, *, on: bool) -> str:
    """Return the engine's name for the mode of a container's network.

    Args:
        engine: The docker library's client.
        on: Whether the container has network access.
    """
    if not on:
        return "none"
    around = _find_own_container(engine)
    if around is not None:
        return f"container:{around}"
    return "host" if sys.platform == "linux" else "bridge"


def _find_own_container(engine: Any) -> str | None:
    """Find the container of this process. None outside one, and in that of another engine."""
    from docker.errors import NotFound  # noqa: PLC0415 - an extra

    found = _FOLDER.search(_MOUNTS.read_text(encoding="utf-8")) if _MOUNTS.is_file() else None
    if found is None:
        return None
    try:
        return str(engine.containers.get(found[1]).id)
    except NotFound:
        return None
