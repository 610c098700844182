"""Cases of pipelines in pipelines, loops, conditions, failures, retries and exits."""

# ruff: noqa: FBT001, B006, UP006 - KFP's own spelling, and its own defaults

from typing import List  # noqa: UP035 - KFP's own spelling

from kfp import dsl
from local.kfp_cases.case import Case, Two
from local.kfp_cases.steps import (
    add,
    add_whole,
    append,
    append_state,
    describe,
    do_nothing,
    fail,
    identity,
    join_all,
    join_files,
    load,
    load_number,
    pairs,
    power,
    return_artifact,
    save,
    save_number,
    split,
    try_until,
    twice,
)


@dsl.pipeline(name="inner")
def inner() -> str:
    return identity(string="foo").output


@dsl.pipeline(name="pipeline-in-pipeline")
def outer() -> str:
    return inner().output


@dsl.pipeline(name="square-and-sum")
def square_and_sum(a: float, b: float) -> dsl.Dataset:
    total = add(x=power(x=a, exponent=2.0).output, y=power(x=b, exponent=2.0).output)
    return save_number(number=total.output).outputs["out"]


@dsl.pipeline(name="pythagorean")
def pythagorean(a: float = 1.2, b: float = 1.2) -> float:
    number = load_number(data=square_and_sum(a=a, b=b).output)
    return power(x=number.output, exponent=0.5).output


@dsl.pipeline(name="pythagorean-then-add")
def pythagorean_then_add(side: float, addend: float = 42.24) -> float:
    return add(x=pythagorean(a=side, b=1.2).output, y=addend).output


@dsl.pipeline(name="inner-two")
def inner_two() -> Two:
    return twice(x="foo").outputs


@dsl.pipeline(name="several-outputs-of-a-pipeline")
def several_outputs() -> str:
    task = inner_two()
    return identity(string=f"{task.outputs['first']}-{task.outputs['second']}").output


@dsl.pipeline(name="loop-over-constants")
def loop_over_constants():
    with dsl.ParallelFor([1, 2, 3], parallelism=1):
        do_nothing()


@dsl.pipeline(name="loops")
def loops(words: List[str] = ["a", "b"]):
    with dsl.ParallelFor(words) as item:
        identity(string=item)
    with dsl.ParallelFor(pairs().output) as item:
        describe(value=item)
        identity(string=item.A_a)
        identity(string=item.B_b)
    with dsl.ParallelFor([{"A_a": "1", "B_b": "2"}, {"A_a": "10", "B_b": "20"}]) as item:
        describe(value=item)
        identity(string=item.A_a)


@dsl.pipeline(name="parameters-in-loops")
def parameters_in_loops(prefix: str, words: List[str]):
    with dsl.ParallelFor(words, parallelism=1) as item:
        twice(x=prefix)
        identity(string=item)
    dynamic = identity(string="dynamic")
    with dsl.ParallelFor(words) as item:
        identity(string=f"{dynamic.output}: {item}")
    with dsl.ParallelFor(["x", "y"], parallelism=2) as _, dsl.ParallelFor(words) as item:
        identity(string=item)


@dsl.pipeline(name="collecting")
def collecting(ids: str = "") -> List[str]:
    with dsl.ParallelFor(split(ids=ids).output) as each:
        prepared = identity(string=f"model_id_{each}")
        identity(string=prepared.output)
    join_all(ids=dsl.Collected(prepared.output))
    return dsl.Collected(prepared.output)


@dsl.pipeline(name="collected-in-another")
def collected_in_another() -> str:
    return join_all(ids=collecting(ids="s1,s2,s3").output).output


@dsl.pipeline(name="collected-artifacts")
def collected_artifacts() -> str:
    with dsl.ParallelFor(["0", "1", "2"]) as content:
        saved = save(content=content)
    return join_files(parts=dsl.Collected(saved.outputs["out"])).output


@dsl.pipeline(name="make-artifacts")
def make_artifacts(texts: List[str] = ["Hello", ",", "world!"]) -> List[dsl.Dataset]:
    with dsl.ParallelFor(texts) as text:
        made = return_artifact(content=text)
    return dsl.Collected(made.output)


@dsl.pipeline(name="loop-over-artifacts")
def loop_over_artifacts() -> List[str]:
    with dsl.ParallelFor(items=make_artifacts().output) as each:
        loaded = load(data=each)
    return dsl.Collected(loaded.output)


@dsl.pipeline(name="condition")
def condition(x: str) -> str:
    with dsl.If(x == "foo"):
        fail()
    return identity(string="after").output


@dsl.pipeline(name="nested-conditions")
def nested_conditions(coin: str, number: int):
    drawn = identity(string=coin)
    with dsl.If(drawn.output == "heads"):
        head = add_whole(x=number, y=0)
        with dsl.If(head.output > 5):
            identity(string=f"heads and {head.output} > 5!")
        with dsl.If(head.output <= 5):
            identity(string=f"heads and {head.output} <= 5!")
    with dsl.If(drawn.output == "tails"):
        fail()


@dsl.pipeline(name="one-of")
def one_of(flag: str) -> str:
    with dsl.If(flag == "yes"):
        yes = identity(string="from yes")
    with dsl.Else():
        no = identity(string="from no")
    return dsl.OneOf(yes.output, no.output)


@dsl.pipeline(name="failing")
def failing() -> str:
    return identity(string=fail().output).output


@dsl.pipeline(name="failing-inside")
def failing_inside() -> str:
    return failing().output


@dsl.pipeline(name="failing-deep-inside")
def failing_deep_inside():
    failing_inside()


@dsl.pipeline(name="retries")
def retries(path: str, enough: int) -> str:
    task = try_until(path=path, enough=enough)
    return task.set_retry(num_retries=3, backoff_duration="0s", backoff_factor=1.0).output


@dsl.pipeline(name="exits")
def exits(path: str, broken: bool):
    with dsl.ExitHandler(append(path=path, line="exit ran")), dsl.If(broken == True):  # noqa: E712
        fail()


@dsl.pipeline(name="exits-with-state")
def exits_with_state(path: str, broken: bool):
    with dsl.ExitHandler(append_state(path=path)), dsl.If(broken == True):  # noqa: E712
        fail()


@dsl.pipeline(name="ignoring-failure")
def ignoring_failure(path: str):
    append(path=path, line="clean-up ran").after(fail()).ignore_upstream_failure()


@dsl.pipeline(name="state-of-a-failure")
def state_of_a_failure(path: str):
    append_state(path=path).after(fail()).ignore_upstream_failure()


CASES = (
    Case(pipeline=outer, outputs={"Output": "foo"}),
    Case(
        pipeline=pythagorean_then_add,
        parameters={"side": "2.2"},
        outputs={"Output": 44.745992817228334},
    ),
    Case(pipeline=several_outputs, outputs={"Output": "foo-foo"}),
    Case(pipeline=loop_over_constants),
    Case(
        pipeline=loops,
        parameters={"words": '["item1", "item2", "item3"]'},
        tasks={
            "for-loop-1/2/identity": {"Output": "item3"},
            "for-loop-2/1/describe": {"Output": "{'A_a': '10', 'B_b': '20'}"},
            "for-loop-2/0/identity-3": {"Output": "2"},
            "for-loop-4/1/identity-4": {"Output": "10"},
        },
    ),
    Case(
        pipeline=parameters_in_loops,
        parameters={"prefix": "p", "words": '["a", "b"]'},
        tasks={
            "for-loop-1/1/twice": {"first": "p", "second": "p"},
            "for-loop-2/1/identity-3": {"Output": "dynamic: b"},
            "for-loop-4/1/for-loop-5/0/identity-4": {"Output": "a"},
        },
    ),
    Case(pipeline=collected_in_another, outputs={"Output": "model_id_s1+model_id_s2+model_id_s3"}),
    Case(pipeline=collected_artifacts, outputs={"Output": "0,1,2"}),
    Case(pipeline=loop_over_artifacts, outputs={"Output": ["Hello", ",", "world!"]}),
    Case(pipeline=condition, parameters={"x": "bar"}, outputs={"Output": "after"}),
    Case(
        pipeline=nested_conditions,
        parameters={"coin": "heads", "number": "9"},
        tasks={"identity-2": {"Output": "heads and 9 > 5!"}, "identity-3": {}, "fail": {}},
    ),
    Case(pipeline=nested_conditions, parameters={"coin": "edge", "number": "9"}),
    Case(pipeline=one_of, parameters={"flag": "yes"}, outputs={"Output": "from yes"}),
    Case(pipeline=one_of, parameters={"flag": "no"}, outputs={"Output": "from no"}),
    Case(pipeline=failing, failure="it exited with code 1", tasks={"identity": {}}),
    Case(pipeline=failing_inside, failure="it exited with code 1"),
    Case(pipeline=failing_deep_inside, failure="it exited with code 1"),
    Case(
        pipeline=retries,
        parameters={"path": "{file}", "enough": "3"},
        outputs={"Output": "attempt 3"},
    ),
    Case(
        pipeline=retries,
        parameters={"path": "{file}", "enough": "5"},
        failure="it exited with code 1",
    ),
    *(
        Case(
            pipeline=pipeline,
            parameters={"path": "{file}", "broken": broken},
            failure=failure,
            file=content,
        )
        for pipeline, broken, failure, content in (
            (exits, "false", "", "exit ran"),
            (exits, "true", "it exited with code 1", "exit ran"),
            (exits_with_state, "false", "", "SUCCEEDED"),
            (exits_with_state, "true", "it exited with code 1", "FAILED"),
        )
    ),
    Case(
        pipeline=ignoring_failure,
        parameters={"path": "{file}"},
        failure="it exited with code 1",
        file="clean-up ran",
    ),
    Case(
        pipeline=state_of_a_failure,
        parameters={"path": "{file}"},
        failure="it exited with code 1",
        file="FAILED",
    ),
)
