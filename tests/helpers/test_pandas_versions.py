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

VERSIONS = {"2": "pandas>=2,<3", "3": "pandas>=3,<4"}
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


@pytest.fixture(scope="module", params=VERSIONS)
def python(request, tmp_path_factory):
    """Return a Python with the packages of `sklearn`, but another version of pandas."""
    environment = find_environment(find_project(ROOT), "sklearn")
    listed = json.loads((environment.folder / "imports.json").read_text())["distributions"]
    others = [f"{name}=={version}" for name, version in listed.items() if name != "pandas"]
    folder = tmp_path_factory.mktemp("pandas") / "venv"
    uv = [find_uv_bin()]
    same = str(python_of(ensure_virtual_environment(environment)))
    subprocess.run([*uv, "venv", "--quiet", "--python", same, str(folder)], check=True)
    wanted = [*others, VERSIONS[request.param], f"pytest=={pytest.__version__}"]
    into = ["pip", "install", "--quiet", "--python", str(folder / "bin/python")]
    subprocess.run([*uv, *into, *wanted], check=True)
    return request.param, folder / "bin/python"


def run(python, *arguments):
    done = subprocess.run(
        [str(python), *arguments],
        env=VARIABLES,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    return done.stdout


def test_features_are_what_they_say_under_both(python, tmp_path):
    options = ["-q", "-W", "error", *NOT_OURS, "--noconftest", "-c", "/dev/null"]
    options += ["-p", "no:cacheprovider", f"--rootdir={tmp_path}"]

    run(python[1], "-m", "pytest", *options, str(CHECKS / "check_features.py"))


@pytest.fixture(scope="module")
def seen():
    """Return what has been found by version."""
    return {}


def test_the_bits_are_the_same_under_both(python, seen):
    found = json.loads(run(python[1], "-c", FEATURES.format(checks=str(CHECKS))))

    assert found.pop("pandas").startswith(f"{python[0]}.")
    assert len(set(found["hashes"].values())) == 1
    seen[python[0]] = found
    assert all(each == found for each in seen.values())
