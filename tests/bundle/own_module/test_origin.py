"""Where a component's function comes from decides under which name it is imported."""

from __future__ import annotations

import linecache
import subprocess
import sys
from types import FunctionType

import pytest
from bundle.conftest import function_of

from kfpkit.bundle import collect
from kfpkit.project.project import find_project

SCORE = "def score(a: int) -> int:\n    return a\n"


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("src/fraud/pipeline.py", "fraud.pipeline"),
        ("pipelines/training/pipeline.py", "pipelines.training.pipeline"),
        ("my-pipeline.py", "my_pipeline"),
        ("pipelines/2nd-try.py", "pipelines._2nd_try"),
        ("src/fraud/__init__.py", "fraud"),
        ("src/fraud/__main__.py", "fraud.__main__"),
    ],
)
def test_the_file_gives_the_module_s_name(bundled, run, file, module):
    bundle = bundled({file: SCORE}, module=file)
    assert bundle.module == module
    assert run(bundle, {"a": 1}).outputs == {"parameterValues": {"Output": 1}}


def test_a_script_gets_its_true_name(project, tmp_path):
    script = (
        "from pathlib import Path\nfrom kfpkit.bundle import collect\n"
        "from kfpkit.project.project import find_project\nfrom fraud import core\n"
        "def score(a: int) -> int:\n    return core.X\n"
        "bundle = collect(score, project=find_project(Path(__file__)))\n"
        "print(bundle.module, *(file.path for file in bundle.files))\n"
    )
    root = project({"src/fraud/steps.py": script, "src/fraud/core.py": "X = 1\n"})
    printed = subprocess.run(
        [sys.executable, "src/fraud/steps.py"],
        cwd=root,
        env={"PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.split() == ["fraud.steps", "fraud/core.py", "fraud/steps.py"]


def test_a_file_outside_the_source_roots_is_named_after_itself(project, tmp_path, run):
    root = project({"team/core.py": "X = 1\n"})
    outside = tmp_path / "scratch" / "try-out.py"
    outside.parent.mkdir()
    outside.write_text("from team import core\ndef score(a: int) -> int:\n    return core.X\n")
    bundle = collect(function_of(outside), project=find_project(root))
    assert bundle.module == "try_out"
    assert run(bundle, {"a": 1}).value == 1


def notebook(cells, name="score"):
    """Run cells as a notebook does and return a function of the last one."""
    names = {"__name__": "__main__", "In": [""]}
    for number, cell in enumerate(cells):
        file = f"/tmp/ipykernel_1/{number}.py"
        names["In"].append(cell)
        linecache.cache[file] = (len(cell), None, cell.splitlines(keepends=True), file)
        try:
            exec(compile(cell, file, "exec", dont_inherit=True), names)
        except SyntaxError:
            continue
    return names[name]


def test_a_notebook_s_cells_are_one_module(project, run):
    root = project({"team/core.py": "X = 1\n"})
    cells = [
        "import json",
        "this is no Python",
        "LIMIT = 1",
        "LIMIT = 2\nother = 1",
        "unrelated = 3",
        "def score(a: int) -> int:\n    return a\n",
        "def score(a: int) -> str:\n    from team import core\n    return json.dumps(a + LIMIT)\n",
        "score(1) if False else None",
    ]
    sys.modules.pop("team", None)
    bundle = collect(notebook(cells), project=find_project(root))
    assert bundle.module == "notebook"
    assert run(bundle, {"a": 3}).value == "5"
    assert b"unrelated" not in bundle.files[0].content


def test_running_other_cells_does_not_change_a_notebook_s_component(project):
    root = project({})
    first = ["LIMIT = 1", SCORE.replace("return a", "return LIMIT")]
    more = ["x = 1", first[0], "y = 2", first[1], "z = 3"]
    bundles = [collect(notebook(cells), project=find_project(root)) for cells in (first, more)]
    assert bundles[0].digest == bundles[1].digest


def test_of_two_functions_of_one_name_the_right_one_ships(project):
    source = (
        "def make(kind):\n    if kind:\n        def score(a: int) -> int:\n            return 1\n"
    )
    source += (
        "    else:\n        def score(a: int) -> int:\n            return 2\n    return score\n"
    )
    root = project({"fraud/pipeline.py": source})
    names: dict = {}
    file = root / "fraud/pipeline.py"
    exec(compile(source, str(file), "exec", dont_inherit=True), names)
    functions: list[FunctionType] = [names["make"](1), names["make"](0)]
    bundles = [collect(function, project=find_project(root)) for function in functions]
    assert b"return 1" in bundles[0].files[0].content
    assert b"return 2" in bundles[1].files[0].content
