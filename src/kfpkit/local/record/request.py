"""The user's request for a run, in the form of the record."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from kfpkit.runs.record import ConfigurationFile


@dataclass(frozen=True, kw_only=True)
class Request:
    """The user's request on the command line.

    Args:
        command: The command line.
        configuration: The configuration file, if any.
    """

    command: tuple[str, ...]
    configuration: Path | None = None

    def describe_configuration(self, root: Path) -> ConfigurationFile | None:
        """Return the configuration file for the record. None without one.

        Args:
            root: The project's folder. The path becomes relative to it.
        """
        if self.configuration is None:
            return None
        try:
            content = self.configuration.read_bytes()
        except OSError:  # it was there a moment ago
            return None
        file = shorten_file(self.configuration, root)
        return ConfigurationFile(file=file, digest=hashlib.sha256(content).hexdigest())


def shorten_file(file: Path, root: Path) -> str:
    """Return the path of an author's file in the form of the record.

    Args:
        file: The file.
        root: The project's folder.

    Returns:
        The path relative to the project, or the unchanged path for a file outside it.
    """
    whole = file.absolute()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else str(file)
