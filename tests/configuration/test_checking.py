"""Values for parameters are compared with the pipeline's signature."""

import math
from typing import Optional

import pytest
from configuration.checked import check
from kfp import dsl
from local.steps import say

from kfpkit.errors import InvalidConfigurationError


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
    return check(taking, given, texts)


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
    with pytest.raises(InvalidConfigurationError) as caught:
        arguments(given)
    assert expected in str(caught.value)


def test_all_problems_are_told_at_once():
    with pytest.raises(InvalidConfigurationError) as caught:
        arguments({"rate": "fast", "flga": True})
    assert len(caught.value.faults) == 3


def test_an_artifact_cannot_be_given():
    @dsl.pipeline(name="artifacts")
    def artifacts(data: dsl.Input[dsl.Dataset]):
        say(text="x")

    with pytest.raises(InvalidConfigurationError, match=r"dsl\.importer"):
        check(artifacts, {})


def test_a_value_that_the_pipeline_does_not_list_is_refused():
    spec = type(taking.pipeline_spec).FromString(taking.pipeline_spec.SerializeToString())
    for word in ("a", "b"):  # as KFP's compiler writes `Literal["a", "b"]`
        spec.root.input_definitions.parameters["word"].literals.add(string_value=word)

    assert check(spec, {"count": 1, "word": "b"})["word"] == "b"
    with pytest.raises(
        InvalidConfigurationError, match="`word` is 'c'; the pipeline takes 'a', 'b'"
    ):
        check(spec, {"count": 1, "word": "c"})


def test_a_value_that_another_overrides_is_checked_too():
    with pytest.raises(InvalidConfigurationError, match="`rate` is 'fast'"):
        arguments({"count": 1, "rate": "fast"}, {"rate": "0.5"})


def test_a_mapping_on_the_command_line_sets_no_key_twice():
    with pytest.raises(InvalidConfigurationError, match="`table` sets `a` twice"):
        arguments({"count": 1}, {"table": '{"a": 1, "a": 2}'})


SECRET = {"secret": "projects/p-1/secrets/api_key/versions/latest"}


def test_a_reference_to_a_secret_is_passed_by_its_name():
    assert arguments({"count": 1, "word": SECRET})["word"] == SECRET["secret"]


def test_a_mapping_with_the_key_secret_stays_a_mapping():
    assert arguments({"count": 1, "table": SECRET})["table"] == SECRET


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"word": {"secret": "api_key"}},
            "`word` refers to the secret 'api_key'; write `projects/",
        ),
        ({"word": {"secret": 5}}, "`word` refers to the secret 5; write `projects/"),
        ({"names": SECRET}, "`names` refers to a secret, which only a parameter of the type `str`"),
    ],
)
def test_a_wrong_reference_to_a_secret_is_refused(given, expected):
    with pytest.raises(InvalidConfigurationError) as caught:
        arguments({"count": 1, **given})
    assert expected in str(caught.value)
