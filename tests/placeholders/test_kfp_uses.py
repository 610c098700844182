"""What a pipeline hands to KFP: no placeholder gets through, and the author reads why."""

from __future__ import annotations

import textwrap

import pytest

from kfpkit.compiler.compiler import to_yaml
from kfpkit.errors import (
    LostTasksError,
    ModuleFailedError,
    PlaceholderError,
    PlaceholderInputError,
    PlaceholderValueError,
)
from kfpkit.loading.pipelines import load_pipeline
from kfpkit.placeholders import MARK

PIPELINE = """\
import json
import pprint

import kfpkit
import numpy as np
import pandas as pd
from kfp import dsl


@kfpkit.component(environment="all")
def score(limit: float = 1.0) -> float:
    return limit


@kfpkit.component(environment="all")
def join(values: list, options: dict) -> str:
    return "x"


@kfpkit.component(environment="all")
def use(data: dsl.Input[dsl.Dataset]) -> None: ...


@dsl.pipeline(name="uses")
def uses():
"""
HEAD = len(PIPELINE.splitlines())
INPUTS = {
    "an argument": "score(limit=np.pi)",
    "an argument by position": "score(np.pi)",
    "an argument in lists": "join(values=[1, [np.pi]], options={})",
    "an argument in a tuple": "join(values=(1, np.pi), options={})",
    "an argument in dictionaries": "join(values=[], options={'a': {'b': np.array([1])}})",
    "a key of an argument": "join(values=[], options={np.pi: 1})",
    "a module": "join(values=[np], options={})",
    "an artifact": "use(data=pd.DataFrame())",
    "a product with an output": "score(limit=score().output * np.pi)",
    "a product with an output on the right": "score(limit=np.pi * score().output)",
    "an environment": "score.in_environment(np.str_('all'))()",
    "a component in another environment": "score.in_environment('all')(limit=np.pi)",
    "a text that a library makes": "join(values=[pprint.pformat(np.pi)], options={})",
    "a key that a library writes": "join(values=[json.dumps([np.pi], default=repr)], options={})",
}
VALUES = {
    "if": "if np.pi > 3:\n    score()",
    "for": "for number in np.arange(3):\n    score()",
    "an f-string": "join(values=[f'{np.pi}'], options={})",
    "the text of a list": "join(values=[str([np.pi])], options={})",
    "a loop over it": "with dsl.ParallelFor(np.arange(3)) as number:\n    score(limit=number)",
    "a limit of tasks": "with dsl.ParallelFor([1.0], parallelism=np.int64(3)):\n    score()",
    "a condition on an output": "with dsl.If(score().output > np.pi):\n    score()",
    "an equality with an output": "with dsl.If(score().output == np.pi):\n    score()",
    "a number of accelerators": "score().set_accelerator_limit(np.int64(1))",
    "a number of attempts": "score().set_retry(np.int64(3))",
    "a name to display": "score().set_display_name(np.str_('x'))",
    "whether to cache": "score().set_caching_options(np.bool_(True))",
    "an image": "score().set_container_image(np.str_('x'))",
}
FAILURES = {
    "an item of a loop": "with dsl.ParallelFor([np.pi, 2.0]) as number:\n    score(limit=number)",
    "a field of a loop": "with dsl.ParallelFor([{'a': np.pi}]) as item:\n    score(limit=item.a)",
    "a condition": "with dsl.If(np.pi > 3):\n    score()",
    "a condition on the right": "with dsl.If(np.pi < score().output):\n    score()",
    "the name of a condition": "with dsl.If(score().output == 1.0, name=np.name):\n    score()",
    "a limit of processors": "score().set_cpu_limit(np.str_('1'))",
    "a limit of memory": "score().set_memory_limit(np.str_('1G'))",
    "a variable": "score().set_env_variable('A', np.str_('x'))",
    "the name of a variable": "score().set_env_variable(np.str_('x'), 'a')",
    "what runs before": "score().after(np.x)",
    "what runs at the end": "with dsl.ExitHandler(np.x):\n    score()",
    "an address": "dsl.importer(artifact_uri=np.str_('gs://x'), artifact_class=dsl.Dataset)",
    "the class of an artifact": "dsl.importer(artifact_uri='gs://x', artifact_class=pd.DataFrame)",
    "one of several": "score(limit=dsl.OneOf(np.x))",
    "a text that is joined": "join(values=[','.join([np.str_('x')])], options={})",
}
CODE = {
    "a component that is wrapped": "np.vectorize(score)(3)",
    "a function that makes tasks": "np.vectorize(lambda number: score(limit=number))([1.0])",
    "a generator of tasks": "pd.concat(score(limit=number) for number in (1.0, 2.0))",
    "functions in a list": "np.piecewise(3, [], [score, lambda: score()])",
}


@pytest.fixture
def load(lean):
    def load(body):
        source = PIPELINE + textwrap.indent(f"{body}\n", "    ")
        return load_pipeline(lean({"uses.py": source}) / "uses.py")

    return load


def test_a_pipeline_that_hands_over_none_compiles(load):
    compiled = to_yaml(load("np.seterr(all='raise')\nscore(limit=2.0)"))

    assert MARK not in compiled
    assert "laceholder" not in compiled


@pytest.mark.parametrize("body", INPUTS.values(), ids=INPUTS)
def test_an_argument_is_refused_at_its_line(load, body):
    with pytest.raises(PlaceholderInputError) as refused:
        load(body)

    assert refused.value.place.line == HEAD + 1
    assert refused.value.absence.package in {"numpy", "pandas"}
    assert " contains `" in str(refused.value)


@pytest.mark.parametrize("body", VALUES.values(), ids=VALUES)
def test_a_value_that_kfp_needs_is_refused(load, body):
    with pytest.raises(PlaceholderValueError, match=r"uses\.py:\d+: this line runs while"):
        load(body)


@pytest.mark.parametrize("body", FAILURES.values(), ids=FAILURES)
def test_an_error_of_kfp_is_explained(load, body):
    with pytest.raises(ModuleFailedError) as failed:
        load(body)

    assert failed.value.place.line > HEAD - 2
    [(package, place)] = failed.value.placeholders.items()
    assert f"\n`{package}` (line {place.line}) is not installed here, so a " in str(failed.value)


@pytest.mark.parametrize("body", CODE.values(), ids=CODE)
def test_functions_that_would_make_tasks_are_refused(load, body):
    with pytest.raises(LostTasksError, match="would be lost") as refused:
        load(body)

    assert refused.value.place.line == HEAD + 1


def test_a_message_that_cannot_be_formed_is_replaced(load):
    with pytest.raises(ModuleFailedError, match="its message needs the value of `") as failed:
        load("with dsl.If(np.pi > 3):\n    score()")

    assert failed.value.cause.startswith("AssertionError: ")


def test_a_component_that_a_placeholder_holds_is_not_lost(lean):
    wrapped = "wrapped = np.vectorize(score)\n\n\n@dsl.pipeline"
    source = PIPELINE.replace("@dsl.pipeline", wrapped) + "    wrapped(3)\n"

    with pytest.raises(LostTasksError, match=r"`wrapped`|`np\.vectorize\(…\)`"):
        load_pipeline(lean({"uses.py": source}) / "uses.py")


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("def uses() -> float:", "return np.pi"),
        ("def uses(limit: float = np.pi):", "score()"),
        ("def uses(data: pd.DataFrame):", "score()"),
        ("def uses(data: dsl.Input[pd.DataFrame]):", "score()"),
        ("def uses() -> pd.DataFrame:", "return score().output"),
    ],
)
def test_the_interface_of_a_pipeline_holds_none(lean, head, body):
    source = PIPELINE.replace("def uses():", head) + f"    {body}\n"

    with pytest.raises((ModuleFailedError, PlaceholderError), match=r"uses\.py:\d+: ") as refused:
        load_pipeline(lean({"uses.py": source}) / "uses.py")
    assert "pandas" in str(refused.value) or "numpy" in str(refused.value)
