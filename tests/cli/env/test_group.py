"""`kfpkit env`."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RUNTIME = {"environments/kfp-runtime.txt": "kfp==2.17.0 --hash=sha256:0\n"}
DESCRIPTION = {"environments/bare/pyproject.toml": "[project]\nrequires-python = '==3.12.*'\n"}


@pytest.fixture
def kfpkit(project):
    root = project(RUNTIME | DESCRIPTION)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kfpkit", "env", *arguments]
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)

    run.root = root
    return run


def test_list_shows_a_line_for_each_environment(kfpkit):
    done = kfpkit("list")

    assert done.returncode == 0
    assert "bare" in done.stdout
    assert "3.12" in done.stdout
    assert "no lock" in done.stdout


def test_list_aligns_numbers_with_the_end_of_their_heading(kfpkit):
    heading, row, *_ = kfpkit("list").stdout.splitlines()

    for name in ("Packages", "Unpacked", "Compressed"):
        end = heading.index(name) + len(name)
        assert row[end - len(name) : end] == "-".rjust(len(name)), name


def test_list_writes_json(kfpkit):
    (found,) = json.loads(kfpkit("list", "--json").stdout)

    assert found == {
        "name": "bare",
        "python": "3.12",
        "locked": False,
        "packages": None,
        "content_hash": None,
        "image": None,
        "exists": None,
        "size": None,
        "compressed": None,
        "state": "no lock",
        "virtual_environment": False,
        "components": [],
        "shared": {},
        "problem": None,
    }


def test_check_fails_with_the_problem_and_the_remedy(kfpkit):
    done = kfpkit("check")

    assert done.returncode == 1
    assert done.stdout.startswith("bare: ")
    assert "Run `kfpkit env lock bare`" in done.stdout


def test_a_folder_with_a_name_that_cannot_be_does_not_keep_the_others_from_being_checked(kfpkit):
    folder = kfpkit.root / "environments" / "My Env"
    folder.mkdir()
    (folder / "pyproject.toml").touch()

    done = kfpkit("check")

    assert done.returncode == 1
    assert "My Env: " in done.stdout
    assert "Rename the folder" in done.stdout
    assert "Run `kfpkit env lock bare`" in done.stdout


@pytest.mark.parametrize(
    "verb", [["audit"], ["build"], ["check"], ["plan"], ["audit", "--json"], ["plan", "--json"]]
)
def test_a_verb_that_works_on_all_environments_fails_without_any(kfpkit, verb):
    shutil.rmtree(kfpkit.root / "environments")

    done = kfpkit(*verb)

    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {kfpkit.root}/environments has no environments. ")
    assert "To create and lock one, run `kfpkit env new NAME --with PACKAGE`. " in done.stderr
    assert not done.stdout


def test_a_list_without_environments_says_how_to_get_one(kfpkit):
    shutil.rmtree(kfpkit.root / "environments")

    done = kfpkit("list")

    assert done.returncode == 0
    assert "To create and lock one, run `kfpkit env new NAME --with PACKAGE`" in done.stdout
    assert json.loads(kfpkit("list", "--json").stdout) == []


def test_a_table_is_neither_cut_nor_wrapped_where_no_terminal_shows_it(kfpkit):
    using = "import kfpkit\n\n\n@kfpkit.component(environment='bare')\ndef {}() -> int: return 1\n"
    names = [f"a_component_with_a_rather_long_name_{number}" for number in range(40)]
    for name in names:
        (kfpkit.root / f"{name}.py").write_text(using.format(name))

    (line,) = [line for line in kfpkit("list").stdout.splitlines() if "bare" in line]

    assert line.rstrip().endswith(", ".join(sorted(names)))


def test_a_plan_without_an_environment_that_has_an_image_has_no_table(kfpkit):
    with (kfpkit.root / "environments" / "bare" / "pyproject.toml").open("a") as file:
        file.write("[tool.kfpkit.environment]\nimage = false\n")

    done = kfpkit("plan", "--offline")

    assert done.stdout == "nothing to build (source: this machine's records)\n"


def test_an_environment_that_does_not_exist_is_refused_with_the_nearest_name(kfpkit):
    done = kfpkit("lock", "bear")

    assert done.returncode == 1
    assert done.stderr.startswith("error: The environment `bear` does not exist.")
    assert done.stderr.endswith("Did you mean `bare`?\n")


def test_the_repositorys_environments_are_in_order():
    command = [sys.executable, "-m", "kfpkit", "env", "check"]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert "gcp: ok" in done.stdout
