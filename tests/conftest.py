"""What all tests share: a small project in a temporary folder.

Environments import this file too, for the tests that run in them. What they lack is imported where
it is used.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from pathlib import Path

import pytest

pytest_plugins = ["pytester", "browser", "container_engine", "registry_server"]

PYPROJECT = "[tool.kfpkit]\n"

WriteProject = Callable[[Mapping[str, "str | bytes"]], Path]

# What limits or colours this run of pytest, or tells its git and make where they are.
FOREIGN = (
    "KFPKIT_CHANGED_SINCE",
    *("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "BASE", "PYTHON"),
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"),
    *("COLUMNS", "LINES", "FORCE_COLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "TTY_INTERACTIVE"),
)
LOOPBACK = "127.0.0.1,localhost,.invalid"


def pytest_configure() -> None:
    """Hear signals in a shell's background and under nohup, as what the tests start then does."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    _share_processors()


def _share_processors() -> None:
    """Keep what parallel tests start to its share of the processors.

    Threads of OpenMP wait for one another in loops, and take several times as long where each of
    two programs starts one for every processor.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:
        share = max(1, len(os.sched_getaffinity(0)) // workers)
        os.environ.setdefault("OMP_NUM_THREADS", str(share))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where a machine is known to have all that tests need, let a test that is skipped fail."""
    report = yield
    skipped = report.skipped and not hasattr(report, "wasxfail")
    if skipped and os.environ.get("KFPKIT_NO_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"No test may be skipped here: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _loopback_without_a_proxy() -> Generator[None, None, None]:
    """Reach the servers of tests directly, and all others as the machine does."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("NO_PROXY", "no_proxy"):
            known = os.environ.get(name)
            environment.setenv(name, f"{known},{LOOPBACK}" if known else LOOPBACK)
        yield


@pytest.fixture(autouse=True)
def _all_of_their_own(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what concerns this run of pytest from the programs that tests start."""
    for name in FOREIGN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    # Components that are tested in images need to know where these are.
    if not request.config.getoption("containers", default=False):
        monkeypatch.delenv("KFPKIT_REGISTRY", raising=False)


@pytest.fixture
def project(tmp_path: Path) -> Generator[WriteProject, None, None]:
    """Return a function that writes files, by relative path, as a project and returns its root.

    What a test imports of it, and its place on `sys.path`, are forgotten, so that the next test may
    use the same names.
    """
    root = tmp_path / "project"

    def write(files: Mapping[str, str | bytes]) -> Path:
        for path, content in {"pyproject.toml": PYPROJECT, **files}.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    yield write
    for name in [name for name, module in list(sys.modules.items()) if _is_below(root, module)]:
        del sys.modules[name]
    sys.path[:] = [entry for entry in sys.path if not Path(entry).is_relative_to(root)]


def _is_below(root: Path, module: object) -> bool:
    """Return whether a module's file, or all folders of a package without one, are below a root."""
    file = getattr(module, "__file__", None)
    places = list(getattr(module, "__path__", ())) if file is None else [file]
    return bool(places) and all(str(place).startswith(f"{root}{os.sep}") for place in places)


@pytest.fixture
def lean(project: WriteProject) -> WriteProject:
    """Return a function that writes a project with the environment `all`.

    It provides packages that no interpreter of the tests has.
    """
    from lean_environments import environment  # noqa: PLC0415 - see above

    return lambda files: project({**environment("all"), **files})


@pytest.fixture(scope="session")
def python_of() -> Callable[[str], str]:
    """Return a function that finds the Python of a version, or has uv download it."""
    from uv import find_uv_bin  # noqa: PLC0415 - see above

    from kfpkit.environments.tools.interpreters import find_interpreter  # noqa: PLC0415 - see above

    def find(version: str) -> str:
        if Path(found := find_interpreter(version)).is_file():
            return found
        asked = [find_uv_bin(), "python", "find", "--no-project", version]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        if done.returncode:
            subprocess.run([find_uv_bin(), "python", "install", "--quiet", version], check=True)
            done = subprocess.run(asked, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    return find


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Poetry use the simple pages of the index that pip uses, which every index has."""
    if os.environ.get("POETRY_PYPI_MIRROR_URL"):
        return
    asked = (
        "import subprocess, sys\n"
        "from pip._internal.models.index import PyPI\n"
        "command = [sys.executable, '-m', 'pip', 'config', 'get', 'global.index-url']\n"
        "chosen = subprocess.run(command, capture_output=True, text=True).stdout.strip()\n"
        "print(chosen or PyPI.simple_url)\n"
    )
    python = getattr(sys, "_base_executable", sys.executable)
    answer = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=False)
    if answer.returncode == 0:
        monkeypatch.setenv("POETRY_PYPI_MIRROR_URL", answer.stdout.strip())
