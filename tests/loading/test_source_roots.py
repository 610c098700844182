"""Several projects in one Python process: each gets its own modules, or is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PIPELINE = """\
from kfp import dsl
import kfpkit
{imports}

@kfpkit.component(base_image="python:3.11")
def double(number: int) -> int:
    return 2 * number


@dsl.pipeline(name="{name}")
def pipeline() -> None:
    double(number={number})
"""
LOAD = """\
import sys
from pathlib import Path
from kfpkit.errors import LoadedElsewhereError
from kfpkit.loading import load_pipeline

for path in sys.argv[1:]:
    try:
        print(load_pipeline(Path(path)).name)
    except LoadedElsewhereError as error:
        print("refused", error.module, error.loaded, error.own, sep="|")
"""


def write(root: Path, files: dict[str, str]) -> Path:
    """Write a project and return its root."""
    for path, text in {"pyproject.toml": '[tool.kfpkit]\nsource-roots = ["."]\n', **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def pipeline(name: str, imports: str = "", number: str = "1") -> str:
    """Return a pipeline file."""
    return PIPELINE.format(name=name, imports=imports, number=number)


def load(*paths: Path, before: str = "") -> list[str]:
    """Load pipelines one after the other in one process. Return a line for each."""
    command = [sys.executable, "-W", "ignore", "-c", before + LOAD, *map(str, paths)]
    return subprocess.check_output(command, text=True, cwd="/").splitlines()


def refused(module: str, loaded: Path, own: Path) -> str:
    """Return the line of a refusal."""
    return f"refused|{module}|{loaded}|{own}"


def test_two_projects_without_common_names_load_in_one_process(tmp_path):
    one = write(tmp_path / "one", {"pipelines/first/pipeline.py": pipeline("first")})
    two = write(tmp_path / "two", {"pipelines/second/pipeline.py": pipeline("second")})
    first, second = one / "pipelines" / "first", two / "pipelines" / "second"

    assert load(first, second, first) == ["first", "second", "first"]


@pytest.mark.parametrize("init", [False, True], ids=["folder", "package"])
def test_a_pipeline_of_the_same_name_is_refused(tmp_path, init):
    packages = {"p/__init__.py": ""} if init else {}
    one = write(tmp_path / "one", {"p/pipeline.py": pipeline("first"), **packages})
    two = write(tmp_path / "two", {"p/pipeline.py": pipeline("second"), **packages})
    module, file = ("p", "p/__init__.py") if init else ("p.pipeline", "p/pipeline.py")

    assert load(one / "p", two / "p", one / "p") == [
        "first",
        refused(module, one / file, two / file),
        "first",
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "module"),
    [
        ("helpers.py", "helpers.py", "helpers"),
        ("helpers/__init__.py", "helpers.py", "helpers"),
        ("helpers/settings.py", "helpers/settings.py", "helpers.settings"),
        ("helpers/deep/settings.py", "helpers/deep/settings.py", "helpers.deep.settings"),
    ],
)
def test_a_helper_of_the_same_name_is_refused(tmp_path, ours, theirs, module):
    imports = f"import {module} as helper"
    one = write(
        tmp_path / "one",
        {"one.py": pipeline("first", imports, "helper.NUMBER"), ours: "NUMBER = 1\n"},
    )
    two = write(
        tmp_path / "two",
        {"two.py": pipeline("second", imports, "helper.NUMBER"), theirs: "NUMBER = 2\n"},
    )

    assert load(one / "one.py", two / "two.py") == [
        "first",
        refused(module, one / ours, two / theirs),
    ]


@pytest.mark.parametrize("imports", ["import helpers", "from helpers import settings"])
def test_a_package_of_another_project_does_not_hide_a_folder(tmp_path, imports):
    """Python prefers a package to a folder without `__init__.py`, wherever they are on its path."""
    one = write(tmp_path / "one", {"one.py": pipeline("first"), "helpers/__init__.py": "N = 1\n"})
    two = write(
        tmp_path / "two",
        {"two.py": pipeline("second", imports), "helpers/settings.py": "N = 2\n"},
    )

    assert load(one / "one.py", two / "two.py") == [
        "first",
        refused("helpers", one / "helpers" / "__init__.py", two / "helpers"),
    ]


def test_a_file_of_the_name_of_another_projects_folder_is_refused(tmp_path):
    one = write(tmp_path / "one", {"p/pipeline.py": pipeline("first")})
    two = write(tmp_path / "two", {"p.py": pipeline("second")})

    assert load(one / "p", two / "p.py") == ["first", refused("p", one / "p", two / "p.py")]


def test_the_last_loaded_project_comes_first_for_names_not_yet_imported(tmp_path):
    late = {"late.py": "NUMBER = 1\n"}
    one = write(tmp_path / "one", {"one.py": pipeline("first"), **late})
    again = {"again.py": pipeline("again", "import late", "late.NUMBER")}
    write(one, again)
    two = write(tmp_path / "two", {"two.py": pipeline("second"), **late})

    assert load(one / "one.py", two / "two.py", one / "again.py") == ["first", "second", "again"]


def test_a_module_that_a_notebook_has_imported_from_elsewhere_is_refused(tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "helpers.py").write_text("NUMBER = 1\n")
    root = write(
        tmp_path / "one",
        {"one.py": pipeline("first", "import helpers"), "helpers.py": "NUMBER = 2\n"},
    )
    before = f"import sys; sys.path.insert(0, {str(tmp_path / 'notes')!r}); import helpers\n"

    assert load(root / "one.py", before=before) == [
        refused("helpers", tmp_path / "notes" / "helpers.py", root / "helpers.py")
    ]


def test_folders_named_as_installed_libraries_and_doubles_of_tests_do_not_matter(tmp_path):
    root = write(
        tmp_path / "one",
        {"one.py": pipeline("first"), "kfp/notes.txt": "", "queue.py": "", "double.py": ""},
    )
    before = "import queue, sys, types; sys.modules['double'] = types.ModuleType('double')\n"

    assert load(root / "one.py", before=before) == ["first"]
