"""Modules without the packages that they import, on every Python that authors may have."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from placeholders import patterns
from placeholders.outcomes import outcome_of

from kfpkit.environments import find_environment
from kfpkit.environments.venvs import ensure_virtual_environment
from kfpkit.project.project import find_project

ROOT = Path(__file__).parents[2]
PATTERNS = list(patterns.patterns())
CURRENT = [each for each in PATTERNS if sys.version_info >= (3, each.python)]


def check(pattern, kind, text, line):
    if pattern.outcome == patterns.WORKS:
        assert kind == patterns.WORKS, text
        return
    if pattern.outcome == patterns.REFUSED:
        assert kind == "PlaceholderValueError", text
        assert f"it needs {pattern.needed} of `{pattern.of}`." in text
        assert "the environments `gcp` and `sklearn` provide it. Move the line" in text
    else:
        assert kind in pattern.needed.split("|"), text
    assert not pattern.line or line == pattern.line


def run(python, folder, *options):
    done = subprocess.run(
        [python, "-S", "-m", "placeholders.outcomes", str(folder), *options],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "src", ROOT / "tests")))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("module", patterns.ABSENT)
def test_no_interpreter_of_the_tests_has_the_packages(module):
    parent = module.rpartition(".")[0]

    assert (parent and importlib.util.find_spec(parent) is None) or not importlib.util.find_spec(
        module
    )


def test_there_are_patterns_of_all_kinds():
    names = [each.name for each in PATTERNS]
    outcomes = Counter(each.outcome for each in PATTERNS)

    assert len(set(names)) == len(names) >= 129
    assert set(outcomes) == {patterns.WORKS, patterns.REFUSED, patterns.FAILS}


@pytest.mark.parametrize("pattern", CURRENT, ids=lambda pattern: pattern.name)
def test_a_module_loads_or_says_what_it_needs(pattern, tmp_path):
    check(pattern, *outcome_of(pattern, tmp_path))


@pytest.mark.parametrize("minor", [10, 11, 12, 13])
def test_every_python_does_the_same(minor, python_of, tmp_path):
    found = run(python_of(f"3.{minor}"), tmp_path)

    expected = [each for each in PATTERNS if minor >= each.python]
    assert list(found) == [each.name for each in expected]
    for pattern in expected:
        check(pattern, *found[pattern.name])


@pytest.mark.slow
def test_what_loads_with_placeholders_loads_with_the_packages(tmp_path):
    venv = ensure_virtual_environment(find_environment(find_project(ROOT), "sklearn"))
    python = venv / "bin" / "python"
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()

    found = run(python, tmp_path, site)

    expected = [each for each in PATTERNS if each.outcome == patterns.WORKS]
    tried = [each for each in expected if not each.without_real and installed(each, Path(site))]
    assert len(tried) >= 40
    assert {each.name: found[each.name] for each in tried} == {
        each.name: [patterns.WORKS, "", 0] for each in tried
    }


def installed(pattern, site):
    """Say whether a pattern imports nothing that a folder of packages lacks."""
    text = "".join([pattern.source, *pattern.beside.values()])
    tops = {name.partition(".")[0] for name in patterns.ABSENT}
    named = set(re.findall(r"(?:import|from) ([\w, ]+)", text))
    imported = {name for each in named for name in re.split(r"[\s,]+", each)} & tops
    return all((site / name).is_dir() for name in imported)
