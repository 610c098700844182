"""The valid names of environments and Debian packages."""

from __future__ import annotations

import re

from kfpkit.project import NAME

_LONGEST = 128  # of the 255 characters that registries allow, with all that stands before it
NAME_RULE = (
    "lower-case letters and digits, with `-`, `_` or `.` between them, "
    f"{_LONGEST} characters at most"
)
_DEBIAN_PACKAGE = re.compile(r"[a-z0-9][a-z0-9.+-]*[a-z0-9+](=[0-9][A-Za-z0-9.+:~-]*)?")


def is_valid_name(name: str) -> bool:
    """Return whether an environment's name is valid in an image reference."""
    return len(name) <= _LONGEST and re.fullmatch(NAME, name) is not None


def is_debian_package(package: object) -> bool:
    """Return whether a string names a Debian package, with or without a version: `NAME=VERSION`.

    A string that ends in `-` doesn't: apt would remove the package.
    """
    return isinstance(package, str) and _DEBIAN_PACKAGE.fullmatch(package) is not None
