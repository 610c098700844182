"""Helpers in the environments that have their libraries: runs `in_environment/` there."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from environment_sizes import LARGE
from helpers.own_variables import ROOT, VARIABLES

from kfpkit.environments import find_environment
from kfpkit.environments.venvs import ensure_virtual_environment, python_of
from kfpkit.project.project import find_project

pytestmark = pytest.mark.slow

PAGE = ROOT / "docs" / "reference" / "what-runs-where.md"
TASKS = ("binary", "multiclass", "regression")
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
# Keras 3.15 calls numpy in a way that numpy 2.4 announces to change, pygal has an import hook of a
# form that Python 3.12 has ended, and scikit-learn 1.5 calls scipy with options that 1.18 removes.
NOT_OURS = (
    *("-W", "ignore:__array__ implementation doesn't accept:DeprecationWarning"),
    *("-W", "ignore:PluginImportFixer:ImportWarning"),
    *("-W", "ignore:scipy.optimize:DeprecationWarning"),
)
# The versions that others have of these are those of one of the environments.
SHARED = ("numpy", "pandas", "pyarrow", "scikit-learn", "scipy")
DIFFERENT = ("catboost-1-1", "sklearn", "xgboost-1")
WHERE = {
    "contracts": ("lightgbm",),
    "features": DIFFERENT,
    "metrics": DIFFERENT,
    "models": TRAINING,
    "tables": DIFFERENT,
}


def runs(named):
    for checks in sorted(named):
        for environment in WHERE[checks]:
            marks = [pytest.mark.large] if environment in LARGE else []
            yield pytest.param(checks, environment, marks=[*marks, pytest.mark.timeout(900)])


@pytest.fixture
def run_checks(lent_pytest, tmp_path_factory):
    """Return a function that runs checks in an environment, and returns what they have shown."""

    def run(checks, environment):
        found = find_environment(find_project(ROOT), environment)
        python, version = python_of(ensure_virtual_environment(found)), found.description.python
        folder = tmp_path_factory.mktemp("checks")
        options = ["-q", "-W", "error", *NOT_OURS, "--noconftest", "-c", "/dev/null"]
        options += ["-p", "no:cacheprovider"]
        done = subprocess.run(
            [str(python), "-m", "pytest", *options, str(CHECKS / f"check_{checks}.py")],
            env={
                **VARIABLES,
                "PYTHONPATH": f"{lent_pytest(python, version)}:{VARIABLES['PYTHONPATH']}",
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                "SHOWN": str(folder / "shown"),
            },
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
        shown = folder / "shown"
        lines = shown.read_text().splitlines() if shown.exists() else []
        return [json.loads(line) for line in lines]

    return run


def test_every_environment_has_the_libraries_of_one_with_checks():
    def versions(environment):
        file = ROOT / "environments" / environment / "imports.json"
        found = json.loads(file.read_text(encoding="utf-8"))["distributions"]
        return [found[name] for name in SHARED]

    checked = [versions(environment) for environment in DIFFERENT]
    assert [name for name in TRAINING if versions(name) not in checked] == []


@pytest.mark.parametrize(("checks", "environment"), list(runs({*WHERE} - {"models"})))
def test_helpers_do_in_an_environment_what_they_say(run_checks, checks, environment):
    run_checks(checks, environment)


@pytest.mark.parametrize(("checks", "environment"), list(runs(("models",))))
def test_the_page_lists_what_runs_in_an_environment(run_checks, checks, environment):
    python = find_environment(find_project(ROOT), environment).description.python
    lines = rows_of(environment, python, run_checks(checks, environment))

    page = PAGE.read_text(encoding="utf-8")
    listed = [line for line in page.splitlines() if line.startswith(f"| `{environment}` |")]
    if listed != lines and os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(page.replace("\n".join(listed), "\n".join(lines)), encoding="utf-8")
        listed = lines
    assert listed == lines, "Write the page again: UPDATE_GOLDEN=1 and this test."


def rows_of(environment, python, shown):
    """Return the lines of the page's table for an environment."""
    estimators = {}
    for each in shown:
        library = f"{each['library']} {'.'.join(each['version'].split('.')[:2])}"
        estimators.setdefault((library, each["estimator"]), set()).add(each["task"])
    return [
        f"| `{environment}` | {python} | {library} | `{estimator}` | "
        + " | ".join("yes" if task in tasks else "" for task in TASKS)
        + " |"
        for (library, estimator), tasks in sorted(estimators.items())
    ]
