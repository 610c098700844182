"""Every error that kfpkit raises, in one tree.

    KfpkitError
    ├── ConfigError          a `[tool.kfpkit]` table or a pipeline configuration file is wrong
    ├── LoadError            a pipeline or a component cannot be loaded
    ├── ComponentError       the arguments of `@kfpkit.component` do not go together
    ├── BundleError          what a component needs cannot ship
    ├── EnvironmentsError    an environment is missing, stale or cannot be made
    └── LocalRunError        a run on this machine cannot start or has failed

Each class takes typed facts, keeps them as attributes and makes its own text: what is wrong, the
place where the author can act, and the next step last.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """Where in the author's files something stands.

    Args:
        file: The file.
        line: The line, counted from 1; None when the whole file is meant.
    """

    file: Path
    line: int | None = None

    def __str__(self) -> str:
        """Write the place as editors and terminals link it: `file:line`."""
        return str(self.file) if self.line is None else f"{self.file}:{self.line}"


class KfpkitError(Exception):
    """Whatever kfpkit refuses or cannot do; the command line prints its text and exits with 1."""


class ConfigError(KfpkitError):
    """A configuration file is wrong."""


class InvalidConfigError(ConfigError):
    """A configuration file does not parse, or holds a key or value that is not known."""

    def __init__(self, *, file: Path, problems: list[str]) -> None:
        """Say what is wrong in `file`, a line for each of `problems`."""
        self.file = file
        self.problems = problems
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"{file} is not a valid configuration:\n{listed}\nCorrect the file.")


class MissingConfigError(ConfigError):
    """A configuration file that was asked for does not exist."""

    def __init__(self, *, file: Path, beside: list[str]) -> None:
        """Name the missing `file` and the configuration files `beside` it."""
        self.file = file
        self.beside = beside
        have = ", ".join(f"`{name}`" for name in beside) or "none"
        super().__init__(
            f"The configuration file {file} does not exist. "
            f"Its folder has: {have}. Name one of these, or write the file."
        )


class LoadError(KfpkitError):
    """A pipeline or a component cannot be loaded."""


class ComponentError(KfpkitError):
    """The arguments of `@kfpkit.component` do not go together."""


class BundleError(KfpkitError):
    """What a component needs cannot ship."""


class EnvironmentsError(KfpkitError):
    """An environment is missing, stale or cannot be made."""


class LocalRunError(KfpkitError):
    """A run on this machine cannot start, or has failed."""
