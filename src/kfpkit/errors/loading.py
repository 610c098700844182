"""Pipelines and components that cannot be loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from kfpkit.errors.base import LoadError
from kfpkit.place import Place
from kfpkit.wording import quote_all


class MissingFileError(LoadError):
    """A pipeline or component file that was asked for does not exist."""

    def __init__(self, *, file: Path, wanted: str) -> None:
        """Name the missing `file` and what was `wanted` of it."""
        self.file = file
        self.wanted = wanted
        siblings = sorted(path.name for path in file.parent.glob("*.py"))
        have = quote_all(siblings, empty="no Python file")
        super().__init__(
            f"The {wanted} {file} does not exist; its folder has {have}. "
            f"Give a Python file, or a folder with a `pipeline.py`."
        )


class ModuleFailedError(LoadError):
    """The author's module raises while it is imported."""

    def __init__(
        self,
        *,
        place: Place,
        cause: str,
        placeholders: Mapping[str, Place] | None = None,
        unprovided: Mapping[str, Place] | None = None,
        shipped: Sequence[str] = (),
    ) -> None:
        """Name the `place` in the author's code and the `cause`, as `Type: text`.

        It has to do with `placeholders` of packages that are not installed, which were imported
        at these places; or with modules, imported at these places, that are `unprovided` by the
        environments too, while those `shipped` with kfpkit have them.
        """
        self.place = place
        self.cause = cause
        self.placeholders = placeholders or {}
        self.unprovided = unprovided or {}
        self.shipped = tuple(shipped)
        listed = ", ".join(
            f"`{package}` ({_beside(imported, place)})"
            for package, imported in self.placeholders.items()
        )
        several = len(self.placeholders) > 1
        hint = (
            f"\n{listed} {'are' if several else 'is'} not installed here, and "
            f"{'placeholders stand' if several else 'a placeholder stands'} in "
            f"{'their' if several else 'its'} place, which may be the reason."
        )
        names = ", ".join(
            f"`{module}`" if imported == place else f"`{module}` ({_beside(imported, place)})"
            for module, imported in self.unprovided.items()
        )
        advice = (
            f"No environment of the project provides {names}. Correct the name, install the "
            "package here, or add it to the environment whose components use it: then it may be "
            "imported here without being installed."
        )
        if shipped:
            listed_own = quote_all(shipped)
            advice += (
                f" kfpkit's own environments have it: {listed_own}. "
                f"`kfpkit env new {shipped[0]} --from kfpkit:{shipped[0]}` takes one."
            )
        super().__init__(
            f"{place}: {cause}{hint if listed else ''}\n"
            f"{advice if names else 'Correct this line; it fails while it is imported.'}"
        )


def _beside(place: Place, other: Place) -> str:
    """Write a place as somebody reads it who is looking at another."""
    return f"line {place.line}" if place.file == other.file else str(place)


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


class NoPipelinesError(LoadError):
    """A folder that should hold pipelines holds none."""

    def __init__(self, *, folder: Path, cause: str = "") -> None:
        """Name the `folder`, and the `cause` if it could not be searched."""
        self.folder = folder
        self.cause = cause
        problem = (
            f"cannot be searched: {cause}" if cause else "and what is below it hold no pipeline"
        )
        super().__init__(
            f"{folder} {problem}. Name a Python file with a pipeline, a folder with a "
            "`pipeline.py`, or a folder above these."
        )


class AmbiguousPipelineError(LoadError):
    """A file defines several pipelines and none was named."""

    def __init__(self, *, file: Path, names: list[str]) -> None:
        """Name the `file` and the `names` of its pipelines."""
        self.file = file
        self.names = names
        listed = quote_all(names)
        super().__init__(
            f"{file} defines several pipelines: {listed}. Name one with `--pipeline NAME`."
        )


class MissingComponentError(LoadError):
    """A module has no component of the name that was asked for."""

    def __init__(self, *, reference: str, names: list[str]) -> None:
        """Name the `reference` and the `names` of the components that are there."""
        self.reference = reference
        self.names = names
        listed = quote_all(names)
        super().__init__(
            f"`{reference}` names no component; the module's components are: {listed}. "
            f"Write `package.module:name` or `path/to/file.py:name`."
        )


class MissingComponentModuleError(LoadError):
    """What is in front of a component's name is not a module of the project."""

    def __init__(self, *, reference: str, root: Path) -> None:
        """Name the `reference`, and the `root` of the project that was searched."""
        self.reference = reference
        self.root = root
        super().__init__(
            f"`{reference}` names no component: the project {root} has no such module. "
            f"Write `package.module:name` or `path/to/file.py:name`."
        )
