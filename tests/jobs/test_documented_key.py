"""The cache of Vertex AI Pipelines, sentence by sentence from its documentation.

https://cloud.google.com/vertex-ai/docs/pipelines/configure-caching
"""

from __future__ import annotations

import dataclasses

import pytest
from kfp import dsl

from kfpkit.jobs.documented_key import DocumentedKey
from kfpkit.local import KeyFacts
from kfpkit.specification import make_artifact
from kfpkit.specification.message_types import ComponentSpec, ContainerSpec

STORE = "projects/1/locations/europe-west4/metadataStores/default"
RULE = DocumentedKey(store=STORE)


def make_table(number=7, **facts):
    described = {"name": f"{STORE}/artifacts/{number}", "uri": "/a", "metadata": {}, **facts}
    return make_artifact({**described, "type": {"schemaTitle": "system.Dataset"}})


def make_component(parameters=("Output",), artifacts=("model",)):
    component = ComponentSpec()
    for name in parameters:
        component.output_definitions.parameters[name].parameter_type = 3
    for name in artifacts:
        component.output_definitions.artifacts[name].artifact_type.schema_title = "system.Model"
    return component


def make_container(image="image:1", command=("a", "b"), args=("c", "d"), env=(("X", "1"),)):
    container = ContainerSpec(image=image, command=command, args=args)
    for name, value in env:
        container.env.add(name=name, value=value)
    return container


STEP = KeyFacts(
    pipeline="training",
    component=make_component(),
    container=make_container(),
    values={"depth": 3, "table": make_table()},
    custom="",
)


def compute(rule=RULE, **changes):
    return rule.compute_key(dataclasses.replace(STEP, **changes))


# The page says: The step's interface is defined as the combination of the following:
DIFFERENT = [
    # The page says: These inputs include the input parameters' value (if any)
    ("the value of a parameter", {"values": {"depth": 4, "table": make_table()}}),
    ("the name of a parameter", {"values": {"height": 3, "table": make_table()}}),
    ("the type of a value", {"values": {"depth": "3", "table": make_table()}}),
    # The page says: and the input artifact id (if any).
    ("the ID of an artifact", {"values": {"depth": 3, "table": make_table(8)}}),
    (
        "another artifact in a list",
        {"values": {"depth": 3, "table": [make_table(), make_table(8)]}},
    ),
    # The page says: the output parameter definition (name, if any)
    ("the name of an output parameter", {"component": make_component(parameters=["other"])}),
    ("a further output parameter", {"component": make_component(parameters=["Output", "b"])}),
    # The page says: and output artifact definition (name, if any).
    ("the name of an output artifact", {"component": make_component(artifacts=["other"])}),
    ("no output artifact", {"component": make_component(artifacts=[])}),
    # The page says: This specification includes the image, commands, arguments and variables
    ("the image", {"container": make_container(image="image:2")}),
    ("a command", {"container": make_container(command=("a", "x"))}),
    ("an argument", {"container": make_container(args=("c", "x"))}),
    ("the value of a variable", {"container": make_container(env=(("X", "2"),))}),
    ("the name of a variable", {"container": make_container(env=(("Y", "1"),))}),
    ("no variable", {"container": make_container(env=())}),
    # The page says: as well as the order of the commands and arguments.
    ("the order of the commands", {"container": make_container(command=("b", "a"))}),
    ("the order of the arguments", {"container": make_container(args=("d", "c"))}),
    ("where the command ends", {"container": make_container(command=("a",), args=("b", "c", "d"))}),
    # The page says: only the pipelines with the same pipeline name will share the cache.
    ("the name of the pipeline", {"pipeline": "other"}),
]
SAME = [
    # Neither content, address nor metadata of an artifact is in the list above.
    ("the address of an artifact", {"values": {"depth": 3, "table": make_table(uri="/b")}}),
    ("an artifact's metadata", {"values": {"depth": 3, "table": make_table(metadata={"a": 1})}}),
    ("the order of inputs", {"values": {"table": make_table(), "depth": 3}}),
]


@pytest.mark.parametrize("changes", [each[1] for each in DIFFERENT], ids=[e[0] for e in DIFFERENT])
def test_what_the_documentation_names_changes_the_key(changes):
    assert compute(**changes) != compute()


@pytest.mark.parametrize("changes", [each[1] for each in SAME], ids=[each[0] for each in SAME])
def test_what_the_documentation_does_not_name_leaves_the_key(changes):
    assert compute(**changes) == compute()


def test_each_project_and_location_has_executions_of_its_own():
    # The page says: it checks to see whether or not an execution exists in Vertex ML Metadata
    assert compute(DocumentedKey(store=STORE.replace("west4", "west1"))) != compute()


def test_the_authors_own_key_replaces_all_but_the_pipeline():
    # KFP says that a key, if it is set, will be used as the key of the task.
    mine = compute(custom="mine")
    assert mine == compute(custom="mine", container=make_container(image="image:2"))
    assert mine != compute(custom="other")
    assert mine != compute(custom="mine", pipeline="other")


def test_artifacts_of_two_executions_have_two_ids():
    first, second = make_table(), make_table()
    RULE.name_outputs({"table": first, "count": 3})
    RULE.name_outputs({"table": [second]})
    assert first.name != second.name
    assert first.name.startswith(f"{STORE}/artifacts/")
    assert isinstance(first, dsl.Dataset)


def test_an_importer_gives_the_same_address_the_same_id():
    first, second, other = make_table(), make_table(), make_table(uri="/b")
    for artifact in (first, second, other):
        RULE.name_import({"artifact": artifact}, again=False)
    assert first.name == second.name != other.name
    RULE.name_import({"artifact": second}, again=True)
    assert first.name != second.name
