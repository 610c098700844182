"""One transformer's features under two versions of pandas, bit by bit."""

import json
import subprocess

import pytest
from helpers.own_variables import ROOT, VARIABLES
from helpers.test_in_environments import CHECKS, NOT_OURS
from uv import find_uv_bin

from kfpkit.environments import find_environment
from kfpkit.environments.venvs import ensure_virtual_environment, python_of
from kfpkit.project.project import find_project

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

# A row of all in one table, in small parts, and as single JSON records, each with two units.
FEATURES = """
import hashlib, json, sys
import numpy as np
import pandas as pd
sys.path.append({checks!r})
from check_features import fit, flights, write_json

fitted = fit(flights())
found = {{}}
for unit in ("us", "ns"):
    table = flights(unit=unit)
    rows = table.to_pandas()
    parts = [fitted.apply(rows.iloc[at : at + 7], at) for at in range(0, len(rows), 7)]
    found[f"table, {{unit}}"] = fitted.apply(rows)
    found[f"parts, {{unit}}"] = np.vstack(parts)
records = json.loads(json.dumps(flights().to_pylist(), default=write_json))
found["records"] = np.vstack([fitted.apply_records([record]) for record in records])
hashes = {{name: hashlib.sha256(each.tobytes()).hexdigest() for name, each in found.items()}}
print(json.dumps({{"pandas": pd.__version__, "features": fitted.features, "hashes": hashes}}))
"""


@pytest.fixture(scope="module")
def environment():
    """Return the environment `sklearn`, in which other tests check features."""
    return find_environment(find_project(ROOT), "sklearn")


@pytest.fixture(scope="module")
def ours(environment):
    return python_of(ensure_virtual_environment(environment))


@pytest.fixture(scope="module")
def newer(environment, ours, tmp_path_factory):
    """Return a Python with the packages of the environment, but the next version of pandas."""
    listed = json.loads((environment.folder / "imports.json").read_text())["distributions"]
    others = [f"{name}=={version}" for name, version in listed.items() if name != "pandas"]
    folder = tmp_path_factory.mktemp("pandas") / "venv"
    python = folder / "bin/python"
    uv = find_uv_bin()
    subprocess.run([uv, "venv", "--quiet", "--python", str(ours), str(folder)], check=True)
    install = [uv, "pip", "install", "--quiet", "--python", str(python)]
    subprocess.run([*install, *others, "pandas>=3,<4"], check=True)
    return python


@pytest.fixture
def run(environment, ours, lent_pytest):
    """Return a function that runs a Python with pytest, and returns what it prints."""

    def run(python, *arguments):
        folder = lent_pytest(ours, environment.description.python)
        done = subprocess.run(
            [str(python), *arguments],
            env={**VARIABLES, "PYTHONPATH": f"{folder}:{VARIABLES['PYTHONPATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
        return done.stdout

    return run


def test_features_are_what_they_say_under_the_next_version(run, newer, tmp_path):
    options = ["-q", "-W", "error", *NOT_OURS, "--noconftest", "-c", "/dev/null"]
    options += ["-p", "no:cacheprovider", f"--rootdir={tmp_path}"]

    run(newer, "-m", "pytest", *options, str(CHECKS / "check_features.py"))


def test_the_bits_are_the_same_under_both(run, ours, newer):
    script = FEATURES.format(checks=str(CHECKS))
    found = [json.loads(run(python, "-c", script)) for python in (ours, newer)]

    assert [each.pop("pandas").partition(".")[0] for each in found] == ["2", "3"]
    assert found[0] == found[1]
    assert len(set(found[0]["hashes"].values())) == 1
