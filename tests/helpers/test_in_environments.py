"""Helpers in the environments that have their libraries: runs `in_environment/` there."""

import subprocess
from pathlib import Path

import pytest
from environment_sizes import LARGE

from kfpkit.environments import find_environment
from kfpkit.environments.venvs import ensure_virtual_environment, python_of
from kfpkit.project.project import find_project
from kfpkit.testing.loan import make_loan

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CHECKS = Path(__file__).with_name("in_environment")
TRAINING = (
    "catboost-1",
    "catboost-1-1",
    "lightgbm",
    "sklearn",
    "tensorflow",
    "xgboost-1",
    "xgboost-3",
)
# Keras 3.15 calls numpy in a way that numpy 2.4 announces to change.
KERAS = ("-W", "ignore:__array__ implementation doesn't accept:DeprecationWarning")
WHERE = {"features": TRAINING, "metrics": ("sklearn", "xgboost-1"), "models": TRAINING}


def runs():
    for checks, environments in WHERE.items():
        for environment in environments:
            marks = [pytest.mark.large] if environment in LARGE else []
            yield pytest.param(checks, environment, marks=[*marks, pytest.mark.timeout(900)])


@pytest.fixture
def lent(tmp_path):
    """Return a function that links pytest into a folder, for a Python without it."""

    def link(python):
        loan = make_loan(python)
        for name, folder in {**loan.last, **loan.first}.items():
            module = Path(folder, name)
            module = module if module.is_dir() else module.with_suffix(".py")
            if module.exists() and not (tmp_path / module.name).exists():
                (tmp_path / module.name).symlink_to(module)
        return tmp_path

    return link


@pytest.mark.parametrize(("checks", "environment"), list(runs()))
def test_helpers_do_in_an_environment_what_they_say(checks, environment, lent, tmp_path_factory):
    found = find_environment(find_project(ROOT), environment)
    python = python_of(ensure_virtual_environment(found))
    options = [
        "-q",
        "-W",
        "error",
        *KERAS,
        "-p",
        "no:cacheprovider",
        "--noconftest",
        "-c",
        "/dev/null",
    ]

    done = subprocess.run(
        [str(python), "-m", "pytest", *options, str(CHECKS / f"check_{checks}.py")],
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": f"{lent(found.description.python)}:{ROOT / 'src'}",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        cwd=tmp_path_factory.mktemp("checks"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
