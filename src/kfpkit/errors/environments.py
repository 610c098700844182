"""Environments, and the tools that lock and install them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kfpkit.errors.base import EnvironmentsError
from kfpkit.place import Place
from kfpkit.wording import find_nearest, indent, quote_all


class UnknownEnvironmentError(EnvironmentsError):
    """The requested environment does not exist.

    Attributes:
        place: The place that requests it, if known.
        binds: The component to rebind to another environment, if the author cannot edit it.
    """

    def __init__(
        self, *, name: str, known: Sequence[str], folder: Path, shipped: Sequence[str] = ()
    ) -> None:
        """Give the `name`, those `known` in `folder`, and those that kfpkit has `shipped`."""
        self.name = name
        self.known = tuple(known)
        self.folder = folder
        self.shipped = tuple(shipped)
        self.nearest = find_nearest(name, known)
        self.place: Place | None = None
        self.binds: str | None = None
        super().__init__(name)

    def at(self, place: Place, *, binds: str | None = None) -> UnknownEnvironmentError:
        """Return the same error with the place that requests the environment.

        Args:
            place: The place.
            binds: The component, if the author can rebind it but not edit it.
        """
        placed = UnknownEnvironmentError(
            name=self.name, known=self.known, folder=self.folder, shipped=self.shipped
        )
        placed.place = place
        placed.binds = binds
        return placed

    def __str__(self) -> str:
        """State what is missing, what exists, and how to create it."""
        start = "The" if self.place is None else f"{self.place}: the"
        listed = quote_all(self.known)
        return (
            f"{start} environment `{self.name}` does not exist. {self.folder} has: {listed}. "
            f"{self._remedy}"
        )

    @property
    def _remedy(self) -> str:
        named = f'`{self.binds}.in_environment("{{}}")`' if self.binds else "`{}`"
        is_shipped = self.name in self.shipped
        add = (
            f"run `kfpkit env new {self.name} --from kfpkit:{self.name}` to copy the one that "
            "kfpkit provides."
            if is_shipped
            else f"run `kfpkit env new {self.name} --with PACKAGE` to create and lock it."
        )
        if self.nearest is not None:
            asked = f"Did you mean {named.format(self.nearest)}?"
            return f"{asked} Otherwise, {add}" if is_shipped else asked
        if not self.known:
            return f"{add[0].upper()}{add[1:]}"
        choose = f"Rebind it, {named.format('NAME')}" if self.binds else "Choose one of these"
        return f"{choose}, or {add}"


class UnknownShippedEnvironmentError(EnvironmentsError):
    """kfpkit does not provide the requested environment."""

    def __init__(self, *, origin: str, known: Sequence[str]) -> None:
        """Give the requested `origin`, and the `known` names that kfpkit provides."""
        self.origin = origin
        self.known = tuple(known)
        self.nearest = find_nearest(origin.removeprefix("kfpkit:"), known)
        listed = ", ".join(f"`kfpkit:{name}`" for name in known)
        remedy = (
            f"Did you mean `kfpkit:{self.nearest}`?"
            if self.nearest
            else f"Choose one of: {listed}."
        )
        super().__init__(f"kfpkit does not provide the environment `{origin}`. {remedy}")


class NoEnvironmentsError(EnvironmentsError):
    """A project that should have environments has none."""

    def __init__(self, *, folder: Path) -> None:
        """Name the `folder` that holds a project's environments."""
        self.folder = folder
        super().__init__(
            f"{folder} has no environments. "
            "To create and lock one, run `kfpkit env new NAME --with PACKAGE`. To copy one that "
            "kfpkit provides, run `kfpkit env new sklearn --from kfpkit:sklearn`."
        )


class InvalidEnvironmentError(EnvironmentsError):
    """An environment's folder or its `pyproject.toml` is invalid."""

    def __init__(self, *, name: str, file: Path, problem: str, remedy: str) -> None:
        """State the `problem` with the environment `name` in `file`, and the `remedy`."""
        self.name = name
        self.place = Place(file)
        self.problem = problem
        super().__init__(f"{file}: the environment `{name}` {problem}. {remedy}")


class StaleLockError(EnvironmentsError):
    """A lock or import table is missing or out of date."""

    def __init__(self, *, name: str, file: Path, problem: str) -> None:
        """State what is out of date in `file` of the environment `name`."""
        self.name = name
        self.place = Place(file)
        self.problem = problem
        super().__init__(f"{file}: {problem}. Run `kfpkit env lock {name}` and commit the result.")


class BrokenLockError(EnvironmentsError):
    """A lock is damaged, for example by a merge with conflicts."""

    def __init__(self, *, name: str, file: Path, cause: str) -> None:
        """Give the `cause` in `file`, the lock of the environment `name`."""
        self.name = name
        self.place = Place(file)
        self.cause = cause
        super().__init__(
            f"{file}: the lock of the environment `{name}` cannot be read: {cause}. Restore it "
            f"from version control, or run `kfpkit env lock {name} --upgrade` to lock the latest "
            "allowed versions."
        )


class UninstallableLockError(EnvironmentsError):
    """A lock resolves, but its packages cannot be installed in a container."""

    def __init__(
        self, *, name: str, file: Path, problems: Sequence[str], remedy: str | None = None
    ) -> None:
        """List the `problems` of the lock made from `file`, and the `remedy`."""
        self.name = name
        self.place = Place(file)
        self.problems = tuple(problems)
        listed = indent(problems)
        super().__init__(
            f"The environment `{name}` was not locked, because its packages cannot be installed:\n"
            f"{listed}\n" + (remedy or f"Change the dependencies in {file} and lock again.")
        )


class EnvironmentExistsError(EnvironmentsError):
    """The environment to create exists already."""

    def __init__(self, *, name: str, folder: Path) -> None:
        """Name the environment and its `folder`."""
        self.name = name
        self.folder = folder
        super().__init__(
            f"{folder} already exists. To change this environment, edit the dependencies in its "
            f"pyproject.toml and run `kfpkit env lock {name}`. To create a new one, choose another "
            "name."
        )


class InvalidRequirementError(EnvironmentsError):
    """A requirement for a new environment is invalid."""

    def __init__(self, *, requirement: str, problem: str, remedy: str) -> None:
        """State the `problem` with the `requirement`, and the `remedy`."""
        self.requirement = requirement
        self.problem = problem
        super().__init__(f"The requirement `{requirement}` {problem}. {remedy}")


class InvalidPythonVersionError(EnvironmentsError):
    """The Python version for an environment is invalid or not supported."""

    def __init__(self, *, version: str, supported: Sequence[str]) -> None:
        """Name the `version`, and those that are `supported`, in order."""
        self.version = version
        self.supported = tuple(supported)
        super().__init__(
            f"`{version}` is not a supported Python version. Specify a minor version from "
            f"`{supported[0]}` to `{supported[-1]}`, such as `3.12`."
        )
