"""Tests of components that ask for what does not exist, or fail."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kfpkit.errors.base import TestingError
from kfpkit.wording import find_nearest, indent, quote_all


class UnknownPatternError(TestingError):
    """A pattern for environments fits none."""

    def __init__(
        self, *, pattern: str, known: Sequence[str], folder: Path, shipped: Sequence[str] = ()
    ) -> None:
        """Name the `pattern`, the environments `known` below `folder`, and those `shipped`."""
        self.pattern = pattern
        self.known = known
        self.folder = folder
        self.nearest = find_nearest(pattern, known)
        have = quote_all(known)
        advice = f"Did you mean `{self.nearest}`?" if self.nearest else f"They are: {have}."
        if pattern in shipped:
            advice += f" To take kfpkit's own: `kfpkit env new {pattern} --from kfpkit:{pattern}`."
        super().__init__(f"No environment below {folder} fits `{pattern}`. {advice}")


class UnknownRevisionError(TestingError):
    """What has changed since a revision cannot be found out."""

    def __init__(self, *, revision: str, cause: str) -> None:
        """Name the `revision` and say what git says."""
        self.revision = revision
        self.cause = cause
        super().__init__(
            f"Git cannot tell what has changed since `{revision}`: {cause}. Name a commit, branch "
            "or tag that this clone has; a shallow clone may have to fetch it first."
        )


class ComponentArgumentsError(TestingError):
    """A test's inputs are not those of the component."""

    def __init__(self, *, component: str, problems: Sequence[str]) -> None:
        """Name the `component`, and say what is wrong, a line for each of `problems`."""
        self.component = component
        self.problems = problems
        listed = indent(problems)
        super().__init__(
            f"The inputs do not fit the component `{component}`:\n{listed}\n"
            "Correct what the test hands to `run_component`."
        )


class RemoteArtifactError(TestingError):
    """The path of an artifact is asked for that is not on this machine."""

    def __init__(self, *, uri: str) -> None:
        """Name the artifact's `uri`."""
        self.uri = uri
        super().__init__(
            f"The artifact is at `{uri}`, which is not a path on this machine. Read it by its "
            "`uri`, with a client of the service that keeps it."
        )


class ComponentFailedError(TestingError):
    """A component failed in a test that expects it to succeed."""

    def __init__(
        self, *, component: str, environment: str, failure: str, said: str, log: Path
    ) -> None:
        """Name the `component`, its `environment`, its `failure`, what it `said`, and its `log`."""
        self.component = component
        self.environment = environment
        self.failure = failure
        self.said = said
        self.log = log
        super().__init__(
            f"`{component}` failed in `{environment}`, since {failure}:\n{said}\n"
            f"The log is {log}. A test that expects this says `fails=True`."
        )


class PytestNotLentError(TestingError):
    """The Python of an environment cannot use the pytest that the author has."""

    def __init__(self, *, python: str, problems: Sequence[str]) -> None:
        """Name the `python` version of the environment, and what the `problems` are."""
        self.python = python
        self.problems = tuple(problems)
        super().__init__(
            f"Tests run in environments of Python {python} with the pytest that is installed here. "
            f"It cannot be used there: {'; '.join(problems)}. Install this beside pytest, or "
            "another version of pytest."
        )


class EnvironmentEndedError(TestingError):
    """The process that runs tests in an environment has ended."""

    def __init__(self, *, environment: str, test: str, ending: str, started: bool) -> None:
        """Name the `environment`, the `test`, the `ending`, and whether a test had `started`."""
        self.environment = environment
        self.test = test
        self.ending = ending
        self.started = started
        end = f"ended with {ending}"
        super().__init__(
            f"The process that runs tests in the environment `{environment}` {end}\n"
            f"while `{test}` ran. Run that test alone to see more."
            if started
            else f"pytest did not start in the environment `{environment}`: it {end}\n"
            "Every `conftest.py` of the test is imported there too. Import what the environment "
            "lacks in the fixtures that need it."
        )


class UncollectedTestError(TestingError):
    """A test was collected here, and not in its environment."""

    def __init__(self, *, environment: str, test: str, cause: str) -> None:
        """Name the `environment` and the `test`, and the `cause` if one is known."""
        self.environment = environment
        self.test = test
        self.cause = cause
        super().__init__(
            f"`{test}` cannot be collected in the environment `{environment}`:\n{cause}\n"
            "Correct the line."
            if cause
            else f"`{test}` is not there when pytest collects in the environment `{environment}`. "
            "Let what is installed decide neither which tests there are nor their parameters."
        )


class ComponentNotFailedError(TestingError):
    """A component succeeded in a test that expects it to fail."""

    def __init__(self, *, component: str, environment: str) -> None:
        """Name the `component` and its `environment`."""
        self.component = component
        self.environment = environment
        super().__init__(
            f"`{component}` succeeded in `{environment}`, and the test says `fails=True`. Correct "
            "one or the other."
        )
