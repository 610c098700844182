"""A pydantic model beside the pipeline checks ranges, choices and rules between parameters."""

from __future__ import annotations

import pytest

from kfpkit.configuration import (
    collect_given,
    find_faults,
    load_parameter_model,
    resolve_configuration,
)
from kfpkit.errors import InvalidConfigurationError, ModuleFailedError, ParameterModelError
from kfpkit.loading import load_pipeline
from kfpkit.project import find_project

PIPELINE = """\
from kfp import dsl

@dsl.component(base_image="python:3.11")
def say(text: str) -> str:
    return text

@dsl.pipeline(name="ranges")
def ranges(valid_from: str, valid_to: str = "2024-02-01", rows: int = 10, kind: str = "a"):
    say(text=valid_from)
"""
MODEL = """\
from datetime import date
from typing import Literal

from pydantic import BaseModel, Field, model_validator


class Parameters(BaseModel):
    valid_from: date
    valid_to: date
    rows: int = Field(gt=0)
    kind: Literal["a", "b"]

    @model_validator(mode="after")
    def check_order(self):
        if self.valid_from >= self.valid_to:
            raise ValueError("valid_from must be before valid_to.")
        return self
"""


@pytest.fixture
def resolve(project):
    """Return a function that resolves a file against a pipeline with a model."""

    def resolve_all(text, model=MODEL, check=find_faults):
        root = project({"p/pipeline.py": PIPELINE, "p/parameters.py": model, "p/dev.yaml": text})
        given = collect_given(root / "p" / "dev.yaml", pipeline=root / "p", variables={})
        spec = load_pipeline(root / "p").pipeline_spec
        read = load_parameter_model(root / "p")
        return check(given, spec, project=find_project(root), model=read)

    return resolve_all


def test_values_that_the_model_takes_stay_as_they_are(resolve):
    text = "parameters: {valid_from: '2024-01-01'}\n"
    found = resolve(text, check=resolve_configuration)
    assert found.parameters == {
        "kind": "a",
        "rows": 10,
        "valid_from": "2024-01-01",
        "valid_to": "2024-02-01",
    }


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("valid_from: '2024-01-01'\n  rows: 0", 3, "`rows` is 0: Input should be greater than 0"),
        ("valid_from: '2024-01-01'\n  kind: c", 3, "`kind` is 'c': Input should be 'a' or 'b'"),
        ("valid_from: soon", 2, "`valid_from` is 'soon': Input should be a valid date"),
        ("rows: 5\n  valid_from: '2024-03-01'", 3, "valid_from must be before valid_to"),
        (
            "kind: a\n  valid_to: '2024-01-01'\n  valid_from: '2024-03-01'",
            4,
            "valid_from must be before valid_to",
        ),
    ],
)
def test_a_value_that_the_model_refuses_is_a_fault_at_its_line(resolve, text, line, problem):
    (fault,) = resolve(f"parameters:\n  {text}\n")
    assert (fault.where.file.name, fault.where.line) == ("dev.yaml", line)
    assert fault.problem.startswith(problem)


def test_faults_of_the_model_and_of_the_signature_are_told_together_and_once(resolve):
    faults = resolve("parameters:\n  valid_from: 5\n  rows: 0\n  kind: [a]\n")
    assert sorted(fault.problem.split(";")[0] for fault in faults) == [
        "`kind` is ['a']",
        "`rows` is 0: Input should be greater than 0",
        "`valid_from` is 5",
    ]


def test_a_credential_does_not_reach_the_models_message(resolve):
    model = MODEL.replace('Literal["a", "b"]', "str = Field(pattern='^x$')")
    key = "AIza" + "Sy0123456789abcdefghijklmnopqrstuvw"
    (fault,) = resolve(f"parameters: {{valid_from: '2024-01-01', kind: {key}}}\n", model)
    assert key not in str(fault)


SOUND = "parameters: {valid_from: '2024-01-01'}\n"


def test_a_missing_parameter_is_one_fault(resolve):
    with pytest.raises(InvalidConfigurationError) as caught:
        resolve("parameters:\n  rows: 5\n", check=resolve_configuration)
    (fault,) = caught.value.faults
    assert fault.problem == "`valid_from` is missing: the pipeline needs text"


@pytest.mark.parametrize(
    ("changes", "line", "problem"),
    [
        (("rows: int", "rws: int"), 10, "`rws` is not a parameter of the pipeline; did you mean"),
        (
            ("gt=0", "default=5, gt=0"),
            10,
            "`rows` has the default 5 here, and the pipeline has the default 10, which counts",
        ),
        (
            ("valid_from: date", "valid_from: date = date(2024, 1, 1)"),
            8,
            "`valid_from` has the default '2024-01-01' here, and the pipeline has no default",
        ),
        (("Field(gt=0)", "Field(gt=20)"), 10, "`rows` is 10: Input should be greater than 20"),
        (
            ("raise ValueError", "raise TypeError"),
            16,
            "a validator failed: TypeError: valid_from must be before valid_to.",
        ),
    ],
)
def test_faults_of_the_model_itself_have_its_lines(resolve, changes, line, problem):
    text = SOUND.replace("2024-01-01", "2024-05-01") if "TypeError" in changes[1] else SOUND
    (fault,) = resolve(text, MODEL.replace(*changes))
    assert (fault.where.file.name, fault.where.line) == ("parameters.py", line)
    assert fault.problem.startswith(problem)


def test_a_model_may_describe_only_some_parameters_and_name_them_by_an_alias(resolve):
    model = (
        "from pydantic import BaseModel, Field\n\nclass Parameters(BaseModel, extra='forbid'):\n"
        "    count: int = Field(10, alias='rows', le=10)\n"
    )
    assert resolve(SOUND, model) == []
    (fault,) = resolve(SOUND.replace("}", ", rows: 11}"), model)
    assert fault.problem.startswith("`rows` is 11: ")


@pytest.mark.parametrize(
    "model",
    [MODEL.replace("Parameters", "Params"), "Parameters = 5\n", "class Parameters: pass\n"],
)
def test_a_file_with_models_under_other_names_is_refused(resolve, model):
    with pytest.raises(ParameterModelError, match="defines no pydantic model named `Parameters`"):
        resolve(SOUND, model)


def test_a_file_that_fails_is_refused_with_its_line(resolve):
    with pytest.raises(ModuleFailedError, match=r"parameters\.py:2"):
        resolve(SOUND, "\nraise RuntimeError('no')\n")


def test_a_model_may_come_from_another_module(resolve, project):
    project({"shared_rules.py": MODEL})
    (fault,) = resolve(
        "parameters: {valid_from: '2024-01-01', rows: 0}\n",
        "from shared_rules import Parameters as Parameters\n",
    )
    assert fault.problem == "`rows` is 0: Input should be greater than 0"
    assert (fault.where.file.name, fault.where.line) == ("dev.yaml", 1)


def test_a_file_without_models_is_something_else(resolve):
    assert resolve(SOUND, "KEY = 5\n") == []


def test_only_a_folder_with_a_pipeline_has_a_model(project):
    root = project({"p/pipeline.py": PIPELINE, "p/parameters.py": MODEL, "p/other.py": PIPELINE})
    assert load_parameter_model(root / "p").file == root / "p" / "parameters.py"
    assert load_parameter_model(root / "p" / "pipeline.py") is not None
    assert load_parameter_model(root / "p" / "other.py") is None
    assert load_parameter_model(root / "p" / "compiled.yaml") is None
