"""The nodes of a compiled pipeline are what its author wrote, with inputs that lead to tasks."""

from pathlib import Path

import pytest
from kfp import dsl
from local.steps import component, fail, join, measure, read, say, write

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.loading import load_pipeline
from kfpkit.runs.outline import describe_nodes
from kfpkit.specification import read_specification

TRAINING = Path(__file__).parents[3] / "pipelines" / "training"


@component
def repeat(text: str, times: int) -> str:
    return text * times


@component
def items() -> list:
    return [1, 2]


@pytest.fixture
def nodes(tmp_path):
    """Return a function that compiles a pipeline and gives its nodes by id."""

    def outline(pipeline):
        file = compile_pipeline(pipeline, tmp_path / "pipeline.yaml")
        return {node.id: node for node in describe_nodes(read_specification(file).spec)}

    return outline


def test_inputs_lead_to_tasks_parameters_and_constants(nodes):
    @dsl.pipeline(name="flat")
    def flat(word: str = "w"):
        made = write(text=word).set_display_name("Write it")
        read(data=made.outputs["out"]).after(measure())
        say(text=f"{word} and {read(data=made.outputs['out']).output}", times=3)

    found = nodes(flat)
    assert {node.kind for node in found.values()} == {"task"}
    assert (found["write"].display, found["read"].display) == ("Write it", None)
    assert found["write"].component == "write"
    assert found["write"].inputs["text"].parameter == "word"
    assert found["read"].inputs["data"].sources == ("write.out",)
    assert found["read"].after == ("measure", "write")
    assert found["say"].inputs["times"].value == 3
    assert found["say"].inputs["text"].sources == ("read-2.Output",)
    assert list(found["say"].inputs) == ["text", "times"]
    assert list(found).index("write") < list(found).index("read")


def test_loops_are_nodes_whose_bodies_are_there_once(nodes):
    @dsl.pipeline(name="loops")
    def loops():
        with dsl.ParallelFor(items().output) as outer:
            said = say(text="a", times=outer)
            with dsl.ParallelFor([{"a": 1, "b": 2}]) as inner:
                repeat(text="n", times=inner.a)
                say(text=said.output)
        join(texts=dsl.Collected(said.output))

    found = nodes(loops)
    (outer, inner) = [node for node in found.values() if node.kind == "loop"]
    assert outer.inputs["items"].sources == ("items.Output",)
    assert outer.after == ("items",)
    assert inner.parent == outer.id
    assert inner.inputs["items"].value == [{"a": 1, "b": 2}]
    assert found[f"{outer.id}/say"].inputs["times"].item == outer.id
    assert found[f"{inner.id}/repeat"].inputs["times"].item == inner.id
    assert found[f"{inner.id}/say-2"].inputs["text"].sources == (f"{outer.id}/say.Output",)
    assert found["join"].inputs["texts"].sources == (f"{outer.id}/say.Output",)
    assert found["join"].after == (outer.id,)


def test_branches_are_conditions_and_what_they_give_leads_to_each_of_them(nodes):
    @dsl.pipeline(name="branches")
    def branches(k: int = 1):
        asked = say(text="x")
        with dsl.If(asked.output == "x"):
            one = say(text="1")
        with dsl.Elif(k > 2):
            two = say(text="2")
        with dsl.Else():
            three = say(text="3")
        say(text=dsl.OneOf(one.output, two.output, three.output))

    found = nodes(branches)
    conditions = [node for node in found.values() if node.kind == "condition"]
    labels = [node.label for node in conditions]
    assert labels == ["say.Output == 'x'", "else if k > 2", "else"]
    assert {node.parent for node in conditions} == {None}
    assert found["say-2"].parent == conditions[0].id
    assert found["say-5"].inputs["text"].sources == ("say-2.Output", "say-3.Output", "say-4.Output")
    assert found["say-5"].after == tuple(node.id for node in conditions)


def test_conditions_beside_branches_stand_for_themselves(nodes):
    @dsl.pipeline(name="conditions")
    def conditions(k: int = 1):
        with dsl.If(k != 3):
            say(text="other")
        for limit in range(3):  # the last branches are `condition-9` and `condition-10`
            with dsl.If(k > limit):
                say(text="more")
            with dsl.Else():
                say(text="less")

    shown = {node.id: node.label for node in nodes(conditions).values() if node.kind == "condition"}
    branches = {f"condition-{number}": "else" for number in (4, 7, 10)}
    branches |= {f"condition-{3 * limit + 3}": f"k > {limit}" for limit in range(3)}
    assert {name.rpartition("/")[2]: label for name, label in shown.items()} == {
        "condition-1": "k != 3",
        **branches,
    }


def test_exit_handlers_and_pipelines_in_pipelines_are_nodes(nodes):
    @dsl.pipeline(name="inner")
    def inner(word: str) -> str:
        return say(text=word).output

    @dsl.pipeline(name="outer")
    def outer():
        with dsl.ExitHandler(measure()):
            used = inner(word="x")
            fail(message=used.output)

    found = nodes(outer)
    kinds = {name: node.kind for name, node in found.items()}
    assert kinds == {
        "exit-handler-1": "exit",
        "inner": "pipeline",
        "inner/say": "task",
        "fail": "task",
        "measure": "task",
    }
    assert found["fail"].inputs["message"].sources == ("inner/say.Output",)
    assert found["inner/say"].inputs["text"].value == "x"
    assert found["measure"].after == ("exit-handler-1",)
    assert (found["inner"].parent, found["inner/say"].parent) == ("exit-handler-1", "inner")


def test_the_training_pipeline_has_no_input_from_nowhere(nodes):
    nodes = nodes(load_pipeline(TRAINING)).values()
    ids = {node.id for node in nodes}
    sources = {
        each for node in nodes for given in node.inputs.values() for each in given.sources or ()
    }
    assert len(nodes) > 10
    assert {source.rpartition(".")[0] for source in sources} <= ids
    assert all(set(node.after) <= ids for node in nodes)
    assert all(given.model_fields_set for node in nodes for given in node.inputs.values())
