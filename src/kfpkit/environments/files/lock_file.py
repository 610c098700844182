"""The `poetry.lock` of an environment, read only as far as needed."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from kfpkit.environments.files.lock import Lock, parse, read_poetry_hash
from kfpkit.environments.text_digests import compute_digest
from kfpkit.errors import BrokenLockError, StaleLockError


@dataclass(frozen=True, kw_only=True)
class LockFile:
    """An environment's `poetry.lock`, which need not exist.

    It is read when it is first needed, and parsed as a whole only for `content`.

    Args:
        environment: The environment's name.
        path: The file.
    """

    environment: str
    path: Path

    @functools.cached_property
    def text(self) -> str:
        """The content of the file, as a string.

        Raises:
            StaleLockError: There is no readable lock.
            BrokenLockError: It isn't UTF-8 text.
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
        """The parsed content of the file.

        Raises:
            StaleLockError: There is no readable lock.
            BrokenLockError: It isn't TOML, or Poetry didn't write it.
        """
        try:
            return parse(self.text)
        except ValueError as error:
            raise self._broken(str(error)) from None

    @functools.cached_property
    def poetry_hash(self) -> str:
        """Poetry's digest of the dependencies that the lock was made from. "" without one."""
        return read_poetry_hash(self.text)

    @functools.cached_property
    def digest(self) -> str:
        """The digest of the lock that `imports.json` contains."""
        return compute_digest(self.text)

    def require_readable(self) -> None:
        """Refuse a lock that can't be read as a whole.

        Raises:
            StaleLockError: There is no readable lock.
            BrokenLockError: It isn't TOML, or Poetry didn't write it.
        """
        _ = self.content

    def _broken(self, cause: str) -> BrokenLockError:
        return BrokenLockError(name=self.environment, file=self.path, cause=cause)
