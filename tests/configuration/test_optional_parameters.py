"""An optional parameter takes nothing, or a value of its type; a mistyped one is refused."""

# ruff: noqa: UP045, FBT001, PLR0913, PLR0917 - KFP's own spelling, and a parameter of each type

from typing import Optional

import pytest
from configuration.checked import check
from kfp import dsl
from local.steps import say

from kfpkit.errors import InvalidConfigurationError


@dsl.pipeline(name="optionals")
def optionals(
    count: Optional[int] = None,
    rate: Optional[float] = None,
    word: Optional[str] = None,
    flag: Optional[bool] = None,
    names: Optional[list] = None,
    table: Optional[dict] = None,
):
    say(text=word)


def arguments(given, texts=None):
    return check(optionals, given, texts)


NAMES = ["count", "rate", "word", "flag", "names", "table"]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_a_value_of_an_optional_parameter(name):
    assert arguments({name: None}) == {name: None}
    assert arguments({}) == {}


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"word"}))
def test_null_on_the_command_line_is_nothing(name):
    assert arguments({}, {name: "null"}) == {name: None}


def test_null_is_a_word_like_others_where_text_is_asked_for():
    assert arguments({}, {"word": "null"}) == {"word": "null"}


@pytest.mark.parametrize(
    ("name", "text", "shown", "needed"),
    [
        ("count", "1O", "'1O'", "a whole number"),
        ("count", "1.5", "1.5", "a whole number"),
        ("count", "", "''", "a whole number"),
        ("count", "true", "True", "a whole number"),
        ("count", "None", "'None'", "a whole number"),
        ("count", '"3"', "'3'", "a whole number"),
        ("rate", "0,5", "'0,5'", "a number"),
        ("rate", "fast", "'fast'", "a number"),
        ("rate", "false", "False", "a number"),
        ("flag", "yes", "'yes'", "true or false"),
        ("flag", "1", "1", "true or false"),
        ("names", '{"a": 1}', "{'a': 1}", "a list"),
        ("names", "a,b", "'a,b'", "a list"),
        ("table", "[1]", "[1]", "a mapping"),
    ],
)
def test_a_mistyped_optional_value_is_refused(name, text, shown, needed):
    with pytest.raises(InvalidConfigurationError) as caught:
        arguments({}, {name: text})
    (fault,) = caught.value.faults
    assert fault.problem == f"`{name}` is {shown}; the pipeline needs {needed}"


@pytest.mark.parametrize(
    ("name", "value"), [("count", "3"), ("count", 2.0), ("rate", "0.5"), ("flag", 0), ("word", 1)]
)
def test_a_mistyped_optional_value_of_a_file_is_refused(name, value):
    with pytest.raises(
        InvalidConfigurationError, match=f"`{name}` is {value!r}; the pipeline needs"
    ):
        arguments({name: value})


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("count", "-3", -3), ("rate", "2", 2), ("rate", "1e3", 1000.0), ("flag", "TRUE", True)],
)
def test_a_good_optional_value_is_read(name, text, value):
    read = arguments({}, {name: text})[name]
    assert (read, type(read)) == (value, type(value))
