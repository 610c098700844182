import json

import pytest
from kfp import dsl

from kfpkit.specification.execution import make_executor_input, read_executor_output


@pytest.fixture
def written(tmp_path):
    """Return what is read of a component's process that has written `rate`."""

    @dsl.component(base_image="x")
    def rate() -> float:
        return 1.0

    (interface,) = rate.pipeline_spec.components.values()
    executor_input = make_executor_input(interface, {}, tmp_path)

    def read(value):
        (tmp_path / "executor_output.json").write_text(
            json.dumps({"parameterValues": {"Output": value}})
        )
        return read_executor_output(interface, executor_input, task="rate")

    return read


@pytest.mark.parametrize("value", [2, 2.0])
def test_a_number_is_a_float_where_one_is_declared(written, value):
    (found,) = written(value).values()

    assert type(found) is float
    assert found == 2


@pytest.mark.parametrize("value", [[2], {"a": 2}, None])
def test_anything_else_is_refused_where_a_number_is_declared(written, value):
    with pytest.raises(ValueError, match=r"`Output`: .* is not a number"):
        written(value)
