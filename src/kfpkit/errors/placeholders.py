"""What placeholders of packages that are not installed cannot answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kfpkit.errors.base import LoadError
from kfpkit.place import Place

_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Absence:
    """What is known of a placeholder where more is asked of it than it has.

    Args:
        name: The expression, as the author writes it: `np.pi`.
        place: The author's line that asks.
        package: What is imported: `numpy`.
        imported: The import that the placeholder comes from.
        distribution: The distribution that has the package.
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
            f"`{self.package}`{where} is a placeholder, since it is not installed here; "
            f"{_provided_by(self.environments)}."
        )


class PlaceholderError(LoadError):
    """More is asked of a package that is not installed than its placeholder has.

    This is no `ImportError`, which the code around an import may expect. A text alone makes one
    too, since the module `enum` makes what an enumeration raises a second time, from its text.
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
        """The author's line that asks."""
        return self.absence.place if self.absence else None

    def _explain(self, absence: Absence) -> str:
        return str(absence)


class PlaceholderValueError(PlaceholderError):
    """A line that runs while loading needs a value of a package that is not installed."""

    def __init__(self, absence: Absence | str, *, needed: str = "") -> None:
        """Say what Python needs, such as `the length`."""
        self.needed = needed
        super().__init__(absence)

    def _explain(self, absence: Absence) -> str:
        if not absence.is_loading:
            return (
                f"this line needs {self.needed} of `{absence.name}`. {absence} {_in_tests(absence)}"
            )
        return (
            f"this line runs while its file is loaded, and it needs {self.needed} of "
            f"`{absence.name}`. {absence} Move the line into the function that uses it, put it "
            f"into a function of its own, or install `{absence.distribution}` where you compile."
        )


class PlaceholderCallError(PlaceholderError):
    """After the load, a function of a package that is not installed is called."""

    def _explain(self, absence: Absence) -> str:
        return (
            f"this line calls or changes `{absence.name}`, which placeholders allow only while a "
            f"pipeline is loaded. {absence} {_in_tests(absence)}"
        )


class LostTasksError(PlaceholderError):
    """In a pipeline, functions of the author are handed to a package that is not installed."""

    def _explain(self, absence: Absence) -> str:
        return (
            f"this line of a pipeline lets `{absence.name}` call functions of yours, and the "
            f"tasks that they make would be lost. {absence} Call them in the pipeline itself, or "
            f"install `{absence.distribution}` where you compile."
        )


class PlaceholderInputError(PlaceholderError):
    """A component or a task is given a value of a package that is not installed."""

    def __init__(self, absence: Absence | str, *, given_to: str = "") -> None:
        """Say what it is `given_to`, such as the argument of a task."""
        self.given_to = given_to
        super().__init__(absence)

    def _explain(self, absence: Absence) -> str:
        return (
            f"{self.given_to} holds `{absence.name}`, and the compiled pipeline needs its value. "
            f"{absence} Write the value itself, compute it in the component, or install "
            f"`{absence.distribution}` where you compile."
        )


class StarImportError(LoadError):
    """All names of a package that is not installed are imported."""

    def __init__(
        self, *, place: Place, module: str, distribution: str, environments: Sequence[str]
    ) -> None:
        """Name the `module`, its `distribution` and the `environments` that provide it."""
        self.place = place
        self.module = module
        self.distribution = distribution
        self.environments = environments
        super().__init__(
            f"{place}: `from {module} import *` cannot be loaded, since `{module}` is not "
            f"installed here and its names are unknown; {_provided_by(environments)}. Import the "
            f"names that you use, or install `{distribution}` where you compile."
        )


def _in_tests(absence: Absence) -> str:
    return (
        "Let the test run where the package is: mark it with "
        f'`@pytest.mark.environments("{absence.environments[0]}")`. Or install '
        f"`{absence.distribution}` here."
    )


def _provided_by(environments: Sequence[str]) -> str:
    names = [f"`{name}`" for name in environments]
    if len(names) == 1:
        return f"the environment {names[0]} provides it"
    shown, rest = names[:_SHOWN], len(names) - _SHOWN
    *others, last = [*shown, f"{rest} more"] if rest > 0 else shown
    return f"the environments {', '.join(others)} and {last} provide it"
