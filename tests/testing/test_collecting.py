"""Tests that import helpers whose packages only environments have."""

from __future__ import annotations

import subprocess
import sys

import pytest

HELPER = """\
import numpy as np
import pandas as pd

TAU = np.pi * 2


def clean(table: pd.DataFrame | None = None) -> pd.DataFrame:
    return pd.DataFrame(table).dropna()


def ratio(amount: float, usual: float = 50.0) -> float:
    return amount / usual
"""
TESTS = """\
import pandas as pd
import pytest

from fraud import features


def test_a_plain_function():
    assert features.ratio(200.0) == 4.0


@pytest.mark.parametrize("kind", [pd.DataFrame, None])
def test_a_table(kind):
    features.clean()


def test_a_package_that_is_skipped():
    pytest.importorskip("numpy")


def test_an_import_in_a_test():
    with pytest.raises(ModuleNotFoundError):
        import numpy


def test_nothing_is_installed():
    import importlib.util
    import sys

    assert importlib.util.find_spec("pandas") is None
    assert "pandas" not in sys.modules
"""
PROJECT = {
    "pytest.ini": "[pytest]\npythonpath = .\n",
    "fraud/__init__.py": "",
    "fraud/features.py": HELPER,
    "tests/test_features.py": TESTS,
}


@pytest.fixture
def collect(lean):
    def run(files, *options):
        root = lean({**PROJECT, **files})
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.parametrize("mode", ["prepend", "importlib"])
def test_helpers_without_their_packages_are_collected_and_tested(collect, mode):
    done = collect({}, f"--import-mode={mode}")

    assert "2 failed, 3 passed, 1 skipped" in done.stdout
    refusal = "features.py:8: this line calls or changes `pd.DataFrame`, which a placeholder"
    assert done.stdout.count(refusal) >= 2
    assert '`@pytest.mark.environments("all")`' in done.stdout


def test_a_conftest_may_import_them(collect):
    conftest = "import pandas as pd\nfrom fraud.features import TAU\n"
    done = collect({"conftest.py": conftest, "tests/conftest.py": conftest}, "-k", "plain")

    assert "1 passed" in done.stdout, done.stdout


def test_a_module_that_is_skipped_without_its_packages_stays_skipped(collect):
    tests = (
        "import pytest\nfeatures = pytest.importorskip('fraud.features')\n"
        "def test_it(): features.clean()\n"
    )
    done = collect({"tests/test_skipped.py": tests}, "tests/test_skipped.py")

    assert "1 skipped" in done.stdout, done.stdout


def test_a_refusal_is_an_error_of_the_collection(collect):
    tests = "import numpy as np\nLARGE = int(np.pi)\ndef test_it(): ...\n"
    done = collect({"tests/test_large.py": tests})

    assert "test_large.py:2: this line runs while its file is loaded" in done.stdout
    assert "1 error" in done.stdout
    assert done.returncode == pytest.ExitCode.INTERRUPTED


@pytest.mark.parametrize(
    ("options", "told"), [([], "1 passed, 1 warning"), (["-W", "error"], "1 error")]
)
def test_a_refusal_that_is_caught_is_told(collect, options, told):
    tests = (
        "import numpy as np\ntry:\n    LARGE = int(np.pi)\nexcept Exception:\n    LARGE = 0\n"
        "def test_it(): assert LARGE == 0\n"
    )
    done = collect({"tests/test_large.py": tests}, "tests/test_large.py", *options)

    assert "test_large.py:3: this line runs while" in done.stdout
    assert told in done.stdout


def test_a_project_without_environments_fails_as_ever(project):
    root = project({"test_it.py": "import numpy\n"})
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "ModuleNotFoundError: No module named 'numpy'" in done.stdout


def test_a_project_with_broken_settings_is_left_alone(project):
    root = project({"pyproject.toml": "[tool.kfpkit]\nno = 1\n", "test_it.py": "import numpy\n"})
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "ModuleNotFoundError: No module named 'numpy'" in done.stdout


def test_a_session_that_misses_nothing_imports_no_part_of_kfpkit_for_it(project):
    tests = "import sys\ndef test_it(): assert 'pydantic' not in sys.modules\n"
    root = project({"test_it.py": tests})
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "1 passed" in done.stdout, done.stdout
