"""The parameters of a pipeline that are only passed on to tasks."""

import pytest
import yaml
from google.protobuf import json_format
from kfp import dsl
from local.steps import number, say

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.forecasts.kubeflow.passages import trace_parameter
from kfpkit.specification import PipelineSpec


@dsl.pipeline(name="inner")
def inner(text: str, hidden: str):
    say(text=text)
    with dsl.If(hidden == "yes"):
        say(text="yes")


@dsl.pipeline(name="every")
def every(  # noqa: PLR0913, PLR0917 - a parameter for each way to use one
    items: list,
    plain: str = "a",
    value: float = 1.0,
    unused: int = 1,
    deep: str = "d",
    hidden: str = "yes",
    condition: int = 1,
    piece: str = "a",
):
    say(text=plain)
    number(value=value)
    inner(text=deep, hidden=hidden)
    with dsl.If(condition > 1):
        say(text=plain)
    with dsl.ParallelFor(items) as item:
        say(text=item)
    say(text=f"{piece}!")


@pytest.fixture
def trace(tmp_path):
    (content,) = yaml.safe_load_all(compile_pipeline(every, tmp_path / "every.yaml").read_text())
    spec = json_format.ParseDict(content, PipelineSpec())
    return lambda name: trace_parameter(spec, name)


@pytest.mark.parametrize(
    ("name", "is_plain"),
    [
        ("plain", True),
        ("value", True),
        ("unused", True),
        ("deep", True),
        ("hidden", False),
        ("condition", False),
        ("items", False),
        ("piece", False),
    ],
)
def test_conditions_loops_and_strings_depend_on_a_value(trace, name, is_plain):
    assert trace(name).is_plain is is_plain


def test_a_value_is_converted_as_the_inputs_that_get_it(trace):
    assert trace("deep").convert(3) == "3"
    assert trace("value").convert(2.5) == 2.5
    assert trace("unused").convert("any") == "any"


@pytest.mark.parametrize(("name", "value"), [("value", "x"), ("plain", None), ("piece", "a")])
def test_a_value_that_is_not_only_passed_on_is_not_converted(trace, name, value):
    assert trace(name).convert(value) is None
