import pytest

from kfpkit.specification.execution.selectors import select


@pytest.mark.parametrize("value", [{"a b": 1, 'c"]d': None}, '{"a b": 1, "c\\"]d": null}'])
def test_a_part_of_a_mapping_or_of_its_text_is_selected(value):
    assert select(value, 'parseJson(string_value)["a b"]') == 1
    assert select(value, 'parseJson(string_value)["c"]d"]') is None


@pytest.mark.parametrize(
    ("value", "selector", "problem"),
    [
        ({"a": 1}, 'parseJson(string_value)["b"]', r"\{'a': 1\} has no part `b`"),
        ("[1]", 'parseJson(string_value)["b"]', "has no part `b`"),
        ("no JSON", 'parseJson(string_value)["b"]', "Expecting value"),
        ({"a": 1}, "size(string_value)", r"`size\(string_value\)` is not known"),
    ],
)
def test_a_part_that_is_not_there_is_refused(value, selector, problem):
    with pytest.raises(ValueError, match=problem):
        select(value, selector)
