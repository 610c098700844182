"""The files that locking writes, and the wheels that they name."""

from __future__ import annotations

from kfpkit.environments.files.imports_file import Distribution, Manifest, read, read_pin
from kfpkit.environments.files.lock import Lock, LockedPackage
from kfpkit.environments.files.lock_file import LockFile

__all__ = ["Distribution", "Lock", "LockFile", "LockedPackage", "Manifest", "read", "read_pin"]
