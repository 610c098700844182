"""What no cluster can do is refused when a pipeline is compiled, at the author's line."""

import math
from pathlib import Path
from typing import Dict, List  # noqa: UP035 - KFP's own spelling

import pytest
from kfp import dsl
from local.steps import component, join, say, write

from kfpkit.compiler.compiler import to_yaml
from kfpkit.errors import UndefinedReferenceError, UnsupportedNumberError


@component
def rows() -> list:
    return [{"word": "a"}]


@component
def typed_rows() -> List[Dict[str, str]]:  # noqa: UP006 - KFP's own spelling
    return [{"word": "a"}]


@component
def count(n: int) -> int:
    return n


@component
def both(first: str, second: str) -> str:
    return first + second


@component
def far(n: int = 2**60) -> int:
    return n


def part_of_a_constant():
    with dsl.ParallelFor([{"word": "a"}]) as item:
        say(text=f"the {item.word}")  # here


def part_of_an_output():
    with dsl.ParallelFor(rows().output) as item:
        say(text=item.word)
        say(text=f"the {item.word}")  # here


def part_of_a_parameter(words: list):
    with dsl.ParallelFor(words) as item:
        say(text=f"the {item.word}")  # here


def part_as_a_resource():
    with dsl.ParallelFor([{"memory": "1Gi"}]) as item:
        say(text="a").set_memory_limit(item.memory)  # here


def item_around_a_loop():
    with dsl.ParallelFor(["a"]) as outer, dsl.ParallelFor(["b"]) as inner:
        both(first=f"the {outer}", second=inner)  # here


def item_around_a_condition():
    with dsl.ParallelFor(["a"]) as item:
        said = say(text=item)
        with dsl.If(said.output == "a"):
            say(text=f"the {item}")  # here


def items_of_a_loop_in_a_condition(words: list):  # here
    with dsl.ParallelFor(words) as outer, dsl.If(outer == "a"), dsl.ParallelFor(words) as inner:
        both(first=outer, second=inner)


def item_of_a_part():
    with dsl.ParallelFor([{"words": ["a"]}]) as outer, dsl.ParallelFor(outer.words) as inner:
        say(text=f"the {inner}")  # here


REFERENCES = {
    item_of_a_part: "`say` uses a loop's item",
    part_of_a_constant: "`say` uses `word` of a loop's item",
    part_of_an_output: "`say-2` uses `word` of a loop's item",
    part_of_a_parameter: "`say` uses `word` of a loop's item",
    part_as_a_resource: "`say` uses `memory` of a loop's item",
    item_around_a_loop: "`both` uses a loop's item",
    item_around_a_condition: "`say-2` uses a loop's item",
    items_of_a_loop_in_a_condition: "uses `words`",
}


def line_marked_in(function):
    code = function.__code__
    lines = Path(__file__).read_text().splitlines()
    return next(
        number
        for number in range(code.co_firstlineno, len(lines) + 1)
        if lines[number - 1].endswith("# here")
    )


@pytest.mark.parametrize("function", REFERENCES, ids=lambda function: function.__name__)
def test_a_reference_that_leads_nowhere_is_refused_at_its_line(function):
    with pytest.raises(UndefinedReferenceError) as refused:
        to_yaml(dsl.pipeline(name="refers")(function))

    text = str(refused.value)
    assert text.startswith(f"{__file__}:{line_marked_in(function)}: the task `")
    assert REFERENCES[function] in text.replace("condition-2/", "")


def typed_parameters(names: List[str], ages: Dict[str, int]):  # noqa: UP006 - KFP's own spelling
    say(text=f"{names}")  # here
    say(text=f"{ages}")


def typed_outputs():
    say(text=f"got {typed_rows().output}")  # here


def typed_items(rows: List[Dict[str, str]]):  # noqa: UP006 - KFP's own spelling
    with dsl.ParallelFor(rows) as row:
        join(texts=["a", f"{row}"])  # here


HIDDEN = {
    typed_parameters: "`say` uses `names` inside a string",
    typed_outputs: "`say` uses the output `Output` of `typed-rows` inside a string",
    typed_items: "`join` uses a loop's item inside a string",
}


@pytest.mark.parametrize("function", HIDDEN, ids=lambda function: function.__name__)
def test_a_value_that_kfp_leaves_unresolved_in_a_string_is_refused(function):
    with pytest.raises(UndefinedReferenceError) as refused:
        to_yaml(dsl.pipeline(name="hides")(function))

    text = str(refused.value)
    assert text.startswith(f"{__file__}:{line_marked_in(function)}: the task `")
    assert HIDDEN[function] in text
    assert refused.value.hidden_by.startswith("typing.")


def test_the_line_of_a_pipeline_in_another_is_where_it_is_used():
    @dsl.pipeline(name="inner")
    def inner():
        part_of_a_constant()

    def outer():
        say(text="first")
        inner()  # here

    with pytest.raises(UndefinedReferenceError) as refused:
        to_yaml(dsl.pipeline(name="outer")(outer))

    assert refused.value.place.line == line_marked_in(outer)
    assert refused.value.task == "inner/say"


def rounded_argument():
    count(n=2**53)
    count(n=-(2**53) - 1)  # here


def rounded_in_a_list():
    join(texts=[1e300, 2**53])
    join(texts=[1, {"id": 2**60 + 1}])  # here


def rounded_item():  # here
    with dsl.ParallelFor([1, 2**60]) as number:
        count(n=number)


def rounded_default(n: int = 2**53 + 1):  # here
    count(n=n)


def rounded_input():
    count(n=1)
    far()  # here


def no_number():
    write(text="a")
    join(texts=[{"rate": math.inf}])  # here


def no_number_by_default(rate: float = math.nan):  # here
    say(text=f"{rate}")


NUMBERS = {
    rounded_argument: "the argument `n` of the task `count-2` cannot be passed on: KFP's messages "
    "round integers past 2**53, such as -9007199254740993.",
    rounded_in_a_list: "the argument `texts` of the task `join-2`",
    rounded_item: "an item of the loop",
    rounded_default: "the default of the parameter `n` cannot be passed on",
    rounded_input: "the default of the input `n` of the task `far`",
    no_number: "lacks `inf`",
    no_number_by_default: "lacks `nan`",
}


@pytest.mark.parametrize("function", NUMBERS, ids=lambda function: function.__name__)
def test_a_number_that_kfp_does_not_keep_is_refused_at_its_line(function):
    with pytest.raises(UnsupportedNumberError) as refused:
        to_yaml(dsl.pipeline(name="counts")(function))

    text = str(refused.value)
    assert text.startswith(f"{__file__}:{line_marked_in(function)}: ")
    assert NUMBERS[function] in text


def test_a_component_alone_is_inspected_too():
    with pytest.raises(UnsupportedNumberError, match=r"test_inspection\.py:\d+: the default"):
        to_yaml(far)


@component
def near(n: int = 2**53, rates: list = [1e20, 2.0]) -> int:  # noqa: B006 - KFP's own spelling
    return n


def test_in_a_pipeline_in_another_what_may_be_rounded_is_refused():
    @dsl.pipeline(name="inner")
    def inner():
        count(n=2**53)

    def outer():
        count(n=2**53)
        inner()  # here

    assert "inner" in to_yaml(inner)
    with pytest.raises(UnsupportedNumberError) as refused:
        to_yaml(dsl.pipeline(name="outer")(outer))
    assert refused.value.place.line == line_marked_in(outer)
    assert refused.value.task == "inner/count"


def test_what_kfp_keeps_compiles():
    @dsl.pipeline(name="keeps")
    def keeps(rate: float = 1e300, n: int = 2**53):
        count(n=n)
        count(n=-(2**53))
        near()
        join(texts=[1e20, 2**53, "a"])
        with dsl.ParallelFor([1, 2]) as number:
            say(text=f"{number} {rate}")

    assert "keeps" in to_yaml(keeps)


def test_a_function_that_does_not_work_twice_is_named_by_its_own_line():
    calls = []

    def once():  # here
        if calls:
            message = "not again"
            raise RuntimeError(message)
        calls.append(1)
        part_of_a_constant()

    with pytest.raises(UndefinedReferenceError) as refused:
        to_yaml(dsl.pipeline(name="once")(once))

    assert refused.value.place.line == line_marked_in(once)
