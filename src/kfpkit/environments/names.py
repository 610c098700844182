"""What environments and Debian packages can be called."""

from __future__ import annotations

import re

from kfpkit.config import NAME

_LONGEST = 128  # of the 255 characters that registries allow, with all that stands before it
NAME_RULE = (
    "lower-case letters and digits, with `-`, `_` or `.` between them, "
    f"{_LONGEST} characters at most"
)
_DEBIAN_PACKAGE = re.compile(r"[a-z0-9][a-z0-9.+-]*[a-z0-9+](=[0-9][A-Za-z0-9.+:~-]*)?")


def is_valid_name(name: str) -> bool:
    """Say whether an environment's name can stand in an image reference."""
    return len(name) <= _LONGEST and re.fullmatch(NAME, name) is not None


def is_debian_package(package: object) -> bool:
    """Say whether something names a Debian package, with a version or without: `NAME=VERSION`.

    What ends in `-` is none: apt would remove the package.
    """
    return isinstance(package, str) and _DEBIAN_PACKAGE.fullmatch(package) is not None
