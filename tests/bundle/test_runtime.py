"""kfp's runtime as it travels: small, generated, and still all that a task needs."""

import ast
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import kfp
import pytest

from kfpkit.bundle import encode
from kfpkit.bundle.bundle import serialize
from kfpkit.bundle.runtime import FILE, FOLDER, serialized_runtime, stripping
from kfpkit.bundle.runtime import __main__ as runtime_main

KFP = Path(kfp.__file__).parent
WITH_THE_LOCKED_KFP = pytest.mark.skipif(
    f"__version__ = '{kfp.__version__}'" not in FILE.read_text(encoding="utf-8"),
    reason="another version of KFP than the locked one is installed",
)
PRINT = """\
import sys
sys.path.insert(0, sys.argv[1])
import pathlib, stripping
sys.stdout.write(repr(stripping.strip_kfp(pathlib.Path(sys.argv[2]))))
"""
UNRESOLVED = """\
import ast, builtins, pathlib, sys
import kfp.dsl.executor

for module in [module for name, module in sys.modules.items() if name.split(".")[0] == "kfp"]:
    nodes = list(ast.walk(ast.parse(pathlib.Path(module.__file__).read_text())))
    bound = {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound |= {node.id for node in nodes if isinstance(getattr(node, "ctx", None), ast.Store)
              and isinstance(node, ast.Name)}
    bound |= {node.name for node in nodes if isinstance(node, (ast.ExceptHandler, ast.FunctionDef))}
    for node in nodes:
        if isinstance(node, ast.Name) and node.id not in bound | {*vars(module), *vars(builtins)}:
            print(f"{module.__name__}:{node.id}")
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = getattr(module, node.value.id, None)
            if isinstance(owner, type(sys)) and not hasattr(owner, node.attr):
                print(f"{module.__name__}:{node.value.id}.{node.attr}")
"""


@pytest.fixture(scope="module")
def stripped() -> dict[str, str]:
    return stripping.strip_kfp(KFP)


@pytest.fixture
def unpacked(tmp_path, stripped) -> Path:
    """Return a folder that holds the stripped kfp."""
    for name, text in stripped.items():
        file = tmp_path / "kfp" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def run(folder: Path, script: str, runtime: str = "true") -> list[str]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=folder,
        env={"_KFP_RUNTIME": runtime, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


@WITH_THE_LOCKED_KFP
def test_what_is_committed_is_what_the_locked_kfp_gives(stripped):
    """`make kfp-runtime` writes it again."""
    files = ((f"{FOLDER}/kfp/{name}", text.encode()) for name, text in stripped.items())
    made = serialize((), files)
    if os.environ.get("UPDATE_GOLDEN"):
        FILE.write_bytes(made)

    assert serialized_runtime() == made


@pytest.mark.parametrize("minor", ["3.10", "3.11", "3.12", "3.13"])
def test_every_python_strips_alike(python_of, minor, stripped):
    folder = str(Path(stripping.__file__).parent)
    printed = subprocess.run(
        [python_of(minor), "-I", "-S", "-c", PRINT, folder, str(KFP)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert ast.literal_eval(printed) == stripped


def test_the_payload_with_kfps_runtime_has_at_most_20_kb(bundled):
    bundle = bundled({"fraud/pipeline.py": "def score(a: int) -> int:\n    return a\n"})

    assert sum(map(len, encode(bundle, carry_runtime=True))) < 20_000


@WITH_THE_LOCKED_KFP
def test_the_module_writes_the_file(monkeypatch, tmp_path):
    monkeypatch.setattr(runtime_main, "FILE", tmp_path / "kfp.txt")
    runtime_main.main()
    assert (tmp_path / "kfp.txt").read_bytes() == FILE.read_bytes()


def test_every_file_keeps_its_copyright_and_says_that_it_was_changed(stripped):
    for name, text in stripped.items():
        before = (KFP / name).read_text().splitlines()
        owners = [line for line in before if line.startswith("# Copyright")]
        notice = text.splitlines()[: len(owners) + 2]
        assert notice[: len(owners)] == owners or not text
        assert "Licensed under the Apache License, Version 2.0" in "".join(notice) or not text
        assert "Changed by kfpkit" in "".join(notice) or not text


def test_what_stays_is_the_same_code(stripped):
    def statements(text):
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(body := getattr(node, "body", None), list):
                node.body = [each for each in body if not _does_nothing(each)]
        return [ast.dump(node) for node in tree.body]

    for name, text in stripped.items():
        before = statements((KFP / name).read_text())
        after = statements(text)
        positions = [before.index(statement) for statement in after if text]
        assert positions == sorted(positions), name


def _does_nothing(node) -> bool:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text or isinstance(node, ast.Pass)


def test_the_files_are_what_the_executor_imports():
    script = "import kfp.dsl.executor, sys; print(*(m for m in sys.modules if m[:3] == 'kfp'))"

    assert {_file(module) for module in run(Path.cwd(), script)} == set(stripping.FILES)


def _file(module: str) -> str:
    path = Path(importlib.util.find_spec(module).origin)
    return path.relative_to(KFP).as_posix()


def test_a_task_finds_every_name_that_kfp_gives_it(unpacked):
    script = "import kfp.dsl; print(kfp.__file__, *(n for n in dir(kfp.dsl) if n[:1] != '_'))"
    found = run(unpacked, script)
    wanted = run(KFP.parent, script)

    assert found[0].startswith(str(unpacked))
    assert set(found[1:]) == set(wanted[1:])


def test_nothing_that_is_left_out_is_used(unpacked):
    """Each global name, and each attribute of a module, that a function reads is there."""
    assert run(unpacked, UNRESOLVED) == []


RICH = """\
from typing import Dict, List, NamedTuple, Optional

from kfp import dsl
from kfp.dsl import ClassificationMetrics, Dataset, HTML, Input, InputPath, Metrics, Model, Output


class Results(NamedTuple):
    total: int
    names: List[str]


def score(
    table: Input[Dataset],
    parts: Input[List[Dataset]],
    text: InputPath("Dataset"),
    model: Output[Model],
    metrics: Output[Metrics],
    curve: Output[ClassificationMetrics],
    page: Output[HTML],
    note: dsl.OutputPath(str),
    weights: Dict[str, float],
    status: dsl.PipelineTaskFinalStatus,
    missing: Optional[str] = None,
) -> Results:
    model.metadata["kind"] = type(table).__name__
    metrics.log_metric("rows", len(open(table.path).read().splitlines()))
    curve.log_confusion_matrix(["no", "yes"], [[1, 2], [3, 4]])
    open(page.path, "w").write("<p>hello</p>")
    open(note, "w").write(open(text).read())
    return Results(total=int(sum(weights.values())), names=[status.state, *(p.name for p in parts)])
"""


def artifact(folder: Path, name: str, kind: str) -> dict:
    file = folder / name
    file.write_text("one\ntwo\n")
    schema = {"schemaTitle": f"system.{kind}", "schemaVersion": "0.0.1"}
    return {"artifacts": [{"name": name, "uri": str(file), "type": schema, "metadata": {}}]}


def rich_input(folder: Path) -> dict:
    outputs = {"model": "Model", "metrics": "Metrics", "curve": "ClassificationMetrics"}
    parameters = ("note", "total", "names")
    status = {"state": "SUCCEEDED", "pipelineJobResourceName": "job", "pipelineTaskName": "task"}
    return {
        "inputs": {
            "parameterValues": {"weights": {"a": 1.5, "b": 2.5}, "status": status},
            "artifacts": {
                "table": artifact(folder, "table", "Dataset"),
                "parts": artifact(folder, "part", "Dataset"),
                "text": artifact(folder, "text", "Dataset"),
            },
        },
        "outputs": {
            "outputFile": str(folder / "outputs.json"),
            "parameters": {name: {"outputFile": str(folder / name)} for name in parameters},
            "artifacts": {
                name: artifact(folder, name, kind)
                for name, kind in {**outputs, "page": "HTML"}.items()
            },
        },
    }


@pytest.mark.parametrize("minor", ["3.10", "3.13"])
def test_a_task_with_every_kind_of_value_runs_where_no_kfp_is(bundled, python_of, minor, tmp_path):
    bundle = bundled({"fraud/pipeline.py": RICH})
    arguments = ["--executor_input", json.dumps(rich_input(tmp_path)), "--function_to_execute"]

    done = subprocess.run(
        [
            python_of(minor),
            "-I",
            "-S",
            *encode(bundle, carry_runtime=True)[1:],
            *arguments,
            "score",
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    written = json.loads((tmp_path / "outputs.json").read_text())
    values = {"total": 4, "names": ["SUCCEEDED", "part"]}
    metadata = {
        name: found["artifacts"][0]["metadata"] for name, found in written["artifacts"].items()
    }
    assert written["parameterValues"] == values
    assert (tmp_path / "note").read_text() == "one\ntwo\n"
    assert metadata["model"] == {"kind": "Dataset"}
    assert metadata["metrics"] == {"rows": 2.0}
    assert metadata["curve"]["confusionMatrix"]["rows"][1]["row"] == [3, 4]
