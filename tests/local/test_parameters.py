import math
from typing import Optional

import pytest
from kfp import dsl
from local.steps import say

from kfpkit.errors import PipelineParametersError
from kfpkit.local.parameters import read_pipeline_arguments


@dsl.pipeline(name="taking")
def taking(  # noqa: PLR0913, PLR0917 - a parameter of each type
    count: int,
    rate: float = 0.5,
    word: str = "w",
    flag: bool = True,  # noqa: FBT001, FBT002 - KFP's own spelling
    names: list = ["a"],  # noqa: B006 - KFP's own spelling
    table: dict = {},  # noqa: B006 - KFP's own spelling
    maybe: Optional[int] = None,  # noqa: UP045 - KFP's own spelling
):
    say(text=word, times=count)


def arguments(given, texts=None):
    return read_pipeline_arguments(taking.pipeline_spec, given, texts or {})


def test_values_that_fit_pass_and_defaults_stay_away():
    given = {"count": 1, "rate": 2, "names": [], "maybe": None}
    assert arguments(given) == given


def test_text_is_read_by_the_declared_type():
    texts = {
        "count": "3",
        "rate": "1e-3",
        "word": "7",
        "flag": "False",
        "names": '["b"]',
        "table": '{"k": 1}',
    }
    assert arguments({"count": 1}, texts) == {
        "count": 3,
        "rate": 0.001,
        "word": "7",
        "flag": False,
        "names": ["b"],
        "table": {"k": 1},
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "`count` is missing: the pipeline needs a whole number"),
        ({"count": 1, "wrd": "x"}, "`wrd` is not a parameter of the pipeline; did you mean `word`"),
        ({"count": "many"}, "`count` is 'many'; the pipeline needs a whole number"),
        ({"count": 1.5}, "`count` is 1.5; the pipeline needs a whole number"),
        ({"count": True}, "`count` is True; the pipeline needs a whole number"),
        ({"count": 1, "word": 5}, "`word` is 5; the pipeline needs text"),
        ({"count": 1, "names": "a"}, "`names` is 'a'; the pipeline needs a list"),
        ({"count": 2**53 + 1}, "`count` cannot be passed on: KFP's messages round integers past"),
        ({"count": 1, "table": {"id": [-(2**60)]}}, "`table` cannot be passed on: KFP's messages"),
        (
            {"count": 1, "rate": math.nan},
            "`rate` cannot be passed on: KFP's messages store numbers",
        ),
    ],
)
def test_what_does_not_fit_is_refused(given, expected):
    with pytest.raises(PipelineParametersError) as caught:
        arguments(given)
    assert expected in str(caught.value)


def test_all_problems_are_told_at_once():
    with pytest.raises(PipelineParametersError) as caught:
        arguments({"rate": "fast", "flga": True})
    assert len(caught.value.problems) == 3


def test_an_artifact_cannot_be_given():
    @dsl.pipeline(name="artifacts")
    def artifacts(data: dsl.Input[dsl.Dataset]):
        say(text="x")

    with pytest.raises(PipelineParametersError, match=r"dsl\.importer"):
        read_pipeline_arguments(artifacts.pipeline_spec, {}, {})


def test_a_value_that_the_pipeline_does_not_list_is_refused():
    spec = type(taking.pipeline_spec).FromString(taking.pipeline_spec.SerializeToString())
    for word in ("a", "b"):  # as KFP's compiler writes `Literal["a", "b"]`
        spec.root.input_definitions.parameters["word"].literals.add(string_value=word)

    assert read_pipeline_arguments(spec, {"count": 1, "word": "b"}, {})["word"] == "b"
    with pytest.raises(PipelineParametersError, match="`word` is 'c'; the pipeline takes 'a', 'b'"):
        read_pipeline_arguments(spec, {"count": 1, "word": "c"}, {})
