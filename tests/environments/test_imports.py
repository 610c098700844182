"""Each environment of the repository, installed from its lock, can import what it says it has.

The monolith is imported by the benchmark.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from environment_sizes import LARGE

from kfpkit.environments import find_environment, list_environments
from kfpkit.environments.venvs import ensure_virtual_environment, python_of
from kfpkit.project.project import find_project

REPOSITORY = find_project(Path(__file__).parents[2])
ALL = [found.name for found in list_environments(REPOSITORY)]
NAMES = [pytest.param(name, marks=[pytest.mark.large] if name in LARGE else []) for name in ALL]

IMPORT = """\
import importlib, json, sys, warnings

warnings.simplefilter("ignore")
failed = {}
for name in json.load(sys.stdin):
    try:
        importlib.import_module(name)
    except Exception as error:
        failed[name] = repr(error)
print("\\n" + json.dumps(failed))
"""


def test_the_list_of_large_environments_is_up_to_date():
    assert set(ALL) >= LARGE


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", NAMES)
def test_an_environment_imports_what_it_provides(name):
    environment = find_environment(REPOSITORY, name)
    python = python_of(ensure_virtual_environment(environment))
    done = subprocess.run(
        [python, "-I", "-c", IMPORT],
        input=json.dumps(list(environment.manifest.imports)),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    failed = json.loads(done.stdout.splitlines()[-1])
    assert [name for name in failed if not optional(name, failed, environment)] == [], failed


def optional(module, failed, environment):
    """Some wheels bring a module for something else that is not required: it is not found."""
    owners = environment.manifest.imports
    others = [name for name, owner in owners.items() if owner == owners[module]]
    return "ModuleNotFoundError" in failed[module] and any(name not in failed for name in others)
