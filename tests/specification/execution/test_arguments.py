"""Where the inputs of a task come from, in forms that KFP's compiler writes seldom or never."""

import pytest
from kfp import dsl
from local.steps import say

from kfpkit.errors import TaskValuesError, UndefinedInputError
from kfpkit.specification.execution.arguments import (
    resolve_graph_inputs,
    resolve_loop,
    resolve_task_arguments,
)
from kfpkit.specification.execution.job import Job
from kfpkit.specification.execution.scope import Scope


@dsl.pipeline(name="saying")
def saying(word: str = "w", words: list = []):  # noqa: B006 - KFP's own spelling
    say(text=word)
    with dsl.ParallelFor(words) as each:
        say(text=each)


@pytest.fixture
def spec():
    """Return a copy, which a test may change."""
    return type(saying.pipeline_spec).FromString(saying.pipeline_spec.SerializeToString())


@pytest.fixture
def resolve(spec, tmp_path):
    """Return a function that resolves the inputs of the pipeline's first task."""

    def resolve(**inputs):
        job = Job.create("run", root=tmp_path, workspace=tmp_path)
        task = spec.root.dag.tasks["say"]
        scope = Scope(job=job, inputs=resolve_graph_inputs(inputs, spec.root))
        return resolve_task_arguments("say", task, spec.components["comp-say"], scope)

    return resolve


def test_defaults_of_the_pipeline_serve(resolve):
    assert resolve() == {"text": "w"}
    assert resolve(word="v") == {"text": "v"}


def test_another_value_than_the_listed_ones_is_refused(spec, resolve):
    spec.components["comp-say"].input_definitions.parameters["text"].literals.add(string_value="a")
    assert resolve(word="a") == {"text": "a"}
    with pytest.raises(
        TaskValuesError, match="`text`: the declaration allows 'a', but the value is 'b'"
    ):
        resolve(word="b")


def test_an_input_that_nothing_defines_is_refused(spec, resolve):
    spec.root.dag.tasks["say"].inputs.parameters["text"].component_input_parameter = "other"
    with pytest.raises(UndefinedInputError) as refused:
        resolve()
    assert (refused.value.task, refused.value.name, refused.value.source) == (
        "say",
        "text",
        "other",
    )


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["a", "b"], ["a", "b"]),
        ('["a", 1, null, {"b": 2}]', ["a", "1", "", '{"b":2}']),
        ([], []),
    ],
)
def test_a_loop_runs_over_a_list_or_its_text(spec, items, expected):
    loop = spec.root.dag.tasks["for-loop-1"]
    component = spec.components["comp-for-loop-1"]
    found = resolve_loop("for-loop-1", loop, component, {"pipelinechannel--words": items})
    assert found.items == expected
    assert found.item_input == "pipelinechannel--words-loop-item"


@pytest.mark.parametrize("items", ["no list", {"a": 1}, None, 3])
def test_a_loop_over_something_else_is_refused(spec, items):
    loop = spec.root.dag.tasks["for-loop-1"]
    component = spec.components["comp-for-loop-1"]
    with pytest.raises(TaskValuesError):
        resolve_loop("for-loop-1", loop, component, {"pipelinechannel--words": items})
