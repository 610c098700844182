"""KFP's own tests of local execution are the yardstick: their cases do here what they say.

The pipelines have the shape of KFP's and are written anew. Where Kubeflow does something else than
`kfp.local`, what is expected here is what Kubeflow does, and the case says so.
"""

import json

import pytest
from kfp import compiler, components, dsl
from local.kfp_cases import graphs, values
from local.kfp_cases.steps import append
from local.kfp_cases.values import importing, single_return
from local.steps import component

from kfpkit.compiler import compile_pipeline
from kfpkit.local import run_pipeline

CASES = (*values.CASES, *graphs.CASES)


def name_of(case):
    return "-".join([case.pipeline.name, *case.parameters.values()])


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_case_gives_what_it_says(case, run, tmp_path):
    file = tmp_path / "file"
    parameters = {name: text.replace("{file}", str(file)) for name, text in case.parameters.items()}

    result = run(case.pipeline, parameters, containers=case.containers)

    assert bool(result.failures) is (not result.succeeded) is bool(case.failure)
    assert all(case.failure in failed.failure for failed in result.failures)
    assert result.outputs == case.outputs
    outputs = {task.name: task.outputs for task in result.tasks}
    assert {name: outputs[name] for name in case.tasks} == case.tasks
    assert not case.file or file.read_text() == case.file


def test_an_importer_has_the_metadata_that_tasks_give(run):
    imported = run(importing, {"greeting": "hello"}).outputs["Output"]
    assert type(imported) is dsl.Dataset
    assert (imported.name, imported.uri) == ("artifact", "/local/path/to/dataset")
    assert imported.metadata == {"message": ["hello", "world"]}


def test_a_pipeline_that_was_loaded_from_its_file_runs(run, tmp_path):
    compiler.Compiler().compile(single_return, str(tmp_path / "pipeline.yaml"))
    loaded = components.load_component_from_file(str(tmp_path / "pipeline.yaml"))

    @dsl.pipeline(name="loaded")
    def using() -> str:
        return loaded(string="x").output

    assert run(using).outputs == {"Output": "x"}


def test_artifacts_say_what_they_are(run):
    @component
    def make(a: dsl.Output[dsl.Artifact], b: dsl.Output[dsl.Dataset]):
        a.metadata["foo"] = "bar"

    @dsl.pipeline(name="artifacts")
    def artifacts():
        make()

    (task,) = run(artifacts).tasks
    one, two = task.outputs["a"], task.outputs["b"]
    assert (type(one), one.name, one.metadata) == (dsl.Artifact, "a", {"foo": "bar"})
    assert (type(two), two.name, two.metadata) == (dsl.Dataset, "b", {})
    assert one.uri.endswith("/make/a")


def test_an_embedded_artifact_is_there(run, tmp_path):
    (tmp_path / "embedded").mkdir()
    (tmp_path / "embedded" / "data.txt").write_text("embedded")

    @component(embedded_artifact_path=str(tmp_path / "embedded"))
    def use(data: dsl.EmbeddedInput[dsl.Dataset]) -> str:
        import pathlib  # noqa: PLC0415 - a component imports in its body

        return (pathlib.Path(data.path) / "data.txt").read_text()

    @dsl.pipeline(name="embedding")
    def embedding() -> str:
        return use().output

    assert run(embedding).outputs == {"Output": "embedded"}


@pytest.mark.parametrize(
    ("lines", "enabled", "caching", "written"),
    [
        ("aa", True, True, "a"),
        ("ab", True, True, "ab"),
        ("aa", False, True, "aa"),
        ("aa", True, False, "aa"),
    ],
)
def test_a_task_runs_again_only_if_it_has_to(  # noqa: PLR0913, PLR0917 - what decides it
    run, tmp_path, lines, enabled, caching, written
):
    @dsl.pipeline(name="caching")
    def pipeline(path: str, line: str) -> str:
        return append(path=path, line=line).set_caching_options(enabled).output

    file = tmp_path / "file"
    for line in lines:
        result = run(pipeline, {"path": str(file), "line": line}, caching=caching)
        assert result.outputs == {"Output": line}
    assert file.read_text() == written


@pytest.mark.slow
def test_a_notebook_runs_with_what_it_installs(project):
    cell = {"cell_type": "code", "id": "a", "execution_count": None, "outputs": [], "metadata": {}}
    notebook = {
        "cells": [
            {**cell, "metadata": {"tags": ["parameters"]}, "source": "text = path = ''"},
            {**cell, "id": "b", "source": "with open(path, 'w') as file:\n    file.write(text)"},
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    root = project({"said.ipynb": json.dumps(notebook)})

    @dsl.notebook_component(
        notebook_path=str(root / "said.ipynb"),
        base_image="python:3.11",
        install_kfp_package=False,
    )
    def note(message: str) -> str:
        import pathlib  # noqa: PLC0415 - a component imports in its body

        path = pathlib.Path.cwd() / "said.txt"
        dsl.run_notebook(text=message, path=str(path))
        return path.read_text()

    @dsl.pipeline(name="noting")
    def noting() -> str:
        return note(message="hi").output

    result = run_pipeline(compile_pipeline(noting, root / "noting.yaml"))
    assert result.outputs == {"Output": "hi"}, [task.failure for task in result.tasks]
