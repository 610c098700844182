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
    "pyarrow/_s3fs.cpython-313-x86_64-linux-gnu.so",
    "pyarrow/libarrow_s3.so.2600",
    "sqlalchemy/sql/operators.py",
    "sqlalchemy/dialects/sqlite/provision.py",
    "sqlalchemy/testing/config.py",
    "alembic/testing/env.py",
    "kfp/dsl/executor.py",
    "kfp/dsl/executor_test.py",
    "kfp/client/client.py",
)
FLIGHT, S3 = [FILES[3], FILES[4]], [FILES[7], FILES[8]]
SIMD, DATABASES = [FILES[0]], [FILES[12], FILES[10], FILES[11]]
KFP, STUBS = [FILES[14], FILES[15]], [FILES[2]]
GONE = [*FLIGHT, *S3, *SIMD, *DATABASES, *KFP, *STUBS]


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
        (first / "pyarrow" / "fs.py").write_text("from pyarrow._s3fs import S3FileSystem")
        provision = first / "sqlalchemy" / "dialects" / "sqlite" / "provision.py"
        provision.write_text("from ...testing import config")
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
    assert packages(some__module=line) == [file for file in GONE if file not in FLIGHT]


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("from pyarrow.fs import FileSystem, S3FileSystem", S3),
        ("from pyarrow import _s3fs", S3),
        ("import sqlalchemy.testing.config", DATABASES),
    ],
)
def test_a_part_of_a_module_stays_where_it_is_imported(packages, line, stays):
    assert packages(some__module=line) == [file for file in GONE if file not in stays]


@pytest.mark.parametrize("line", ["from . import testing", "from .testing import config"])
def test_what_a_module_of_the_same_package_imports_stays(packages, line):
    assert packages(sqlalchemy__events=line) == [file for file in GONE if file not in DATABASES]


@pytest.mark.parametrize(
    "line",
    [
        "# pyarrow.flight",
        "flight = 'pyarrow.flight'",
        "import flight",
        "from pyarrow.fs import GcsFileSystem  # and no S3FileSystem",
    ],
)
def test_a_mention_is_no_import(packages, line):
    assert packages(some__module=line) == GONE


def test_what_an_environment_keeps_stays(packages):
    found = packages("stubs", "pyarrow.flight")
    assert found == [file for file in GONE if file not in (*FLIGHT, *STUBS)]


def test_each_rule_gives_a_reason_and_leaves_the_modules_that_people_import(packages):
    for rule in left_out.RULES:
        assert rule.reason
        people = ("pyarrow", "pyarrow.parquet", "pyarrow.fs", "pyarrow.fs.GcsFileSystem", "numpy")
        assert not any(
            map(rule.holds, (*people, "sqlalchemy", "sqlalchemy.dialects.sqlite", "kfp"))
        )


def test_the_script_prints_one_file_a_line(packages, tmp_path):
    packages()
    command = [sys.executable, "-I", left_out.__file__, "--keep", "stubs,numpy._core._simd"]
    command += [str(tmp_path / "arrays"), str(tmp_path / "absent")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    left = [name for name in GONE if name not in (*STUBS, *SIMD)]
    assert said.splitlines() == [f"{tmp_path}/arrays/{name}" for name in left]


def test_the_authors_own_packages_have_what_the_rules_name():
    """A rule whose files no wheel has any longer would leave nothing out, in silence."""
    root = Path(sysconfig.get_path("purelib"))
    named = {rule.name: rule.files for rule in left_out.RULES if rule.name.startswith("pyarrow")}
    for files in named.values():
        assert any(list(root.glob(pattern)) for pattern in files)
