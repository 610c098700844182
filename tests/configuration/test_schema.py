"""The schema for editors has the keys of a file, the signature, and the model's rules."""

# ruff: noqa: PLR0913, PLR0917 - a parameter of each type

from enum import Enum
from typing import Literal, Optional

import pytest
from kfp import dsl
from local.steps import say
from pydantic import BaseModel, Field

from kfpkit.configuration import ParameterModel, make_schema
from kfpkit.configuration.references import PATTERN


@dsl.pipeline(name="describing", description="Says it.")
def describing(
    count: int,
    rate: float = 0.5,
    word: str = "a",
    flag: bool = True,  # noqa: FBT001, FBT002 - KFP's own spelling
    names: list = ["a"],  # noqa: B006 - KFP's own spelling
    table: dict = {},  # noqa: B006 - KFP's own spelling
    maybe: Optional[int] = None,  # noqa: UP045 - KFP's own spelling
):
    """Say it.

    Args:
        count: How often.
    """
    say(text=word, times=count)


class Word(Enum):
    A = "a"
    B = "b"


class Table(BaseModel):
    depth: int = Field(ge=1)


class Parameters(BaseModel):
    count: int = Field(gt=0, lt=10)
    rate: float = Field(0.5, le=1)
    word: Word
    flag: Literal[True]
    names: list[str] = Field(min_length=1)
    table: Table
    maybe: str = Field(description="Another type.")


@pytest.fixture
def parameters(tmp_path):
    """Return a function that returns the schemas of the parameters."""

    def make(model=None):
        read = model and ParameterModel(file=tmp_path / "parameters.py", model=model)
        return make_schema(describing.pipeline_spec, read)["properties"]["parameters"]

    return make


NULL = {"type": "null"}
SECRET = {"$ref": "#/$defs/secret"}


def test_the_signature_says_types_defaults_and_meanings(parameters):
    found = parameters()
    assert found["additionalProperties"] is False
    properties = found["properties"]
    limit = 2**53
    count = {"type": "integer", "minimum": -limit, "maximum": limit}
    assert properties["count"] == {"description": "How often.", **count}
    assert properties["rate"] == {"default": 0.5, "anyOf": [{"type": "number"}, NULL]}
    assert properties["word"] == {"default": "a", "anyOf": [{"type": "string"}, SECRET, NULL]}
    assert properties["flag"] == {"default": True, "anyOf": [{"type": "boolean"}, NULL]}
    assert properties["names"] == {"default": ["a"], "anyOf": [{"type": "array"}, NULL]}
    assert properties["table"] == {"default": {}, "anyOf": [{"type": "object"}, NULL]}
    assert properties["maybe"] == {"default": None, "anyOf": [count, NULL]}


def test_the_models_rules_are_merged_except_for_other_types(parameters):
    properties = parameters(Parameters)["properties"]
    limit = 2**53
    assert properties["count"] == {
        "description": "How often.",
        "type": "integer",
        "minimum": -limit,
        "maximum": limit,
        "exclusiveMinimum": 0,
        "exclusiveMaximum": 10,
    }
    assert properties["rate"]["anyOf"][0] == {"type": "number", "maximum": 1}
    assert properties["word"]["anyOf"][0] == {"type": "string", "$ref": "#/$defs/Word"}
    assert properties["flag"]["anyOf"][0] == {"type": "boolean", "const": True}
    assert properties["names"]["anyOf"][0] == {
        "type": "array",
        "items": {"type": "string"},
        "minItems": 1,
    }
    assert properties["table"]["anyOf"][0] == {"type": "object", "$ref": "#/$defs/Table"}
    assert properties["maybe"]["anyOf"][0]["type"] == "integer"
    assert properties["maybe"]["description"] == "Another type."


def test_a_rule_about_the_same_limit_holds_beside_that_of_the_type(parameters):
    class Limited(BaseModel):
        count: int = Field(ge=0)

    count = parameters(Limited)["properties"]["count"]
    assert count["minimum"] == -(2**53)
    assert count["allOf"] == [{"type": "integer", "minimum": 0}]


def test_every_reference_leads_to_a_definition(tmp_path):
    model = ParameterModel(file=tmp_path / "parameters.py", model=Parameters)
    schema = make_schema(describing.pipeline_spec, model)
    assert set(schema["$defs"]) == {"secret", "Word", "Table"}
    assert schema["$defs"]["secret"]["properties"]["secret"]["pattern"] == f"^{PATTERN}$"


def test_a_choice_in_the_signature_is_an_enumeration():
    spec = type(describing.pipeline_spec).FromString(describing.pipeline_spec.SerializeToString())
    for word in ("a", "b"):  # as KFP's compiler writes `Literal["a", "b"]`
        spec.root.input_definitions.parameters["word"].literals.add(string_value=word)
    word = make_schema(spec)["properties"]["parameters"]["properties"]["word"]
    assert word["anyOf"][0] == {"type": "string", "enum": ["a", "b"]}
