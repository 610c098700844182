"""The executor input is the one that KFP makes."""

from pathlib import Path

import pytest
from google.protobuf import json_format
from kfp import dsl
from kfp.local import executor_input_utils
from local.steps import component

from kfpkit.specification.execution.executor_input import make_executor_answers, make_executor_input
from kfpkit.specification.execution.templates import fill

ROOT = Path("/runs/1/task")


@component
def everything(  # noqa: PLR0913, PLR0917 - an input of each kind
    text: str,
    count: int,
    rate: float,
    flag: bool,  # noqa: FBT001 - KFP's own spelling
    names: list,
    table: dict,
    data: dsl.Input[dsl.Dataset],
    parts: dsl.Input[list[dsl.Dataset]],
    model: dsl.Output[dsl.Model],
    note: dsl.OutputPath(str),
) -> int: ...


VALUES = {
    "text": "it's",
    "count": 3,
    "rate": 0.5,
    "flag": True,
    "names": ["a", 2.5],
    "table": {"k": [False]},
    "pipelinechannel--injected": "x",
    "data": dsl.Dataset(name="data", uri="/in/data", metadata={"rows": 2.5}),
    "parts": [dsl.Dataset(name="p", uri="/in/p", metadata={})],
}


@pytest.fixture
def interface():
    (interface,) = everything.pipeline_spec.components.values()
    return interface


def test_it_is_kfps_own(interface):
    message = executor_input_utils.construct_executor_input(
        component_spec=interface,
        arguments=VALUES,
        task_root=str(ROOT),
        block_input_artifact=False,
    )
    own = make_executor_input(interface, VALUES, ROOT)
    assert own == json_format.MessageToDict(message)


def test_whole_numbers_are_whole_and_none_stays_inside(interface):
    values = {
        "rate": 2.0,
        "table": {"k": [None, 1.0]},
        "data": dsl.Dataset(name="data", uri="/in", metadata={"rows": 2.0, "of": [3.0]}),
    }
    inputs = make_executor_input(interface, values, ROOT)["inputs"]
    assert repr(inputs["parameterValues"]) == "{'rate': 2, 'table': {'k': [None, 1]}}"
    assert repr(inputs["artifacts"]["data"]["artifacts"][0]["metadata"]) == (
        "{'of': [3], 'rows': 2}"
    )


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("inputs.parameters['text']", "it's"),
        ("inputs.parameters['names']", '["a",2.5]'),
        ("inputs.artifacts['data'].uri", "/in/data"),
        ("inputs.artifacts['data'].path", "/in/data"),
        ("inputs.artifacts['data'].metadata['rows']", "2.5"),
        ("inputs.artifacts['parts'].path", "/in/p"),
        ("outputs.parameters['note'].output_file", "/runs/1/task/note"),
        ("outputs.artifacts['model'].path", "/runs/1/task/model"),
        ("outputs.output_file", "/runs/1/task/executor_output.json"),
        ("outputMetadataUri", "/runs/1/task/executor_output.json"),
    ],
)
def test_placeholders_of_commands_are_answered(interface, asked, answer):
    answers = make_executor_answers(make_executor_input(interface, VALUES, ROOT))
    assert fill(f"{{{{$.{asked}}}}}", answers) == answer
