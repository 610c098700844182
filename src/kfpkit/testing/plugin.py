"""The pytest plugin, which implements the package's docstring with pytest's hooks."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kfpkit.testing.choice import Choice
from kfpkit.testing.collecting import Collecting
from kfpkit.testing.environment_tests import (
    MARKER,
    PARAMETER,
    EnvironmentTests,
    find_test_environment,
    is_without_environment,
    number_variants,
)
from kfpkit.testing.running import RunComponent

if TYPE_CHECKING:
    from kfpkit.project import Project

_VARIABLE = "KFPKIT_CHANGED_SINCE"
_choice = pytest.StashKey[Choice]()
_collecting = pytest.StashKey[Collecting]()
_environment_tests = pytest.StashKey[EnvironmentTests]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("kfpkit", "components and helpers in their environments")
    group.addoption(
        "--environments",
        metavar="NAMES",
        action="append",
        default=[],
        help="run marked tests only in these environments (comma-separated names or patterns)",
    )
    group.addoption(
        "--containers",
        action="store_true",
        help="run components in the images of their environments, without a network; tests "
        "without `run_component` stay in virtual environments",
    )
    group.addoption(
        "--changed-since",
        metavar="REVISION",
        default=os.environ.get(_VARIABLE) or None,
        help="run tests of components only if the component, its environment or the test differs "
        f"from a git revision (also: {_VARIABLE})",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and refuse invalid options."""
    from kfpkit.errors import KfpkitError  # noqa: PLC0415 - not every session uses it

    config.addinivalue_line(
        "markers",
        f"{MARKER}(*patterns): run the test once in each of these environments, or the components "
        "that it runs with `run_component`; `*` stands for anything",
    )
    config.stash[_environment_tests] = EnvironmentTests()
    patterns = [name for text in config.option.environments for name in text.split(",") if name]
    try:
        config.stash[_choice] = Choice.of(
            config.rootpath, patterns=patterns, revision=config.option.changed_since
        )
    except KfpkitError as error:
        raise pytest.UsageError(str(error)) from None


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Let a `conftest.py` import packages that only environments have."""
    early_config.stash[_collecting] = Collecting()
    with early_config.stash[_collecting].at(early_config.rootpath):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Let test modules import packages that only environments have."""
    collecting = collector.config.stash.setdefault(_collecting, Collecting())
    with collecting.at(collector.path):
        report = yield
    caught = collecting.caught(collector.path)
    if caught and report.passed:
        try:
            collector.warn(pytest.PytestCollectionWarning("\n".join(caught)))
        except pytest.PytestCollectionWarning as error:  # the session makes errors of warnings
            report.outcome, report.longrepr = "failed", str(error)
    return report


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Describe which tests are chosen."""
    return config.stash[_choice].description()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Create a test for each environment that the marker names."""
    marker = metafunc.definition.get_closest_marker(MARKER)
    if marker is None:
        return
    from kfpkit.errors import KfpkitError  # noqa: PLC0415 - as above
    from kfpkit.project import find_project  # noqa: PLC0415 - not every session uses it
    from kfpkit.testing.selection import match_environments  # noqa: PLC0415 - as above

    if not marker.args or not all(isinstance(pattern, str) for pattern in marker.args):
        test = metafunc.definition.name
        raise _refusal(
            f"`{test}`: the marker `{MARKER}` names no environment. Write "
            f'`@pytest.mark.{MARKER}("sklearn", "xgboost-*")`, for example.'
        )
    try:
        names = match_environments(find_project(metafunc.definition.path), marker.args)
    except KfpkitError as error:
        raise _refusal(str(error)) from None
    if PARAMETER not in metafunc.fixturenames:
        metafunc.fixturenames.append(PARAMETER)
    metafunc.parametrize(PARAMETER, names)


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem() -> Generator[None, object, object]:
    """Number the variants of a test function before some are deselected."""
    made = yield
    number_variants(made)
    return made


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests by the options, and refuse markers that have no effect."""
    for item in items:
        if is_without_environment(item):
            raise pytest.UsageError(
                f"`{item.nodeid}`: the marker `{MARKER}` has no effect on a method of "
                "`unittest.TestCase`. Write a function, or a class without that base."
            )
    choice = config.stash[_choice]
    conftests = [
        plugin
        for plugin in config.pluginmanager.get_plugins()
        if Path(getattr(plugin, "__file__", None) or "").name == "conftest.py"
    ]
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        chosen = not isinstance(item, pytest.Function) or choice.takes(item, conftests)
        (kept if chosen else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a test in its environment, if it has one."""
    environment = find_test_environment(item)
    if environment is None:
        return None
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in item.config.stash[_environment_tests].run(item, environment):
        hook.pytest_runtest_logreport(report=report)
    _end_fixtures(item, nextitem)
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _end_fixtures(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """End fixtures of earlier tests that later tests don't need."""
    # The hook of this phase would expect a test whose other phases have run here.
    state = item.session._setupstate  # noqa: SLF001 - pytest has no other name for it
    ended = pytest.CallInfo.from_call(lambda: state.teardown_exact(nextitem), when="teardown")
    if ended.excinfo is not None:
        report = item.ihook.pytest_runtest_makereport(item=item, call=ended)
        item.ihook.pytest_runtest_logreport(report=report)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the processes of environments."""
    tests = config.stash.get(_environment_tests, None)
    if tests is not None:
        tests.close()


@pytest.fixture
def component_environment() -> str | None:
    """The environment of a marked test. None if components run in their own."""
    return None


@pytest.fixture
def run_component(
    request: pytest.FixtureRequest, tmp_path: Path, component_environment: str | None
) -> RunComponent:
    """Return a function that runs a component; see `kfpkit.testing.RunComponent`."""
    return RunComponent(
        project=_find_project(request.path),
        folder=tmp_path / "components",
        environment=component_environment,
        containers=request.config.option.containers,
    )


@pytest.fixture(scope="session")
def google_emulators(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, str]]:
    """Start empty emulators of BigQuery and Cloud Storage. Yields the variables for clients."""
    from kfpkit.emulators import emulators  # noqa: PLC0415 - not every session uses it

    state = tmp_path_factory.mktemp("google")
    project = dataclasses.replace(_find_project(request.config.rootpath), root=state)
    names = ("bigquery", "storage")
    with emulators(names, project=project, log_folder=state / "logs") as variables:
        yield variables


def _refusal(message: str) -> BaseException:
    """Create an error that ends a test's collection with only a message."""
    return pytest.fail.Exception(message, pytrace=False)


def _find_project(path: Path) -> Project:
    from kfpkit.project import find_project  # noqa: PLC0415 - not every session uses it

    return find_project(path)
