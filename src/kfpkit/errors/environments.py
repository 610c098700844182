"""Environments, and the tools that lock and install them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kfpkit.errors.base import EnvironmentsError
from kfpkit.place import Place
from kfpkit.wording import find_nearest, indent, quote_all


class UnknownEnvironmentError(EnvironmentsError):
    """An environment that was asked for does not exist.

    Attributes:
        place: The place that asks for it, as far as it is known.
        binds: The component to bind to another environment, where the author cannot edit it.
    """

    def __init__(
        self, *, name: str, known: Sequence[str], folder: Path, shipped: Sequence[str] = ()
    ) -> None:
        """Name what is asked for, what is `known` below `folder`, and what kfpkit has `shipped`."""
        self.name = name
        self.known = tuple(known)
        self.folder = folder
        self.shipped = tuple(shipped)
        self.nearest = find_nearest(name, known)
        self.place: Place | None = None
        self.binds: str | None = None
        super().__init__(name)

    def at(self, place: Place, *, binds: str | None = None) -> UnknownEnvironmentError:
        """Return the same refusal with the place that asks for the environment.

        Args:
            place: The place.
            binds: The component, where the author can bind it and not edit it.
        """
        placed = UnknownEnvironmentError(
            name=self.name, known=self.known, folder=self.folder, shipped=self.shipped
        )
        placed.place = place
        placed.binds = binds
        return placed

    def __str__(self) -> str:
        """Say what is missing, what there is, and how to get it."""
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
            f"run `kfpkit env new {self.name} --from kfpkit:{self.name}`, which takes kfpkit's own "
            "with its lock."
            if is_shipped
            else f"run `kfpkit env new {self.name} --with PACKAGE`, which writes and locks it."
        )
        if self.nearest is not None:
            asked = f"Did you mean {named.format(self.nearest)}?"
            return f"{asked} Otherwise {add}" if is_shipped else asked
        if not self.known:
            return f"{add[0].upper()}{add[1:]}"
        choose = f"Bind it to one of these, {named.format('NAME')}" if self.binds else "Name one"
        return f"{choose}, or {add}"


class UnknownShippedEnvironmentError(EnvironmentsError):
    """An environment that is to come from kfpkit is none of kfpkit's own."""

    def __init__(self, *, origin: str, known: Sequence[str]) -> None:
        """Name the `origin` that was asked for, and the `known` names of kfpkit's own."""
        self.origin = origin
        self.known = tuple(known)
        self.nearest = find_nearest(origin.removeprefix("kfpkit:"), known)
        listed = ", ".join(f"`kfpkit:{name}`" for name in known)
        remedy = (
            f"Did you mean `kfpkit:{self.nearest}`?" if self.nearest else f"Take one of: {listed}."
        )
        super().__init__(f"kfpkit has no environment `{origin}`. {remedy}")


class NoEnvironmentsError(EnvironmentsError):
    """A project that should have environments has none."""

    def __init__(self, *, folder: Path) -> None:
        """Name the `folder` that holds a project's environments."""
        self.folder = folder
        super().__init__(
            f"{folder} has no environments. "
            "`kfpkit env new NAME --with PACKAGE` writes and locks one; "
            "`kfpkit env new sklearn --from kfpkit:sklearn` takes one of kfpkit's own."
        )


class InvalidEnvironmentError(EnvironmentsError):
    """An environment's folder or its `pyproject.toml` cannot describe an environment."""

    def __init__(self, *, name: str, file: Path, problem: str, remedy: str) -> None:
        """Say what the `problem` is with the environment `name` in `file`, and the `remedy`."""
        self.name = name
        self.place = Place(file)
        self.problem = problem
        super().__init__(f"{file}: the environment `{name}` {problem}. {remedy}")


class StaleLockError(EnvironmentsError):
    """A lock or import table is missing, or was made from other content than there is now."""

    def __init__(self, *, name: str, file: Path, problem: str) -> None:
        """Say what is out of date in `file` of the environment `name`."""
        self.name = name
        self.place = Place(file)
        self.problem = problem
        super().__init__(f"{file}: {problem}. Run `kfpkit env lock {name}` and commit the result.")


class BrokenLockError(EnvironmentsError):
    """A lock is not as Poetry wrote it, as after a merge with conflicts."""

    def __init__(self, *, name: str, file: Path, cause: str) -> None:
        """Say the `cause` in `file`, the lock of the environment `name`."""
        self.name = name
        self.place = Place(file)
        self.cause = cause
        super().__init__(
            f"{file}: the lock of the environment `{name}` cannot be read: {cause}. Restore it "
            f"from version control, or run `kfpkit env lock {name} --upgrade`, which locks the "
            "newest allowed versions."
        )


class UninstallableLockError(EnvironmentsError):
    """A lock resolves, but what it names cannot be installed in a container."""

    def __init__(
        self, *, name: str, file: Path, problems: Sequence[str], remedy: str | None = None
    ) -> None:
        """List the `problems` of the lock made from `file`, and what to do about them."""
        self.name = name
        self.place = Place(file)
        self.problems = tuple(problems)
        listed = indent(problems)
        super().__init__(
            f"The lock of the environment `{name}` is not written, since it cannot be installed:\n"
            f"{listed}\n" + (remedy or f"Change the dependencies in {file}, and lock again.")
        )


class EnvironmentExistsError(EnvironmentsError):
    """An environment that is to be new exists."""

    def __init__(self, *, name: str, folder: Path) -> None:
        """Name the environment and its `folder`."""
        self.name = name
        self.folder = folder
        super().__init__(
            f"{folder} exists already. To change the environment, edit the dependencies in its "
            f"pyproject.toml and run `kfpkit env lock {name}`; for another one, choose another "
            "name."
        )


class InvalidRequirementError(EnvironmentsError):
    """A requirement for a new environment cannot be taken."""

    def __init__(self, *, requirement: str, problem: str, remedy: str) -> None:
        """Say what the `problem` is with the `requirement`, and the `remedy`."""
        self.requirement = requirement
        self.problem = problem
        super().__init__(f"The requirement `{requirement}` {problem}. {remedy}")


class InvalidPythonVersionError(EnvironmentsError):
    """What was given as an environment's Python version is not one, or is not supported."""

    def __init__(self, *, version: str, supported: Sequence[str]) -> None:
        """Name the `version`, and those that are `supported`, in order."""
        self.version = version
        self.supported = tuple(supported)
        super().__init__(
            f"`{version}` is not a Python version that an environment can have. Give one minor "
            f"version from `{supported[0]}` to `{supported[-1]}`, such as `3.12`."
        )
