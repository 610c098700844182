"""Tests of components that are set up incorrectly, or fail."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kfpkit.errors.base import TestingError
from kfpkit.wording import find_nearest, indent, quote_all


class UnknownPatternError(TestingError):
    """A pattern matches no environment."""

    def __init__(
        self, *, pattern: str, known: Sequence[str], folder: Path, shipped: Sequence[str] = ()
    ) -> None:
        """Give the `pattern`, the environments `known` in `folder`, and those `shipped`."""
        self.pattern = pattern
        self.known = known
        self.folder = folder
        self.nearest = find_nearest(pattern, known)
        have = quote_all(known)
        advice = f"Did you mean `{self.nearest}`?" if self.nearest else f"It contains: {have}."
        if pattern in shipped:
            advice += (
                " To copy the one that kfpkit provides, run "
                f"`kfpkit env new {pattern} --from kfpkit:{pattern}`."
            )
        super().__init__(f"No environment in {folder} matches `{pattern}`. {advice}")


class UnknownRevisionError(TestingError):
    """The changes since a revision cannot be determined."""

    def __init__(self, *, revision: str, cause: str) -> None:
        """Name the `revision` and the `cause` that git reports."""
        self.revision = revision
        self.cause = cause
        super().__init__(
            f"Git cannot list the changes since `{revision}`: {cause}. Specify a commit, branch or "
            "tag that exists in this clone. In a shallow clone, you may have to fetch it first."
        )


class ComponentArgumentsError(TestingError):
    """A test's inputs do not match the component's."""

    def __init__(self, *, component: str, problems: Sequence[str]) -> None:
        """Name the `component` and list the `problems`, one per line."""
        self.component = component
        self.problems = problems
        listed = indent(problems)
        super().__init__(
            f"The inputs do not match the component `{component}`:\n{listed}\n"
            "Correct the arguments that the test passes to `run_component`."
        )


class RemoteArtifactError(TestingError):
    """A test uses the path of an artifact that is not on this machine."""

    def __init__(self, *, uri: str) -> None:
        """Name the artifact's `uri`."""
        self.uri = uri
        super().__init__(
            f"The artifact is at `{uri}`, which is not a path on this machine. Read its `uri` with "
            "a client of the service that stores it."
        )


class ComponentFailedError(TestingError):
    """A component failed in a test that expects it to succeed."""

    def __init__(
        self, *, component: str, environment: str, failure: str, said: str, log: Path
    ) -> None:
        """Name the `component`, its `environment`, its `failure`, its output, and its `log`."""
        self.component = component
        self.environment = environment
        self.failure = failure
        self.said = said
        self.log = log
        super().__init__(
            f"`{component}` failed in `{environment}`, because {failure}:\n{said}\n"
            f"Full log: {log}. If the test expects this failure, pass `fails=True`."
        )


class PytestNotLentError(TestingError):
    """The Python of an environment cannot use the author's pytest."""

    def __init__(self, *, python: str, problems: Sequence[str]) -> None:
        """Give the `python` version of the environment, and the `problems`."""
        self.python = python
        self.problems = tuple(problems)
        super().__init__(
            f"Tests in environments with Python {python} use the pytest that is installed here, "
            f"but it does not work there: {'; '.join(problems)}. Install what is missing next to "
            "pytest, or install another version of pytest."
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
            "The environment also imports each `conftest.py` of the test. If it lacks a package "
            "that they import, move the import into the fixtures that need it."
        )


class UncollectedTestError(TestingError):
    """A test was collected here but not in its environment."""

    def __init__(self, *, environment: str, test: str, cause: str) -> None:
        """Name the `environment` and the `test`, and the `cause` if one is known."""
        self.environment = environment
        self.test = test
        self.cause = cause
        super().__init__(
            f"`{test}` cannot be collected in the environment `{environment}`:\n{cause}\n"
            "Correct the line."
            if cause
            else f"pytest does not find `{test}` in the environment `{environment}`. Tests and "
            "their parameters must not depend on installed packages."
        )


class ComponentNotFailedError(TestingError):
    """A component succeeded in a test that expects it to fail."""

    def __init__(self, *, component: str, environment: str) -> None:
        """Name the `component` and its `environment`."""
        self.component = component
        self.environment = environment
        super().__init__(
            f"`{component}` succeeded in `{environment}`, but the test expects a failure "
            "(`fails=True`). Correct the component or the test."
        )
