"""Tests of helpers that run in an environment."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lean_environments import environment

from kfpkit.errors import PytestNotLentError
from kfpkit.testing.loan import make_loan

ROOT = Path(__file__).parents[2]
MARK = 'import pytest\n\npytestmark = pytest.mark.environments("one")\n\n\n'
PROJECT = {
    **environment("one", {"only_there": "only-there"}),
    **environment("two", {}),
    "pyproject.toml": '[tool.kfpkit]\nsource-roots = ["src"]\n'
    '[tool.pytest.ini_options]\npythonpath = ["src"]\naddopts = "-p no:cacheprovider -n 0"\n'
    "timeout = 200\n",
    "src/fraud/__init__.py": "",
    "src/fraud/features.py": "def ratio(a, b):\n    return a / b\n",
}
OUTCOMES = f"""\
import sys
import warnings

{MARK}
from fraud import features
from kfpkit.helpers import selections


@pytest.fixture(scope="module")
def made():
    print("made it")
    return [1]


def test_where(component_environment, request):
    assert "one-" in sys.prefix
    assert component_environment == "one"
    assert request.config.pluginmanager.hasplugin("pytest_timeout")


@pytest.mark.parametrize("name", ["pydantic", "rich", "kfp.dsl", "xdist"])
def test_packages(name):
    import importlib.util
    assert (importlib.util.find_spec(name) is None) == (name != "kfp.dsl")


@pytest.mark.parametrize("name", ["pytest-timeout", "Pytest_Timeout", "pytest.timeout"])
def test_metadata(name):
    import importlib.metadata
    assert importlib.metadata.version(name)


@pytest.mark.parametrize("a", [1, 2])
@pytest.mark.parametrize("b", [3, 4], ids=["three", "four"])
def test_parameters(made, a, b):
    made.append((a, b))
    assert features.ratio(a, b) < 1
    assert len(made) < 6


def test_compared():
    print("said before")
    left = [features.ratio(4, 2), 3]
    assert left == [2.0, 4]


def test_raised():
    features.ratio(1, 0)


@pytest.mark.skip(reason="not today")
def test_skipped():
    raise AssertionError


def test_skips():
    pytest.skip("from within")


@pytest.mark.xfail(strict=True)
def test_expected():
    raise AssertionError


@pytest.fixture
def broken():
    yield
    raise ValueError("at the end")


def test_teardown(broken):
    pass


def test_warned():
    warnings.warn("look here", FutureWarning)


class TestTools:
    def test_of_pytest(self, tmp_path, monkeypatch, capsys, caplog):
        monkeypatch.setenv("LEVEL", "debug")
        (tmp_path / "file").write_text("x")
        print("out")
        assert capsys.readouterr().out == "out\\n"
"""


@pytest.fixture
def run(project):
    """Return a function that runs pytest in a project."""

    def run(files, *options, **variables):
        root = project({**PROJECT, **files})
        command = [sys.executable, "-m", "pytest", "-rA", *options]
        return subprocess.run(
            command,
            cwd=root,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def outcomes(done):
    """Return the outcome of each test by its name."""
    found = re.findall(r"^(PASSED|FAILED|ERROR|XFAIL) \S+?::(\S+)", done.stdout, re.MULTILINE)
    return {name: outcome for outcome, name in reversed(found)}


@pytest.mark.slow
def test_everything_about_a_test_is_as_if_it_had_run_here(run):
    done = run({"tests/test_it.py": OUTCOMES})

    assert outcomes(done) == {
        "test_where[one]": "PASSED",
        **{f"test_packages[one-{name}]": "PASSED" for name in ("pydantic", "rich", "kfp.dsl")},
        "test_packages[one-xdist]": "PASSED",
        **{
            f"test_metadata[one-{name}]": "PASSED"
            for name in ("pytest-timeout", "Pytest_Timeout", "pytest.timeout")
        },
        **{f"test_parameters[one-{b}-{a}]": "PASSED" for a in (1, 2) for b in ("three", "four")},
        "test_compared[one]": "FAILED",
        "test_raised[one]": "FAILED",
        "test_expected[one]": "XFAIL",
        "test_teardown[one]": "PASSED",
        "test_warned[one]": "PASSED",
        "TestTools::test_of_pytest[one]": "PASSED",
    }, done.stdout
    assert "SKIPPED [1] tests/test_it.py:" in done.stdout
    assert ": not today" in done.stdout
    assert ": from within" in done.stdout
    assert "1 error" in done.stdout.splitlines()[-1]


@pytest.mark.slow
def test_a_failure_is_shown_as_pytest_shows_it(run):
    shown = run({"tests/test_it.py": OUTCOMES}, "-k", "compared or raised or teardown or warned")

    for text in (
        "E       assert [2.0, 3] == [2.0, 4]",
        "E         At index 1 diff: 3 != 4",
        "Captured stdout call",
        "said before",
        "src/fraud/features.py:2: ZeroDivisionError",
        "    def ratio(a, b):",
        "ERROR at teardown of test_teardown[one]",
        "E       ValueError: at the end",
        "FutureWarning: look here",
    ):
        assert text in shown.stdout, text
    assert shown.returncode == 1


@pytest.mark.slow
def test_a_helper_is_tested_with_the_package_that_only_its_environment_has(run):
    table = "pd.DataFrame({'amount': [50.0, 100.0]})"
    files = {
        **{
            f"environments/gcp/{file.name}": file.read_text(encoding="utf-8")
            for file in (ROOT / "environments" / "gcp").iterdir()
        },
        "src/fraud/ratios.py": "import pandas as pd\n\n\n"
        "def ratios(payments: pd.DataFrame) -> pd.Series: return payments['amount'] / 50\n",
        "tests/conftest.py": "import pandas as pd\nimport pytest\n\n\n"
        f"@pytest.fixture\ndef payments(): return {table}\n",
        "tests/test_ratios.py": MARK.replace("one", "gcp")
        + "import numpy as np\nimport pandas as pd\nfrom fraud.ratios import ratios\n\n\n"
        "def test_it(payments): assert list(ratios(payments)) == [1.0, 2.0]\n\n\n"
        f"@pytest.mark.parametrize('table', [{table}, np.float64(1)])\n"
        "def test_parameters(table): assert hasattr(table, 'amount') or table == 1.0\n",
    }

    done = run(files)

    assert "3 passed" in done.stdout, done.stdout


@pytest.mark.slow
def test_a_process_that_dies_fails_its_test_and_no_other(run):
    tests = MARK + (
        "import os, sys\n\n\ndef test_first(): os.abort()\n\n\n"
        "def test_second(): sys.stdout.flush(); os._exit(3)\n\n\ndef test_third(): pass\n"
    )

    done = run({"tests/test_it.py": tests})

    assert outcomes(done) == {
        "test_first[one]": "FAILED",
        "test_second[one]": "FAILED",
        "test_third[one]": "PASSED",
    }, done.stdout
    assert "in the environment `one` ended with signal SIGABRT" in done.stdout
    assert "in the environment `one` ended with exit code 3" in done.stdout


@pytest.mark.slow
def test_a_test_that_cannot_end_by_itself_ends_with_its_process(run):
    tests = MARK + (
        "import signal, time\n\n\ndef test_first(): ...\n\n\n"
        "@pytest.mark.timeout(4)\ndef test_stuck():\n"
        "    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})\n    time.sleep(100)\n\n\n"
        "def test_next(): ...\n"
    )

    done = run({"tests/test_it.py": tests})

    assert outcomes(done) == {
        "test_first[one]": "PASSED",
        "test_stuck[one]": "FAILED",
        "test_next[one]": "PASSED",
    }, done.stdout
    assert "Timeout" in done.stdout
    assert "Error" not in done.stdout


@pytest.mark.slow
def test_the_last_words_of_a_process_are_shown_even_if_they_are_no_text(run):
    conftest = (
        "import os, sys\n\n\ndef pytest_runtest_call(item):\n    if 'one-' in sys.prefix:\n"
        "        capture = item.config.pluginmanager.getplugin('capturemanager')\n"
        "        capture.suspend_global_capture()\n"
        "        os.write(1, b'last words: \\xff\\n')\n        os._exit(3)\n"
    )

    done = run(
        {"tests/conftest.py": conftest, "tests/test_it.py": f"{MARK}def test_it(): ...\n"},
        PYTHONUTF8="1",
    )

    assert "ended with exit code 3" in done.stdout
    assert "last words: \ufffd" in done.stdout


@pytest.mark.slow
def test_a_process_that_dies_between_tests_fails_the_next_one(run):
    tests = (
        "import os, threading, time\nimport pytest\n\n\n"
        "@pytest.mark.environments('one')\n"
        "def test_first(): threading.Timer(0.3, os._exit, [3]).start()\n\n\n"
        "def test_here(): time.sleep(1.5)\n\n\n"
        "@pytest.mark.environments('one')\ndef test_last(): ...\n"
    )

    done = run({"tests/test_it.py": tests})

    assert outcomes(done) == {
        "test_first[one]": "PASSED",
        "test_here": "PASSED",
        "test_last[one]": "ERROR",
    }, done.stdout
    assert "in the environment `one` ended with exit code 3" in done.stdout


@pytest.mark.slow
def test_fixtures_end_when_no_later_test_needs_them_on_both_sides(run, tmp_path):
    conftest = (
        "import pathlib, pytest\n\n\ndef note(word):\n"
        "    with pathlib.Path('order.txt').open('a') as file: file.write(f'{word}\\n')\n\n\n"
        "@pytest.fixture(scope='module')\ndef module(request):\n"
        "    note(f'+{request.module.__name__}')\n    yield\n"
        "    note(f'-{request.module.__name__}')\n"
    )
    here = "def test_here(module): pass\n"
    there = "@pytest.mark.environments('one')\ndef test_there(module): pass\n"
    files = {
        "tests/conftest.py": conftest,
        "tests/test_a.py": f"import pytest\n{here}{there}",
        "tests/test_b.py": f"import pytest\n{there}{here}",
    }

    done = run(files, "--import-mode=prepend")

    assert "4 passed" in done.stdout, done.stdout
    order = (tmp_path / "project" / "order.txt").read_text(encoding="utf-8").split()
    ended = ["+test_a", "+test_a", "-test_a", "-test_a", "+test_b", "-test_b"]
    assert order == [*ended, "+test_b", "-test_b"]


@pytest.mark.slow
def test_several_environments_and_workers_share_the_tests(run):
    tests = (
        "import sys, pytest\n\n\n@pytest.mark.environments('*')\n"
        "@pytest.mark.parametrize('n', range(3))\n"
        "def test_it(component_environment, n): assert f'{component_environment}-' in sys.prefix\n"
    )

    done = run({"tests/test_it.py": tests}, "-n", "2")
    some = run({"tests/test_it.py": tests}, "--environments", "two", "-k", "1 or 2")

    assert "6 passed" in done.stdout, done.stdout
    assert sorted(outcomes(some)) == ["test_it[two-1]", "test_it[two-2]"]


@pytest.mark.slow
def test_a_conftest_that_the_environment_cannot_import_is_reported_with_the_remedy(run):
    tests = f"{MARK}def test_one(): ...\n\n\ndef test_two(): ...\n"

    done = run({"tests/conftest.py": "import pydantic\n", "tests/test_it.py": tests})

    assert "pytest did not start in the environment `one`: it ended with exit code 4" in done.stdout
    assert "No module named 'pydantic'" in done.stdout
    assert "move the import into the fixtures that need it." in done.stdout
    assert "2 errors" in done.stdout


@pytest.mark.slow
def test_a_module_that_the_environment_cannot_import_is_reported_with_its_line(run):
    done = run({"tests/test_it.py": f"{MARK}import only_there\n\n\ndef test_it(): ...\n"})

    assert "`tests/test_it.py::test_it[one]` cannot be collected in the environment `one`:" in (
        done.stdout
    )
    assert "E   ModuleNotFoundError: No module named 'only_there'" in done.stdout


@pytest.mark.slow
def test_tests_that_are_not_there_in_the_environment_are_reported(run):
    tests = f"{MARK}import sys\nif 'one-' not in sys.prefix:\n    def test_it(): ...\n"

    done = run({"tests/test_it.py": tests})

    assert "pytest does not find `tests/test_it.py::test_it[one]` in the environment" in done.stdout


@pytest.mark.slow
def test_a_skipped_module_is_skipped(run):
    tests = f"{MARK}pytest.importorskip('no_such_package')\n\n\ndef test_it(): ...\n"

    assert "1 skipped" in run({"tests/test_it.py": tests}).stdout


def test_collecting_makes_no_environment(run, tmp_path):
    cache = tmp_path / "cache"
    done = run({"tests/test_it.py": OUTCOMES}, "--collect-only", "-q", KFPKIT_CACHE_DIR=str(cache))

    assert "test_it.py::TestTools::test_of_pytest[one]" in done.stdout
    assert not cache.exists()


def test_a_stale_environment_fails_the_test_with_the_remedy(run):
    broken = {"environments/one/poetry.lock": "package = []\n[metadata]\ncontent-hash = '0'\n"}
    done = run({**broken, "tests/test_it.py": f"{MARK}def test_it(): ...\n"})

    assert "1 error" in done.stdout
    assert "Run `kfpkit env lock one`" in done.stdout


def test_a_marked_method_of_unittest_is_refused(run):
    tests = (
        f"{MARK}import unittest\n\n\nclass TestIt(unittest.TestCase):\n    def test_it(self): ...\n"
    )
    done = run({"tests/test_it.py": tests})

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "the marker `environments` has no effect on a method of `unittest" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_the_session(project, number):
    tests = (
        f"{MARK}import os, pathlib, time\n\n\ndef test_it():\n"
        "    pathlib.Path('pid').write_text(str(os.getpid()))\n    time.sleep(100)\n"
    )
    root = project({**PROJECT, "tests/test_it.py": tests})
    command = [sys.executable, "-m", "pytest", "-q"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL) as session:
        wait_for(lambda: (root / "pid").exists() and (root / "pid").read_text())
        session.send_signal(number)
        session.wait(timeout=60)

    child = int((root / "pid").read_text())
    wait_for(lambda: not is_alive(child))


def wait_for(condition):
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # the latter if it ends while it is read
        return False


def test_a_python_that_pytest_does_not_know_is_refused():
    with pytest.raises(PytestNotLentError, match=r"Python 3\.7 .* needs Python >=") as caught:
        make_loan("3.7")

    assert caught.value.python == "3.7"


def test_what_is_lent_comes_with_all_that_it_needs_and_nothing_of_the_session():
    loan = make_loan("3.12")

    assert {"pytest", "_pytest", "pluggy"} <= set(loan.first)
    assert {"iniconfig", "packaging", "pygments", "pytest_timeout"} <= set(loan.last)
    assert "pytest_timeout" in loan.plugins
    assert not {"xdist", "kfpkit", "pydantic"} & {*loan.first, *loan.last}


def test_what_only_an_old_python_needs_is_asked_for_that_python_alone():
    assert "exceptiongroup" not in make_loan("3.12").distributions
    try:
        needed = set(make_loan("3.10").distributions)
    except PytestNotLentError as error:  # it is not installed next to a newer Python
        needed = {problem.split("`")[1] for problem in error.problems}

    assert "exceptiongroup" in needed
