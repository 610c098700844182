import math

import pytest
from kfp.pipeline_spec import pipeline_spec_pb2

from kfpkit.specification.execution.conversion import as_text, convert, from_text, normalise_value

TYPES = pipeline_spec_pb2.ParameterType


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('it\'s "so"\n', 'it\'s "so"\n'),
        (3, "3"),
        (3.0, "3"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (2.0**53, "9007199254740992"),
        (True, "true"),
        (None, ""),
        ([1.0, None, "ä"], '[1,null,"ä"]'),
        ({"b": 2.5, "a": {"c": False}}, '{"a":{"c":false},"b":2.5}'),
    ],
)
def test_text_is_what_a_cluster_writes(value, text):
    assert as_text(value) == text


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (7, TYPES.STRING, "7"),
        ({"a": 1}, TYPES.STRING, '{"a":1}'),
        (None, TYPES.STRING, ""),
        (7.0, TYPES.NUMBER_INTEGER, 7),
        (7, TYPES.NUMBER_DOUBLE, 7),
        (False, TYPES.BOOLEAN, False),
        ([2.0, None], TYPES.LIST, [2, None]),
        ({"a": None, "b": [None, 2.0]}, TYPES.STRUCT, {"a": None, "b": [None, 2]}),
    ],
)
def test_a_value_becomes_what_is_declared(value, kind, expected):
    converted = convert(value, kind)
    assert (converted, type(converted)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("value", "kind", "problem"),
    [
        ("7", TYPES.NUMBER_INTEGER, "a whole number is declared, but the value is '7' (KFP passes"),
        (True, TYPES.NUMBER_INTEGER, "a whole number is declared, but the value is True"),
        (1, TYPES.BOOLEAN, "true or false is declared, but the value is 1"),
        ({}, TYPES.LIST, "a list is declared, but the value is {}"),
        ('{"a": 1}', TYPES.STRUCT, "annotate the list, such as `List[Dict[str, int]]`"),
        (None, TYPES.NUMBER_DOUBLE, "a number is declared, but the value is None"),
        ([2**53 + 1], TYPES.LIST, "round integers past 2**53, such as 9007199254740993"),
        (math.inf, TYPES.STRING, "lacks `inf`"),
    ],
)
def test_nothing_else_is_converted(value, kind, problem):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the text is looked at below
        convert(value, kind)
    assert problem in str(refused.value)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (" 7\n", TYPES.STRING, " 7\n"),
        (" 7\n", TYPES.NUMBER_INTEGER, 7),
        ("9007199254740993", TYPES.NUMBER_INTEGER, 2**53 + 1),
        ("1e3\n", TYPES.NUMBER_DOUBLE, 1000.0),
        ("True\n", TYPES.BOOLEAN, True),
        ("f", TYPES.BOOLEAN, False),
        ("[1, null]", TYPES.LIST, [1, None]),
        ('{"a": 1}', TYPES.STRUCT, {"a": 1}),
    ],
)
def test_a_file_is_read_as_what_is_declared(text, kind, expected):
    assert from_text(text, kind) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("seven", TYPES.NUMBER_INTEGER),
        ("7.5", TYPES.NUMBER_INTEGER),
        ("", TYPES.NUMBER_DOUBLE),
        ("yes", TYPES.BOOLEAN),
        ("{}", TYPES.LIST),
        ("null", TYPES.STRUCT),
        ("[", TYPES.LIST),
    ],
)
def test_another_file_is_refused(text, kind):
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's and Python's own texts
        from_text(text, kind)


def test_whole_numbers_stay_whole_at_any_depth():
    value = normalise_value({"b": [1.0, 2.5, {"c": 3.0}], "a": True})
    assert repr(value) == "{'a': True, 'b': [1, 2.5, {'c': 3}]}"
