"""Operations that placeholders of packages that are not installed cannot perform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kfpkit.errors.base import LoadError
from kfpkit.place import Place

_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Absence:
    """The facts about a placeholder that cannot perform an operation.

    Args:
        name: The expression in the author's code, such as `np.pi`.
        place: The author's line that uses the placeholder.
        package: The imported package, such as `numpy`.
        imported: The import that created the placeholder.
        distribution: The distribution that contains the package.
        environments: The environments that provide it.
        is_loading: Whether a load is in progress.
    """

    name: str
    place: Place | None
    package: str
    imported: Place | None
    distribution: str
    environments: tuple[str, ...]
    is_loading: bool

    def __str__(self) -> str:
        """Explain the placeholder in a sentence or two."""
        where = f" (imported at {self.imported})" if self.imported else ""
        return (
            f"`{self.package}`{where} is a placeholder, because it is not installed here; "
            f"{_provided_by(self.environments)}."
        )


class PlaceholderError(LoadError):
    """A placeholder cannot perform an operation of a package that is not installed.

    This is not an `ImportError`, because code around an import may catch that. A message alone is
    enough to create one, because the module `enum` recreates exceptions from their messages.
    """

    absence: Absence | None = None

    def __init__(self, absence: Absence | str) -> None:
        """Keep the facts of an `absence`."""
        if isinstance(absence, str):
            super().__init__(absence)
            return
        self.absence = absence
        place = "" if absence.place is None else f"{absence.place}: "
        super().__init__(place + self._explain(absence))

    @property
    def place(self) -> Place | None:
        """The author's line that uses the placeholder."""
        return self.absence.place if self.absence else None

    def _explain(self, absence: Absence) -> str:
        return str(absence)


class PlaceholderValueError(PlaceholderError):
    """A line that runs at load time needs a value from a package that is not installed."""

    def __init__(self, absence: Absence | str, *, needed: str = "") -> None:
        """State what Python needs, such as `the length`."""
        self.needed = needed
        super().__init__(absence)

    def _explain(self, absence: Absence) -> str:
        if not absence.is_loading:
            return (
                f"this line needs {self.needed} of `{absence.name}`. {absence} {_in_tests(absence)}"
            )
        return (
            f"this line runs while its file is loaded, and it needs {self.needed} of "
            f"`{absence.name}`. {absence} Move the line into the function that uses it or into a "
            f"separate function, or install `{absence.distribution}` where you compile."
        )


class PlaceholderCallError(PlaceholderError):
    """A function of a package that is not installed is called after the load."""

    def _explain(self, absence: Absence) -> str:
        return (
            f"this line calls or changes `{absence.name}`, which a placeholder allows only while a "
            f"pipeline is loaded. {absence} {_in_tests(absence)}"
        )


class LostTasksError(PlaceholderError):
    """A pipeline passes the author's functions to a package that is not installed."""

    def _explain(self, absence: Absence) -> str:
        return (
            f"this line of a pipeline passes your functions to `{absence.name}`, and the tasks "
            f"that they create would be lost. {absence} Call the functions in the pipeline itself, "
            f"or install `{absence.distribution}` where you compile."
        )


class PlaceholderInputError(PlaceholderError):
    """A component or a task receives a value from a package that is not installed."""

    def __init__(self, absence: Absence | str, *, given_to: str = "") -> None:
        """State what it is `given_to`, such as the argument of a task."""
        self.given_to = given_to
        super().__init__(absence)

    def _explain(self, absence: Absence) -> str:
        return (
            f"{self.given_to} contains `{absence.name}`, and the compiled pipeline needs its "
            f"value. {absence} Write the value itself, compute it in the component, or install "
            f"`{absence.distribution}` where you compile."
        )


class StarImportError(LoadError):
    """A star import names a package that is not installed."""

    def __init__(
        self, *, place: Place, module: str, distribution: str, environments: Sequence[str]
    ) -> None:
        """Name the `module`, its `distribution` and the `environments` that provide it."""
        self.place = place
        self.module = module
        self.distribution = distribution
        self.environments = environments
        super().__init__(
            f"{place}: `from {module} import *` cannot be loaded, because `{module}` is not "
            f"installed here and its names are unknown; {_provided_by(environments)}. Import the "
            f"names that you use, or install `{distribution}` where you compile."
        )


def _in_tests(absence: Absence) -> str:
    return (
        "Run the test in an environment with the package by marking it with "
        f'`@pytest.mark.environments("{absence.environments[0]}")`, or install '
        f"`{absence.distribution}` here."
    )


def _provided_by(environments: Sequence[str]) -> str:
    names = [f"`{name}`" for name in environments]
    if len(names) == 1:
        return f"the environment {names[0]} provides it"
    shown, rest = names[:_SHOWN], len(names) - _SHOWN
    *others, last = [*shown, f"{rest} more"] if rest > 0 else shown
    return f"the environments {', '.join(others)} and {last} provide it"
