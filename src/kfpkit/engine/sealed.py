"""A sealed container, which may do as little as a container in the strictest cluster."""

from __future__ import annotations

from typing import Any


def make_sealed_options(*, network: str = "none", security: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the docker library's options for a sealed container.

    It has a read-only root file system, a `/tmp` in memory, no capabilities, and no way to gain
    any.

    Args:
        network: The mode of its network.
        security: Further security options.
    """
    return {
        "network_mode": network,
        "read_only": True,
        "tmpfs": {"/tmp": "rw,exec,nosuid,nodev,mode=1777"},  # noqa: S108 - the container's
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true", *security],
    }
