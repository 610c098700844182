"""Pipelines and components that cannot be loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from kfpkit.errors.base import LoadError
from kfpkit.place import Place
from kfpkit.wording import quote_all


class MissingFileError(LoadError):
    """The requested pipeline or component file does not exist."""

    def __init__(self, *, file: Path, wanted: str) -> None:
        """Name the missing `file` and what was `wanted` from it."""
        self.file = file
        self.wanted = wanted
        siblings = sorted(path.name for path in file.parent.glob("*.py"))
        have = quote_all(siblings, empty="no Python files")
        super().__init__(
            f"The {wanted} {file} does not exist. Its folder contains {have}. "
            f"Specify a Python file or a folder with a `pipeline.py`."
        )


class LoadedElsewhereError(LoadError):
    """Python has loaded another file under the name of a module of the project."""

    def __init__(self, *, module: str, loaded: Path, own: Path) -> None:
        """Name the `module`, the file or folder that is `loaded`, and the project's `own`."""
        self.module = module
        self.loaded = loaded
        self.own = own
        super().__init__(
            f"{own}: this Python process has loaded `{module}` from {loaded}, so an import would "
            "not reach this project's file. Load each project in a process of its own: in a "
            "notebook, restart the kernel."
        )


class ModuleFailedError(LoadError):
    """The author's module raises an exception on import."""

    def __init__(
        self,
        *,
        place: Place,
        cause: str,
        placeholders: Mapping[str, Place] | None = None,
        unprovided: Mapping[str, Place] | None = None,
        shipped: Sequence[str] = (),
    ) -> None:
        """Name the `place` in the author's code and the `cause`, as `Type: message`.

        The failure may involve `placeholders` of packages that are not installed, with the places
        that import them, or modules `unprovided` by the project's environments, with the places
        that import them. `shipped` lists the environments of kfpkit that provide these modules.
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
            f"\n{listed} {'are' if several else 'is'} not installed here, so "
            f"{'placeholders replace them' if several else 'a placeholder replaces it'}. "
            "This may be the cause."
        )
        names = ", ".join(
            f"`{module}`" if imported == place else f"`{module}` ({_beside(imported, place)})"
            for module, imported in self.unprovided.items()
        )
        advice = (
            f"No environment in the project provides {names}. Correct the name, install the "
            "package here, or add it to the environment of the components that use it. You can "
            "then import it here without installing it."
        )
        if shipped:
            listed_own = quote_all(shipped)
            advice += (
                f" These kfpkit environments contain it: {listed_own}. To copy one, run "
                f"`kfpkit env new {shipped[0]} --from kfpkit:{shipped[0]}`."
            )
        super().__init__(
            f"{place}: {cause}{hint if listed else ''}\n"
            f"{advice if names else 'Correct this line, which fails when the file is imported.'}"
        )


def _beside(place: Place, other: Place) -> str:
    """Format a place relative to another: only the line if both are in the same file."""
    return f"line {place.line}" if place.file == other.file else str(place)


class NoPipelineError(LoadError):
    """A file defines no pipeline, or not the requested one."""

    def __init__(self, *, file: Path, name: str | None) -> None:
        """Name the `file` and the requested pipeline's `name`, if any."""
        self.file = file
        self.name = name
        called = "" if name is None else f" named `{name}`"
        super().__init__(
            f"{file} does not define a pipeline{called}. Decorate a function with "
            "`@kfp.dsl.pipeline`."
        )


class NoPipelinesError(LoadError):
    """A folder that should contain pipelines contains none."""

    def __init__(self, *, folder: Path, cause: str = "") -> None:
        """Name the `folder`, and the `cause` if it could not be searched."""
        self.folder = folder
        self.cause = cause
        problem = (
            f"cannot be searched: {cause}" if cause else "and its subfolders contain no pipeline"
        )
        super().__init__(
            f"{folder} {problem}. Specify a Python file with a pipeline, a folder with a "
            "`pipeline.py`, or a parent folder of these."
        )


class AmbiguousPipelineError(LoadError):
    """A file defines several pipelines, and the request does not name one."""

    def __init__(self, *, file: Path, names: list[str]) -> None:
        """Name the `file` and the `names` of its pipelines."""
        self.file = file
        self.names = names
        listed = quote_all(names)
        super().__init__(
            f"{file} defines several pipelines: {listed}. Select one with `--pipeline NAME`."
        )


class MissingComponentError(LoadError):
    """A module does not define the requested component."""

    def __init__(self, *, reference: str, names: list[str]) -> None:
        """Give the `reference` and the `names` of the components that exist."""
        self.reference = reference
        self.names = names
        listed = quote_all(names)
        super().__init__(
            f"The component `{reference}` does not exist. The module's components are: {listed}. "
            f"Write `package.module:name` or `path/to/file.py:name`."
        )


class MissingComponentModuleError(LoadError):
    """The module of the requested component does not exist in the project."""

    def __init__(self, *, reference: str, root: Path) -> None:
        """Name the `reference`, and the `root` of the project that was searched."""
        self.reference = reference
        self.root = root
        super().__init__(
            f"The component `{reference}` does not exist: the project {root} has no such module. "
            f"Write `package.module:name` or `path/to/file.py:name`."
        )
