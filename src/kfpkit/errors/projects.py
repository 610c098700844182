"""Refused configuration files, and projects that cannot be created."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kfpkit.errors.base import ConfigError, NewProjectError
from kfpkit.wording import indent, quote_all


class InvalidConfigError(ConfigError):
    """A configuration file does not parse, or holds a key or value that is not known."""

    def __init__(self, *, file: Path, problems: list[str]) -> None:
        """Say what is wrong in `file`, a line for each of `problems`."""
        self.file = file
        self.problems = problems
        listed = indent(problems)
        super().__init__(f"{file} is not a valid configuration:\n{listed}\nCorrect the file.")


class InvalidRegistryError(ConfigError):
    """What should stand before the names of images cannot stand in an image reference."""

    def __init__(self, *, registry: str, where: str) -> None:
        """Name the `registry`, and `where` it was set."""
        self.registry = registry
        self.where = where
        super().__init__(
            f"`{registry}` is not a registry: it is written as `HOST/PATH`, without `https://`, in "
            "lower case and without a slash at its end, such as "
            f"`europe-docker.pkg.dev/project/repository`. Correct {where}."
        )


class MissingConfigError(ConfigError):
    """A configuration file that was asked for does not exist."""

    def __init__(self, *, file: Path, beside: list[str]) -> None:
        """Name the missing `file` and the configuration files `beside` it."""
        self.file = file
        self.beside = beside
        have = quote_all(beside)
        super().__init__(
            f"The configuration file {file} does not exist. "
            f"Its folder has: {have}. Name one of these, or write the file."
        )


class InvalidProjectNameError(NewProjectError):
    """No project can have a name."""

    def __init__(self, *, name: str, problem: str, suggestion: str | None) -> None:
        """Say what the `problem` is with the `name`, with another one as a `suggestion`."""
        self.name = name
        self.problem = problem
        self.suggestion = suggestion
        remedy = f"Take `{suggestion}`, for example." if suggestion else "Choose another name."
        super().__init__(f"The project name `{name}` {problem}. {remedy}")


class FolderInUseError(NewProjectError):
    """The folder of a new project is not empty, or is a file."""

    def __init__(self, *, folder: Path, found: Sequence[str]) -> None:
        """Name the `folder` and what was `found` in it; nothing if it is no folder."""
        self.folder = folder
        self.found = tuple(found)
        problem = f"is not empty: it has `{found[0]}`" if found else "is not a folder"
        super().__init__(f"{folder} {problem}. Choose another name, or move it away.")


class UnwritableFolderError(NewProjectError):
    """A new project cannot be written where it is to be."""

    def __init__(self, *, folder: Path, cause: str) -> None:
        """Name the `folder` and the `cause`."""
        self.folder = folder
        self.cause = cause
        super().__init__(
            f"The project cannot be written to {folder}: {cause}. "
            "Free some space there, or choose a folder that you can write to."
        )


class WheelNotMadeError(NewProjectError):
    """A new project needs a wheel of kfpkit, which cannot be made."""

    def __init__(self, *, origin: str, said: str) -> None:
        """Name the `origin` that kfpkit was installed from, and what pip `said` last."""
        self.origin = origin
        self.said = said
        tail = "".join(f"  {line}\n" for line in said.splitlines()[-6:])
        super().__init__(
            f"kfpkit was installed from {origin} and from no package index, so a new project needs "
            f"its wheel, which pip cannot make:\n{tail}"
            "Install kfpkit from a wheel or an index, and run the command again."
        )
