"""Refused settings and configurations, and projects that cannot be created."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kfpkit.errors.base import ConfigError, NewProjectError
from kfpkit.place import Place
from kfpkit.wording import find_nearest, indent, quote_all


class InvalidConfigError(ConfigError):
    """A `[tool.kfpkit]` table does not parse, or contains an unknown key or an invalid value."""

    def __init__(self, *, file: Path, problems: list[str]) -> None:
        """List the `problems` in `file`, one per line."""
        self.file = file
        self.problems = problems
        listed = indent(problems)
        super().__init__(f"{file} is not a valid configuration:\n{listed}\nCorrect the file.")


class InvalidRegistryError(ConfigError):
    """A registry cannot be part of an image reference."""

    def __init__(self, *, registry: str, where: str) -> None:
        """Name the `registry`, and `where` it was set."""
        self.registry = registry
        self.where = where
        super().__init__(
            f"`{registry}` is not a valid registry. Write `HOST/PATH` in lower case, without "
            "`https://` or a trailing slash, such as "
            f"`europe-docker.pkg.dev/project/repository`. Correct {where}."
        )


@dataclass(frozen=True, kw_only=True)
class ConfigurationFault:
    """One fault of a configuration.

    Args:
        where: The place in a file, or the name of the option or variable.
        problem: What is wrong, and what to write instead.
        key: The key that is wrong, as names from the top.
    """

    where: Place | str
    problem: str
    key: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Format the fault as one line."""
        return f"{self.where}: {self.problem}"


class InvalidConfigurationError(ConfigError):
    """The configuration of a run has faults."""

    def __init__(self, *, faults: Sequence[ConfigurationFault]) -> None:
        """List all `faults`, one per line, ordered by file and line."""
        self.faults = tuple(sorted(dict.fromkeys(faults), key=_order))
        count = len(self.faults)
        counted = "1 problem" if count == 1 else f"{count} problems"
        remedy = "Correct it." if count == 1 else "Correct each of them."
        super().__init__(f"The configuration has {counted}:\n{indent(self.faults)}\n{remedy}")


class MissingConfigError(ConfigError):
    """The requested configuration file does not exist."""

    def __init__(self, *, file: Path, beside: list[str]) -> None:
        """Name the missing `file` and the configuration files that the pipeline has `beside` it."""
        self.file = file
        self.beside = beside
        have = quote_all(beside)
        super().__init__(
            f"The configuration file {file} does not exist. "
            f"The pipeline has: {have}. Choose one of them, or create the file."
        )


class ParameterModelError(ConfigError):
    """The file with the model of a pipeline's parameters doesn't define it under its name."""

    def __init__(self, *, file: Path, models: list[str]) -> None:
        """Name the `file`, and the `models` that it defines under other names."""
        self.file = file
        self.models = models
        found = f"It defines the models {quote_all(models)}. " if models else ""
        super().__init__(
            f"{file} defines no pydantic model named `Parameters`. kfpkit uses this model to check "
            f"the parameters of the pipeline beside it. {found}Name the model `Parameters`, or, if "
            "the file has another purpose, rename the file."
        )


class UnwritableSchemaError(ConfigError):
    """The JSON Schema of a configuration cannot be written to its destination."""

    def __init__(self, *, file: Path, cause: str) -> None:
        """Name the `file` and the `cause`."""
        self.file = file
        self.cause = cause
        super().__init__(
            f"The schema cannot be written to {file}: {cause}. Choose another `--output`, in a "
            "folder that you can write to."
        )


class InvalidProjectNameError(NewProjectError):
    """The name of a new project is invalid."""

    def __init__(self, *, name: str, problem: str, suggestion: str | None) -> None:
        """State the `problem` with the `name`, and the `suggestion` of another one."""
        self.name = name
        self.problem = problem
        self.suggestion = suggestion
        remedy = f"Use `{suggestion}`, for example." if suggestion else "Choose another name."
        super().__init__(f"The project name `{name}` {problem}. {remedy}")


class UnknownCatalogueComponentError(ConfigError):
    """The catalogue lacks a component of this name."""

    def __init__(self, *, name: str, known: Sequence[str]) -> None:
        """Name the component by its `name`, and the `known` ones."""
        self.name = name
        self.known = tuple(known)
        near = find_nearest(name, known)
        suggestion = f"Did you mean `{near}`? " if near else ""
        super().__init__(
            f"The catalogue has no component `{name}`. {suggestion}"
            "`kfpkit components list` prints all names."
        )


class UnknownTemplateError(NewProjectError):
    """A new project was to be made from a template that doesn't exist."""

    def __init__(self, *, name: str, known: Sequence[str]) -> None:
        """Name the template by its `name`, and the `known` ones."""
        self.name = name
        self.known = tuple(known)
        near = find_nearest(name, known)
        remedy = f"Did you mean `{near}`?" if near else f"Choose among {quote_all(known)}."
        super().__init__(f"There is no template `{name}` for new projects. {remedy}")


class FolderInUseError(NewProjectError):
    """The folder of a new project is not empty, or is a file."""

    def __init__(self, *, folder: Path, found: Sequence[str]) -> None:
        """Name the `folder` and what was `found` in it, which is empty if it is a file."""
        self.folder = folder
        self.found = tuple(found)
        problem = f"is not empty: it contains `{found[0]}`" if found else "is not a folder"
        moved = "its content" if found else "the file"
        super().__init__(f"{folder} {problem}. Choose another name, or move {moved} elsewhere.")


class UnwritableFolderError(NewProjectError):
    """The folder of a new project is not writable."""

    def __init__(self, *, folder: Path, cause: str) -> None:
        """Name the `folder` and the `cause`."""
        self.folder = folder
        self.cause = cause
        super().__init__(
            f"The project cannot be written to {folder}: {cause}. "
            "Free up disk space, or choose a folder that you can write to."
        )


class WheelNotMadeError(NewProjectError):
    """A new project needs a wheel of kfpkit, which cannot be built."""

    def __init__(self, *, origin: str, said: str) -> None:
        """Name the `origin` that kfpkit was installed from, and pip's last output."""
        self.origin = origin
        self.said = said
        tail = "".join(f"  {line}\n" for line in said.splitlines()[-6:])
        super().__init__(
            f"kfpkit was installed from {origin}, not from a package index, so a new project needs "
            f"a wheel of it, which pip cannot build:\n{tail}"
            "Install kfpkit from a wheel or an index, and run the command again."
        )


def _order(fault: ConfigurationFault) -> tuple[str, int, str]:
    if isinstance(fault.where, Place):
        return str(fault.where.file), fault.where.line or 0, fault.problem
    return "~", 0, str(fault)  # after the files
