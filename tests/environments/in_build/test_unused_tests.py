"""Which folders called `tests` of installed packages go, and which are used."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kfpkit.environments.recipe.in_build import unused_tests


@pytest.fixture
def unused(tmp_path):
    """Return a function that writes modules, and finds the unused folders of tests."""

    def find(**modules: str) -> list[str]:
        for name, text in modules.items():
            file = tmp_path / f"{name.replace('__', '/')}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return sorted(str(found.relative_to(tmp_path)) for found in unused_tests.unused(tmp_path))

    return find


def test_tests_that_nobody_imports_go(unused):
    found = unused(
        stars__core="import os",
        stars__tests__test_core="from stars.tests import helper",
        stars__tests__helper="",
        stars__maps__tests__test_maps="",
        tests__test_all="import stars.tests",
    )

    assert found == ["stars/maps/tests", "stars/tests", "tests"]


@pytest.mark.parametrize(
    "line",
    [
        "import stars.tests.runner",
        "from stars import tests",
        "from stars.tests import runner",
        "from .tests.runner import Runner",
        "from . import tests",
        "from . import (\n    core,\n    tests,\n)",
        "def test():\n    from .tests import runner",
    ],
)
def test_tests_that_a_module_of_the_package_imports_stay(unused, line):
    found = unused(
        stars__start=line,
        stars__core="from .start import anything",
        stars__tests__runner="",
        stars__tests__tests__test_runner="",
        stars__maps__tests__test_maps="",
    )

    assert found == ["stars/maps/tests"]


def test_what_is_imported_from_tests_that_stay_stays(unused, tmp_path):
    (tmp_path / "stars").mkdir()
    (tmp_path / "stars" / "__init__.py").write_text("from .tests import runner")
    found = unused(
        stars__tests__runner="from stars.maps.tests import maps",
        stars__maps__tests__maps="",
        stars__more__tests__test_more="",
    )

    assert found == ["stars/more/tests"]


@pytest.mark.parametrize(
    "line",
    [
        "# from stars.tests import runner",
        "text = 'see stars.tests'",
        "import stars.tests_of_others",
        "from contests import tests",
        "from stars import tests if",
    ],
)
def test_what_is_no_import_of_them_keeps_no_tests(unused, line):
    found = unused(stars__start=line, stars__core="import stars.start", stars__tests__test="")

    assert found == ["stars/tests"]


def test_a_module_that_nobody_imports_keeps_no_tests(unused):
    found = unused(
        stars__conftest="from stars.tests import helper",
        stars__tables__make="from stars.tests import helper",
        stars__core="text = 'from stars.tables import make'",
        stars__tests__helper="from stars.tables import make",
    )

    assert found == ["stars/tests"]


def test_the_script_prints_one_folder_a_line(unused, tmp_path):
    unused(stars__tests__test_core="", stars__maps__tests__test_maps="")

    command = [sys.executable, "-I", unused_tests.__file__, str(tmp_path), str(tmp_path / "absent")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert said == f"{tmp_path}/stars/maps/tests\n{tmp_path}/stars/tests\n"
