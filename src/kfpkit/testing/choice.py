"""Chooses which tests of components run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from kfpkit.testing.environment_tests import find_test_environment

if TYPE_CHECKING:
    import pytest

    from kfpkit.authoring import Component
    from kfpkit.testing.changes import Changes

_EMULATORS = "emulators"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The choice that pytest's options make.

    Args:
        revision: The value of `--changed-since`.
        environments: The value of `--environments`. None for all.
        changes: The differences from the revision. None if everything counts as changed.
    """

    revision: str | None = None
    environments: frozenset[str] | None = None
    changes: Changes | None = None

    @classmethod
    def of(cls, folder: Path, *, patterns: Sequence[str], revision: str | None) -> Choice:
        """Read the options.

        Args:
            folder: pytest's root folder.
            patterns: Environments.
            revision: A git revision.

        Raises:
            UnknownPatternError: A pattern matches no environment.
            UnknownRevisionError: Git doesn't know the revision.
        """
        environments = changes = None
        if patterns:
            from kfpkit.project import find_project  # noqa: PLC0415 - not every session uses it
            from kfpkit.testing.selection import match_environments  # noqa: PLC0415 - as above

            environments = frozenset(match_environments(find_project(folder), patterns))
        if revision is not None:
            from kfpkit.testing.changes import ask_changes_since  # noqa: PLC0415 - as above

            changes = ask_changes_since(revision, folder)
        return cls(revision=revision, environments=environments, changes=changes)

    def description(self) -> list[str]:
        """Describe the choice in lines. Empty if all tests run."""
        lines = []
        if self.environments is not None:
            lines.append(f"kfpkit: only in {', '.join(sorted(self.environments))}")
        if self.changes is not None:
            count = len(self.changes.paths)
            lines.append(f"kfpkit: only what differs from {self.revision} ({count} files do)")
        return lines

    def takes(self, test: pytest.Function, conftests: Sequence[Any]) -> bool:
        """Return whether a test runs. Tests without components and environments always run.

        Changes don't exclude tests that run in an environment, because what they reach is unknown.

        Args:
            test: The test.
            conftests: The modules of all `conftest.py`.
        """
        runs_in = find_test_environment(test)
        if runs_in is not None:
            return self.environments is None or runs_in in self.environments
        if "run_component" not in test.fixturenames:
            return True
        parameters = test.callspec.params if hasattr(test, "callspec") else {}
        environment: Any = parameters.get("component_environment")
        if self.environments is not None and environment not in self.environments:
            return False
        if self.changes is None:
            return True
        namespaces = [
            vars(module)
            for module in conftests
            if test.path.is_relative_to(Path(module.__file__).parent)
        ]
        return _is_concerned(self.changes, test, environment, [test.module.__dict__, *namespaces])


def _is_concerned(
    changes: Changes,
    test: pytest.Function,
    environment: str | None,
    namespaces: Sequence[Mapping[str, Any]],
) -> bool:
    from kfpkit.authoring import active_project  # noqa: PLC0415 - not every session uses it
    from kfpkit.project import find_project  # noqa: PLC0415 - as above

    file = test.path.resolve()
    project = find_project(file)
    emulated = "google_emulators" in test.fixturenames
    if (
        changes.concern_all(project)
        or changes.concern_test(file, project)
        or (environment is not None and changes.concern_environment(project, environment))
        or (emulated and changes.concern_environment(project, _EMULATORS))
    ):
        return True
    components = list(_find_components(namespaces))
    # Without a component in sight nobody knows what the test runs.
    with active_project(project):
        return not components or any(
            _is_component_concerned(changes, component, environment) for component in components
        )


def _is_component_concerned(
    changes: Changes, component: Component, environment: str | None
) -> bool:
    from kfpkit.errors import KfpkitError  # noqa: PLC0415 - not every session uses it

    try:
        own = component.options.environment if environment is None else None
        bound = component if environment is None else component.in_environment(environment)
        return changes.concern_bundle(bound.bundle, component.project) or (
            own is not None and changes.concern_environment(component.project, own)
        )
    except KfpkitError:
        return True  # the test says what is wrong


def _find_components(namespaces: Sequence[Mapping[str, Any]]) -> Iterator[Component]:
    """Find the components that modules name, directly or through a module."""
    from kfpkit.authoring import Component  # noqa: PLC0415 - imports kfp

    for namespace in namespaces:
        for value in list(namespace.values()):
            values = list(vars(value).values()) if isinstance(value, ModuleType) else [value]
            yield from (each for each in values if isinstance(each, Component))
