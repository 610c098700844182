"""Every error that kfpkit raises, in one tree.

    KfpkitError
    ├── ConfigError          a `[tool.kfpkit]` table or a pipeline configuration file is wrong
    ├── LoadError            a pipeline or a component cannot be loaded
    ├── ComponentError       the arguments of `@kfpkit.component` do not go together
    ├── InvalidDestinationError
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


class MissingFileError(LoadError):
    """A pipeline or component file that was asked for does not exist."""

    def __init__(self, *, file: Path, wanted: str) -> None:
        """Name the missing `file` and what was `wanted` of it."""
        self.file = file
        self.wanted = wanted
        siblings = sorted(path.name for path in file.parent.glob("*.py"))
        have = ", ".join(f"`{name}`" for name in siblings) or "no Python file"
        super().__init__(
            f"The {wanted} {file} does not exist; its folder has {have}. "
            f"Give a Python file, or a folder with a `pipeline.py`."
        )


class ModuleFailedError(LoadError):
    """The author's module raises while it is imported."""

    def __init__(self, *, place: Place, cause: str) -> None:
        """Name the `place` in the author's code and the `cause`, as `Type: text`."""
        self.place = place
        self.cause = cause
        super().__init__(f"{place}: {cause}\nCorrect this line; it fails while it is imported.")


class NoPipelineError(LoadError):
    """A file defines no pipeline, or none of the name that was asked for."""

    def __init__(self, *, file: Path, name: str | None) -> None:
        """Name the `file` and the pipeline's `name`, if one was asked for."""
        self.file = file
        self.name = name
        called = "" if name is None else f" called `{name}`"
        super().__init__(
            f"{file} defines no pipeline{called}. Decorate a function with `@kfp.dsl.pipeline`."
        )


class AmbiguousPipelineError(LoadError):
    """A file defines several pipelines and none was named."""

    def __init__(self, *, file: Path, names: list[str]) -> None:
        """Name the `file` and the `names` of its pipelines."""
        self.file = file
        self.names = names
        listed = ", ".join(f"`{name}`" for name in names)
        super().__init__(
            f"{file} defines several pipelines: {listed}. Name one with `--pipeline NAME`."
        )


class MissingComponentError(LoadError):
    """A module has no component of the name that was asked for."""

    def __init__(self, *, reference: str, names: list[str]) -> None:
        """Name the `reference` and the `names` of the components that are there."""
        self.reference = reference
        self.names = names
        listed = ", ".join(f"`{name}`" for name in names) or "none"
        super().__init__(
            f"`{reference}` names no component; the module's components are: {listed}. "
            f"Write `package.module:name` or `path/to/file.py:name`."
        )


class ComponentError(KfpkitError):
    """The arguments of `@kfpkit.component` do not go together."""


class ConflictingOptionsError(ComponentError):
    """`environment=` stands beside an option that an environment replaces."""

    def __init__(self, *, place: Place, environment: str, option: str, value: object) -> None:
        """Name the `place`, the `environment`, and the `option` that goes not with it."""
        self.place = place
        self.environment = environment
        self.option = option
        self.value = value
        if option == "packages_to_install" and isinstance(value, (list, tuple)):
            packages = " ".join(f"'{package}'" for package in value)
            remedy = (
                f"Add the packages to the environment: `cd environments/{environment} && "
                f"poetry add --lock {packages}`, then `kfpkit env lock {environment}`."
            )
        elif option in {"base_image", "target_image"}:
            remedy = f"Keep one of them: the environment has an image of its own, or {option}."
        else:
            remedy = (
                f"Leave `{option}` out: the environment's packages are installed before the "
                f"task starts. `kfpkit env lock {environment}` locks a changed pyproject.toml."
            )
        super().__init__(
            f"{place}: `environment={environment!r}` and `{option}={value!r}` exclude each other, "
            f"since an environment holds locked packages only. {remedy}"
        )


class UnresolvedAnnotationError(ComponentError):
    """An annotation of a component's function names what does not exist at run time."""

    def __init__(self, *, place: Place, function: str, name: str) -> None:
        """Name the `place`, the `function` and the missing `name`."""
        self.place = place
        self.function = function
        self.name = name
        super().__init__(
            f"{place}: an annotation of `{function}` names `{name}`, which the module does not "
            f"define at run time; KFP reads annotations to learn the inputs and outputs. "
            f"Import `{name}` at the top of the module, not under `TYPE_CHECKING`."
        )


class InvalidDestinationError(KfpkitError):
    """A compiled pipeline cannot be written where it was asked for."""

    def __init__(self, *, file: Path, cause: str) -> None:
        """Name the `file` and the `cause`."""
        self.file = file
        self.cause = cause
        super().__init__(
            f"The pipeline cannot be written to {file}: {cause}. "
            f"Give a file that ends in `.yaml`, in a folder that can be written."
        )


class BundleError(KfpkitError):
    """What a component needs cannot ship."""


class EnvironmentsError(KfpkitError):
    """An environment is missing, stale or cannot be made."""


class LocalRunError(KfpkitError):
    """A run on this machine cannot start, or has failed."""
