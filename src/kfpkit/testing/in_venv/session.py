"""The session of pytest in an environment: it runs requested tests, and reports."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

import pytest


def run(
    order: Mapping[str, Any],
    commands: Iterator[Mapping[str, Any]],
    send: Callable[[Mapping[str, Any]], None],
) -> int:
    """Collect the tests of some files, and run those in the commands, one after the other.

    Args:
        order: The environment, the arguments of pytest, and options without an argument.
        commands: Each contains the test to run, and the one after it.
        send: Sends a message.

    Returns:
        The exit code.
    """
    return pytest.main(list(order["arguments"]), plugins=[Session(order, commands, send)])


class Session:
    """A plug-in that replaces pytest's own loop over tests.

    Args:
        order: As for `run`.
        commands: As for `run`.
        send: As for `run`.
    """

    def __init__(
        self,
        order: Mapping[str, Any],
        commands: Iterator[Mapping[str, Any]],
        send: Callable[[Mapping[str, Any]], None],
    ) -> None:
        self._order = order
        self._commands = commands
        self._send = send
        self._items: dict[str, list[pytest.Item]] = {}
        self._uncollected: dict[str, pytest.CollectReport] = {}

    @pytest.fixture
    def component_environment(self) -> Any:
        """The name of the environment in which the test runs."""
        return self._order["environment"]

    def pytest_configure(self, config: pytest.Config) -> None:
        """Set options of plug-ins that are missing here, such as those that print results."""
        self._config = config
        config.addinivalue_line("markers", "environments(*patterns): see kfpkit")
        for name, value in self._order["options"].items():
            if not hasattr(config.option, name):
                setattr(config.option, name, value)

    @pytest.hookimpl(wrapper=True)
    def pytest_pycollect_makeitem(self) -> Generator[None, Any, Any]:
        """Remember the tests of a function, whatever leaves them out: the author's side chooses."""
        made = yield
        for item in made if isinstance(made, list) else [made]:
            if isinstance(item, pytest.Function):
                self._items.setdefault(_name(item), []).append(item)
        return made

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Record what can't be collected."""
        if not report.passed:
            self._uncollected[report.nodeid] = report

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests that the author's side requests, until it ends."""
        before: pytest.Item | None = None
        planned: pytest.Item | None = None
        for command in self._commands:
            item = self._find(command["test"])
            if item is None:
                self._send({"absent": self._absence(command["test"]["name"])})
                continue
            if before is not None and planned is not item:
                # The fixtures of a test that did not come after all.
                session._setupstate.teardown_exact(item)  # noqa: SLF001 - it has no other name
            planned = self._find(command["next"]) if command["next"] else None
            try:
                session.config.hook.pytest_runtest_protocol(item=item, nextitem=planned)
            except pytest.exit.Exception as ending:
                self._send({"exit": str(ending)})
                raise
            before = item
            self._send({"done": True})
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Send a report."""
        hook = self._config.hook
        self._send(
            {"report": hook.pytest_report_to_serializable(config=self._config, report=report)}
        )

    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage, when: str) -> None:
        """Send a warning that a test caused."""
        if when == "runtest":
            category = warning_message.category
            self._send(
                {
                    "warning": {
                        "category": [category.__module__, category.__qualname__],
                        "message": str(warning_message.message),
                        "filename": warning_message.filename,
                        "lineno": warning_message.lineno,
                    }
                }
            )

    def _find(self, test: Mapping[str, Any]) -> pytest.Item | None:
        variants = self._items.get(test["name"], [])
        return variants[test["variant"]] if test["variant"] < len(variants) else None

    def _absence(self, name: str) -> dict[str, Any]:
        """Return why a test is missing: its module was skipped, can't be collected, or lacks it."""
        for place, report in self._uncollected.items():
            if name == place or name.startswith((f"{place}::", f"{place}/")) or not place:
                longrepr = report.longrepr
                return {
                    "skipped": list(longrepr) if isinstance(longrepr, tuple) else None,
                    "text": report.longreprtext,
                }
        return {"skipped": None, "text": ""}


def _name(item: pytest.Function) -> str:
    above = item.parent.nodeid if item.parent else ""
    return f"{above}::{item.originalname}"
