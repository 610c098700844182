from __future__ import annotations

import pytest

from kfpkit.errors import ConditionError
from kfpkit.specification.conditions import holds

VALUES = {"k": 3, "f": 1.5, "s": "it's && so", "b": True, "none": None}


@pytest.mark.parametrize(
    "condition",
    [
        "int(inputs.parameter_values['k']) == 3",
        "inputs.parameter_values['f'] > double(1)",
        "inputs.parameter_values['b'] == true",
        "!(inputs.parameter_values['b'] == false) && !(int(inputs.parameter_values['k']) > 3)",
        "int(inputs.parameter_values['k']) < -1 || inputs.parameter_values['f'] >= 1.5",
        "inputs.parameter_values['s'] != 'a || b && !c'",
        "'3' == string(inputs.parameter_values['k'])",
        "string(inputs.parameter_values['b']) == 'true'",
        "inputs.parameter_values['none'] == null",
    ],
)
def test_a_condition_holds(condition):
    assert holds(condition, VALUES)
    assert not holds(f"!({condition})", VALUES)


@pytest.mark.parametrize(
    "condition",
    [
        "inputs.parameter_values['unknown'] == 1",
        "inputs.parameter_values['none'] > 1",
        "inputs.parameter_values['s'] > 1",
        "int(inputs.parameter_values['s']) == 1",
        "inputs.parameter_values['k'] ==",
        "open('file')",
        "[x for x in (1,)] == 1",
    ],
)
def test_what_has_no_value_is_refused(condition):
    with pytest.raises(ConditionError) as caught:
        holds(condition, VALUES)
    assert condition in str(caught.value)
