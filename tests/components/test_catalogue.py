"""The catalogue as one package: all components, imported when they are asked for."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import kfpkit
from kfpkit import components

FILE = Path(components.__file__)
NAMES = sorted(file.stem for file in FILE.parent.glob("[a-z]*.py"))


def run(code: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.check_output(command, text=True).strip()


@pytest.mark.parametrize("before", ["", "import kfpkit.components.train_model; "])
def test_a_component_is_imported_from_the_catalogue(before):
    code = f"{before}from kfpkit.components import train_model; print(type(train_model).__name__)"

    assert run(code) == "Component"


def test_both_forms_give_the_same_component():
    code = (
        "from kfpkit.components.split_data import split_data as one\n"
        "from kfpkit.components import split_data as two\n"
        "print(one is two)"
    )

    assert run(code) == "True"


def test_only_what_is_asked_for_is_imported():
    code = (
        "import sys\nfrom kfpkit.components import split_data\n"
        "print(*(name for name in sys.modules if name.startswith('kfpkit.components.')))"
    )

    assert run(code) == "kfpkit.components.split_data"


def test_a_name_that_is_no_component_is_refused():
    done = subprocess.run(
        [sys.executable, "-c", "from kfpkit.components import train_models"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "cannot import name 'train_models' from 'kfpkit.components'" in done.stderr


def test_editors_know_each_component():
    guarded = next(node for node in ast.parse(FILE.read_text()).body if isinstance(node, ast.If))
    declared = [(each.module, each.names[0].name, each.names[0].asname) for each in guarded.body]

    assert declared == [(f"kfpkit.components.{name}", name, name) for name in NAMES]


def test_a_component_ships_without_its_neighbours():
    shown = subprocess.check_output(
        [
            sys.executable,
            "-m",
            "kfpkit",
            "bundle",
            "show",
            "kfpkit.components.split_data:split_data",
            "--json",
        ],
        cwd=Path(kfpkit.__file__).parent / "components",
        text=True,
    )

    assert "components/__init__.py" in shown
    assert "train_model" not in shown
