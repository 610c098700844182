"""Tests that run in environments, as the author's pytest sees them.

The author's pytest collects a test, so its options select it. The phases of the test run in a
process of the environment, and their reports are used as if the phases had run here.
"""

from __future__ import annotations

import builtins
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from kfpkit.errors import EnvironmentEndedError, KfpkitError, UncollectedTestError

if TYPE_CHECKING:
    from kfpkit.testing.environment_process import EnvironmentProcess

MARKER = "environments"
PARAMETER = "component_environment"
"""The fixture and parameter that names the environment of a test."""

_COMPONENTS = "run_component"
_variant = pytest.StashKey[int]()
_UNCAPTURED = frozenset({"no", "tee-sys"})


def find_test_environment(item: pytest.Item) -> str | None:
    """Return the environment in which a test itself runs.

    Args:
        item: The test.

    Returns:
        Its name. None for a test that runs here, such as a component's test.
    """
    if not isinstance(item, pytest.Function) or _COMPONENTS in item.fixturenames:
        return None
    parameters: Mapping[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    marked = item.get_closest_marker(MARKER) is not None
    return str(parameters[PARAMETER]) if marked and PARAMETER in parameters else None


def number_variants(made: object) -> None:
    """Number the variants of one test function, in each environment from 0.

    Their names may differ between here and there if a parameter is a placeholder here.

    Args:
        made: The objects that pytest created: a test, several, or something else.
    """
    counts: Counter[str | None] = Counter()
    for item in made if isinstance(made, list) else []:
        if isinstance(item, pytest.Function):
            environment = find_test_environment(item)
            item.stash[_variant] = counts[environment]
            counts[environment] += 1


def is_without_environment(item: pytest.Item) -> bool:
    """Return whether a marked test was not made into one test for each environment.

    Args:
        item: The test.
    """
    marked = isinstance(item, pytest.Function) and item.get_closest_marker(MARKER) is not None
    return marked and not hasattr(item, "callspec")


class EnvironmentTests:
    """A session's tests that run in environments, with one process for each environment."""

    def __init__(self) -> None:
        self._processes: dict[str, EnvironmentProcess] = {}
        self._refused: dict[str, KfpkitError] = {}

    def run(self, item: pytest.Item, environment: str) -> Iterator[pytest.TestReport]:
        """Run a test.

        Args:
            item: The test.
            environment: The environment in which it runs.

        Yields:
            A report for each phase. A failed one if the environment or its process fails.
        """
        when = "setup"
        try:
            process = self._process(item, environment)
            for report in self._reports(process, item, environment):
                when = "teardown" if report.when == "teardown" else "call"
                yield report
        except KfpkitError as error:
            yield _failure(item, str(error), when)
        except pytest.fail.Exception as error:  # a plug-in that limits the time of tests
            self._processes.pop(environment).kill()
            yield _failure(item, str(error), when)

    def close(self) -> None:
        """End the processes."""
        while self._processes:
            self._processes.popitem()[1].close()

    def _reports(
        self, process: EnvironmentProcess, item: pytest.Item, environment: str
    ) -> Iterator[pytest.TestReport]:
        for message in process.run(_identify_test(item), _find_following(item, environment)):
            if "report" in message:
                yield _restore_report(item, message["report"])
            elif "warning" in message:
                _record_warning(item, message["warning"])
            elif "absent" in message:
                yield _absence(item, environment, message["absent"])
                return
            elif "exit" in message:
                pytest.exit(message["exit"])
            else:
                return
        ended = self._processes.pop(environment)
        error = EnvironmentEndedError(
            environment=environment, test=item.nodeid, ending=ended.ending, started=ended.has_run
        )
        ended.close()
        if not ended.has_run:
            self._refused[environment] = error
        raise error

    def _process(self, item: pytest.Item, environment: str) -> EnvironmentProcess:
        if environment in self._refused:
            raise self._refused[environment].with_traceback(None)
        if environment not in self._processes:
            from kfpkit.environments import find_environment  # noqa: PLC0415 - as above
            from kfpkit.project import find_project  # noqa: PLC0415 - not every session uses it
            from kfpkit.testing.environment_process import (  # noqa: PLC0415 - as above
                EnvironmentProcess,
            )

            project = find_project(item.path)
            self._processes[environment] = EnvironmentProcess(
                find_environment(project, environment), project, _make_order(item, environment)
            )
        return self._processes[environment]


def _make_order(item: pytest.Item, environment: str) -> Any:
    """Return pytest's settings: those used here, without those of the session as a whole."""
    from kfpkit.testing.environment_process import Order  # noqa: PLC0415 - as above

    config = item.config
    option = config.option
    ini = ["-c", str(config.inipath)] if config.inipath else []
    mine = [each for each in item.session.items if find_test_environment(each) == environment]
    files = dict.fromkeys(str(each.path) for each in mine)
    overridden = [f"--override-ini={each}" for each in option.override_ini or ()]
    ignored = [word for each in option.pythonwarnings or () for word in ("-W", each)]
    unknown = ["PytestConfigWarning", "PytestUnknownMarkWarning"]
    return Order(
        arguments=[
            *ini,
            f"--rootdir={config.rootpath}",
            *overridden,
            "--override-ini=addopts=",
            f"--import-mode={option.importmode}",
            f"--capture={option.capture}",
            *(f"-p{name}" for name in ("no:terminal", "no:cacheprovider")),
            *ignored,
            *(f"-Wignore::pytest.{name}" for name in unknown),
            *files,
        ],
        options={name: value for name, value in vars(option).items() if _is_plain(value)},
        folder=config.invocation_params.dir,
        captured=option.capture not in _UNCAPTURED,
    )


def _is_plain(value: object) -> bool:
    values = value if isinstance(value, list) else [value]
    return all(each is None or isinstance(each, str | int | float) for each in values)


def _identify_test(item: pytest.Item) -> dict[str, Any]:
    """Identify a test in a way that doesn't depend on its parameters."""
    assert isinstance(item, pytest.Function)  # noqa: S101 - `environment_of` has looked
    above = item.parent.nodeid if item.parent else ""
    return {"name": f"{above}::{item.originalname}", "variant": item.stash[_variant]}


def _find_following(item: pytest.Item, environment: str) -> dict[str, Any] | None:
    """Return the next test in the same environment, whose fixtures may stay."""
    items = item.session.items
    later = items[items.index(item) + 1 :] if item in items else []
    return next(
        (_identify_test(each) for each in later if find_test_environment(each) == environment), None
    )


def _restore_report(item: pytest.Item, data: dict[str, Any]) -> pytest.TestReport:
    report: Any = item.config.hook.pytest_report_from_serializable(config=item.config, data=data)
    report.nodeid, report.location = item.nodeid, item.location
    if isinstance(report.longrepr, list):  # JSON has no tuples; where a skipped test is
        report.longrepr = tuple(report.longrepr)
    return report  # type: ignore[no-any-return]


def _failure(item: pytest.Item, text: str, when: Any) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid=item.nodeid,
        location=item.location,
        keywords=dict.fromkeys(item.keywords, 1),
        outcome="failed",
        longrepr=text,
        when=when,
    )


def _absence(item: pytest.Item, environment: str, absent: Mapping[str, Any]) -> pytest.TestReport:
    if absent["skipped"]:
        report = _failure(item, "", "setup")
        report.outcome, report.longrepr = "skipped", tuple(absent["skipped"])
        return report
    cause = absent["text"]
    error = UncollectedTestError(environment=environment, test=item.nodeid, cause=cause)
    return _failure(item, str(error), "setup")


def _record_warning(item: pytest.Item, data: Mapping[str, Any]) -> None:
    """Show a warning with those of other tests. Names its class if that is missing here."""
    module, name = data["category"]
    known = vars(sys.modules.get(module, builtins)).get(name)
    is_known = isinstance(known, type) and issubclass(known, Warning)
    category: Any = known if is_known else UserWarning
    text = data["message"] if is_known else f"{module}.{name}: {data['message']}"
    warning = warnings.WarningMessage(text, category, data["filename"], data["lineno"])
    item.config.hook.pytest_warning_recorded.call_historic(
        kwargs={
            "warning_message": warning,
            "when": "runtest",
            "nodeid": item.nodeid,
            "location": None,
        }
    )
