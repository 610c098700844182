"""Which files of installed packages go by a declared rule, and what brings them back."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from kfpkit.environments.recipe.in_build import left_out

FILES = (
    "numpy/_core/_simd.cpython-313-x86_64-linux-gnu.so",
    "numpy/_core/_multiarray_umath.cpython-313-x86_64-linux-gnu.so",
    "numpy/__init__.pyi",
    "pyarrow/_flight.cpython-313-x86_64-linux-gnu.so",
    "pyarrow/libarrow_flight.so.2600",
    "pyarrow/lib.cpython-313-x86_64-linux-gnu.so",
    "pyarrow/libarrow.so.2600",
    "kfp/dsl/executor.py",
    "kfp/dsl/executor_test.py",
    "kfp/client/client.py",
)
GONE = [FILES[3], FILES[4], FILES[0], FILES[8], FILES[9], FILES[2]]


@pytest.fixture
def packages(tmp_path):
    """Return a function that writes files of packages, and lists those that are left out."""

    def write(*keep: str, **modules: str) -> list[str]:
        first, second = tmp_path / "arrays", tmp_path / "rest"
        for name in FILES:
            file = first / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        (first / "pyarrow" / "flight.py").write_text("from pyarrow._flight import FlightClient")
        (first / "pyarrow" / "conftest.py").write_text("import pyarrow.flight")
        second.mkdir()
        for name, text in modules.items():
            file = second / f"{name.replace('__', '/')}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        found = left_out.left_out([first, second], keep)
        return [str(file.relative_to(first)) for file in found]

    return write


def test_what_the_rules_name_goes_and_nothing_else(packages):
    assert packages(some__module="import pyarrow.parquet, numpy") == GONE


@pytest.mark.parametrize(
    "line",
    [
        "import pyarrow.flight as flight",
        "from pyarrow import flight, parquet",
        "from pyarrow.flight import FlightClient",
        "def ask():\n    from pyarrow.flight import FlightClient",
    ],
)
def test_what_a_package_of_another_layer_imports_stays(packages, line):
    assert packages(some__module=line) == GONE[2:]


@pytest.mark.parametrize("line", ["# pyarrow.flight", "flight = 'pyarrow.flight'", "import flight"])
def test_a_mention_is_no_import(packages, line):
    assert packages(some__module=line) == GONE


def test_what_an_environment_keeps_stays(packages):
    assert packages("stubs", "pyarrow.flight") == GONE[2:5]


def test_each_rule_gives_a_reason_and_leaves_the_modules_that_people_import(packages):
    for rule in left_out.RULES:
        assert rule.reason
        assert not any(rule.holds(name) for name in ("pyarrow", "pyarrow.parquet", "numpy", "kfp"))


def test_the_script_prints_one_file_a_line(packages, tmp_path):
    packages()
    command = [sys.executable, "-I", left_out.__file__, "--keep", "stubs,numpy._core._simd"]
    command += [str(tmp_path / "arrays"), str(tmp_path / "absent")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert said.splitlines() == [f"{tmp_path}/arrays/{name}" for name in (*GONE[:2], *GONE[3:5])]


def test_the_authors_own_packages_have_what_the_rules_name():
    """A rule whose files no wheel has any longer would leave nothing out, in silence."""
    root = Path(sysconfig.get_path("purelib"))
    named = {rule.name: rule.files for rule in left_out.RULES if rule.name.startswith("pyarrow")}
    for files in named.values():
        assert all(list(root.glob(pattern)) for pattern in files)
