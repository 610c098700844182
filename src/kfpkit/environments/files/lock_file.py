"""The `poetry.lock` of an environment, as far as somebody asks for it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from kfpkit.environments.digests import compute_digest
from kfpkit.environments.files.lock import Lock, parse, read_poetry_hash
from kfpkit.errors import BrokenLockError, StaleLockError


@dataclass(frozen=True, kw_only=True)
class LockFile:
    """An environment's `poetry.lock`, which need not exist.

    It is read when it is first asked about, and parsed as a whole only for `content`.

    Args:
        environment: The environment's name.
        path: The file.
    """

    environment: str
    path: Path

    @functools.cached_property
    def text(self) -> str:
        """The text of the file.

        Raises:
            StaleLockError: There is no lock that can be read.
            BrokenLockError: It is not a text.
        """
        try:
            return self.path.read_text(encoding="utf-8")
        except OSError:
            problem = f"the environment `{self.environment}` has no readable lock"
            raise StaleLockError(name=self.environment, file=self.path, problem=problem) from None
        except UnicodeDecodeError:
            raise self._broken("it is not UTF-8 text") from None

    @functools.cached_property
    def content(self) -> Lock:
        """What the file pins.

        Raises:
            StaleLockError: There is no lock that can be read.
            BrokenLockError: It is not TOML, or has other content than Poetry writes.
        """
        try:
            return parse(self.text)
        except ValueError as error:
            raise self._broken(str(error)) from None

    @functools.cached_property
    def poetry_hash(self) -> str:
        """Poetry's digest of the dependencies that the lock was made from; "" without one."""
        return read_poetry_hash(self.text)

    @functools.cached_property
    def digest(self) -> str:
        """The digest of the lock that `imports.json` carries."""
        return compute_digest(self.text)

    def require_readable(self) -> None:
        """Refuse a lock that cannot be read as a whole.

        Raises:
            StaleLockError: There is no lock that can be read.
            BrokenLockError: It is not TOML, or has other content than Poetry writes.
        """
        _ = self.content

    def _broken(self, cause: str) -> BrokenLockError:
        return BrokenLockError(name=self.environment, file=self.path, cause=cause)
