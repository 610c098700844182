# ruff: noqa: PLC0415, FBT001 - a component imports in its body; a pipeline's parameters are positional

import itertools
import json
from pathlib import Path
from typing import NamedTuple, Optional

from kfp import dsl
from local.steps import (
    component,
    fail,
    join,
    measure,
    meet,
    number,
    read,
    read_all,
    say,
    stamp,
    write,
)
from local.this_python import ThisPython

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.local import run_pipeline


class Collected(NamedTuple):
    words: str
    files: str


@component
def rows() -> list:
    return [{"word": "a", "count": 2}, {"word": "b", "count": 3}]


@component
def optional(text: str = "default", times: int = None) -> str:  # noqa: RUF013 - KFP's own spelling
    return f"{text} {times}"


@component
def note_end(path: str, status: dsl.PipelineTaskFinalStatus):
    with open(path, "a") as file:  # noqa: PTH123 - short is clear
        file.write(
            f"{status.state} {status.pipeline_task_name} {status.pipeline_job_resource_name}"
        )
        file.write(f" {status.error_code} {status.error_message}\n")


@component
def clean_up(path: str):
    with open(path, "a") as file:  # noqa: PTH123 - short is clear
        file.write("cleaned\n")


@component
def fail_at_first(path: str) -> int:
    import pathlib

    tries = pathlib.Path(path)
    count = len(tries.read_text()) if tries.exists() else 0
    tries.write_text("x" * (count + 1))
    if count < 2:
        raise RuntimeError("not yet")
    return count + 1


@component
def both() -> NamedTuple("Both", [("left", int), ("right", dict)]):
    from typing import NamedTuple

    return NamedTuple("Both", [("left", int), ("right", dict)])(3, {"whole": 2, "half": 0.5})


@component
def glue(first: str, second: str) -> str:
    return first + second


def test_a_task_gets_what_its_producers_put_out(run):
    @dsl.pipeline(name="chain")
    def chain(word: str = "ab") -> str:
        data = write(text=say(text=word, times=2).output)
        return read(data=data.outputs["out"]).output

    result = run(chain)
    assert result.succeeded
    assert result.outputs == {"Output": "abab"}


def test_numbers_reach_a_task_as_the_back_ends_write_them(run):
    @dsl.pipeline(name="numbers")
    def numbers(k: int = 3, listed: list = [1, 2.5]) -> str:  # noqa: B006 - KFP's own spelling
        values = both()
        text = say(text=f"{k} {values.outputs['left']} {values.outputs['right']}")
        join(texts=listed)
        return text.output

    result = run(numbers)
    assert result.outputs == {"Output": '3 3 {"half":0.5,"whole":2}'}
    by_name = {task.name: task.outputs for task in result.tasks}
    assert by_name["join"] == {"Output": "1 2.5"}
    assert by_name["both"]["right"] == {"whole": 2, "half": 0.5}


def test_an_optional_parameter_may_be_left_out(run):
    @dsl.pipeline(name="optionals")
    def optionals(times: Optional[int] = None) -> str:  # noqa: UP045 - KFP's own spelling
        return optional(times=times).output

    assert run(optionals).outputs == {"Output": "default None"}


def test_exactly_one_branch_runs_and_one_of_is_its_output(run, states):
    @dsl.pipeline(name="branches")
    def branches(k: int, limit: float = 1.5) -> str:
        value = number(value=limit)
        with dsl.If(value.output > k):
            first = say(text="above")
        with dsl.Elif(k == 2):
            second = say(text="two")
        with dsl.Else():
            third = say(text="other")
        return say(text=dsl.OneOf(first.output, second.output, third.output), times=2).output

    outputs = [run(branches, {"k": k}).outputs["Output"] for k in ("1", "2", "3")]
    assert outputs == ["aboveabove", "twotwo", "otherother"]
    result = run(branches, {"k": "2"})
    assert states(result)["say"] == "skipped"
    assert states(result)["say-3"] == "skipped"


def test_one_of_takes_artifacts_too(run):
    @dsl.pipeline(name="artifacts")
    def artifacts(flag: bool) -> str:
        with dsl.If(flag == True):  # noqa: E712 - builds a condition
            yes = write(text="yes")
        with dsl.Else():
            no = write(text="no")
        return read(data=dsl.OneOf(yes.outputs["out"], no.outputs["out"])).output

    assert run(artifacts, {"flag": "false"}).outputs == {"Output": "no"}


def test_conditions_stand_in_conditions_and_compare_text(run, states):
    @dsl.pipeline(name="nested-conditions")
    def nested(word: str = "it's && so"):
        with dsl.If(word != "other"):
            inner = say(text="x")
            with dsl.If(inner.output == "x"):
                say(text="y")
            with dsl.If(inner.output == "z"):
                say(text="z")

    assert states(run(nested)) == {"say": "succeeded", "say-2": "succeeded", "say-3": "skipped"}


def test_a_condition_that_cannot_be_evaluated_fails_in_its_place(project, states):
    @dsl.pipeline(name="incomparable")
    def incomparable(k: int = 1):
        with dsl.If(k > 2):
            say(text="x")

    file = compile_pipeline(incomparable, project({}) / "incomparable.yaml")
    file.write_text(file.read_text().replace("> 2", "> 'two'"))
    result = run_pipeline(file, launcher=ThisPython())
    assert states(result) == {"say": "not started", "condition-1": "failed"}
    assert "cannot be evaluated" in result.failures[0].failure


def test_loops_run_over_constants_parameters_and_outputs(run):
    @dsl.pipeline(name="loops")
    def loops(names: list = ["p", "q"]):  # noqa: B006 - KFP's own spelling
        with dsl.ParallelFor([1, 2]) as times:
            say(text="c", times=times)
        with dsl.ParallelFor(names) as name:
            say(text=name)
        with dsl.ParallelFor(rows().output) as row:
            say(text=row.word, times=row.count)

    said = {task.name: task.outputs["Output"] for task in run(loops).tasks if "say" in task.name}
    assert sorted(said.values()) == ["aa", "bbb", "c", "cc", "p", "q"]


def test_loops_stand_in_loops_over_parts_of_items(run):
    @dsl.pipeline(name="nested-loops")
    def nested():
        with dsl.ParallelFor([{"x": ["a", "b"], "y": ["m"]}, {"x": ["c"], "y": ["n"]}]) as outer:
            with dsl.ParallelFor(outer.x) as inner:
                say(text=inner)
            join(texts=outer.y)

    result = run(nested)
    assert sorted(task.outputs["Output"] for task in result.tasks) == ["a", "b", "c", "m", "n"]
    assert "for-loop-2/0/for-loop-3/1/say" in {task.name for task in result.tasks}


def test_what_a_loop_put_out_is_collected_in_order(run):
    @dsl.pipeline(name="collecting")
    def collecting() -> Collected:
        with dsl.ParallelFor(["a", "b", "c"]) as letter:
            word = say(text=letter, times=2)
            file = write(text=word.output)
        words = join(texts=dsl.Collected(word.output))
        files = read_all(data=dsl.Collected(file.outputs["out"]))
        return Collected(words.output, files.output)

    assert run(collecting).outputs == {"words": "aa bb cc", "files": "aa bb cc"}


def test_artifacts_of_loops_in_loops_are_collected_into_one_list(run):
    @dsl.pipeline(name="collecting-twice")
    def collecting() -> str:
        with dsl.ParallelFor(["a", "b"]) as outer, dsl.ParallelFor(["c", "d"]) as inner:
            file = write(text=glue(first=outer, second=inner).output)
        return read_all(data=dsl.Collected(file.outputs["out"])).output

    assert run(collecting).outputs == {"Output": "ac ad bc bd"}


def test_a_loop_over_nothing_collects_nothing(run, states):
    @dsl.pipeline(name="empty")
    def empty(names: list) -> str:
        with dsl.ParallelFor(names) as name:
            word = say(text=name)
        return join(texts=dsl.Collected(word.output)).output

    result = run(empty, {"names": "[]"})
    assert result.outputs == {"Output": ""}
    assert states(result) == {"for-loop-1": "skipped", "join": "succeeded"}


def test_a_loop_keeps_its_limit(run):
    @dsl.pipeline(name="limited")
    def limited():
        with dsl.ParallelFor([0.2, 0.3, 0.25], parallelism=1) as seconds:
            stamp(seconds=seconds)

    times = sorted(task.outputs["Output"] for task in run(limited, max_parallel=3).tasks)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(times))


def test_iterations_go_on_when_one_fails_and_what_needs_all_does_not_start(run, states):
    @dsl.pipeline(name="broken-loop")
    def broken():
        with dsl.ParallelFor([1, 0, 2]) as times:
            with dsl.If(times == 0):
                fail()
            word = say(text="x", times=times)
        join(texts=dsl.Collected(word.output))

    result = run(broken)
    assert not result.succeeded
    by_state = states(result)
    assert by_state.pop("join") == "not started"
    assert sorted(by_state.values()) == ["failed", *["skipped"] * 2, *["succeeded"] * 3]


def test_a_pipeline_is_a_component_of_another(run, states):
    @dsl.pipeline(name="inner")
    def inner(data: dsl.Input[dsl.Dataset], times: int = 2) -> str:
        return say(text=read(data=data).output, times=times).output

    @dsl.pipeline(name="outer")
    def outer() -> str:
        say(text="as in the inner one")
        return inner(data=write(text="w").outputs["out"]).output

    result = run(outer)
    assert result.outputs == {"Output": "ww"}
    assert set(states(result)) == {"say", "write", "inner/read", "inner/say"}


def test_an_exit_task_runs_after_failure_and_is_told(run, states, tmp_path):
    @dsl.pipeline(name="exits")
    def exits(path: str):
        with dsl.ExitHandler(note_end(path=path)):
            fail()

    for _ in range(2):  # the second time too: it is never taken from the cache
        (tmp_path / "end").unlink(missing_ok=True)
        result = run(exits, {"path": str(tmp_path / "end")})
    assert states(result) == {"fail": "failed", "note-end": "succeeded"}
    assert not result.succeeded
    assert (tmp_path / "end").read_text() == (
        f"FAILED exit-handler-1 {result.folder.path.name} 9 "
        "The DAG failed because some tasks failed. The failed tasks are: [fail].\n"
        "fail: it exited with code 1.\n"
        "ValueError: broken on purpose\n"
    )


def test_an_exit_task_is_told_each_failure_once_however_deep(run, tmp_path):
    @dsl.pipeline(name="inner")
    def inner(word: str) -> str:
        return say(text=fail(message=f"no {word}").output).output

    @dsl.pipeline(name="exits")
    def exits(path: str):
        with dsl.ExitHandler(note_end(path=path)):
            with dsl.ParallelFor(["cod", "eel"]) as word:
                inner(word=word)
            with dsl.If(say(text="a").output == "a"):
                fail(message="in a condition")
            say(text="fine")

    run(exits, {"path": str(tmp_path / "end")})
    _, *lines = (tmp_path / "end").read_text().splitlines()
    head = (tmp_path / "end").read_text().splitlines()[0]
    names = head.rpartition("[")[2].removesuffix("].").split(", ")
    assert sorted(names) == [
        "fail",
        "for-loop-3/0/inner/fail",
        "for-loop-3/1/inner/fail",
    ]
    assert {line for line in lines if line.startswith("ValueError")} == {
        "ValueError: no cod",
        "ValueError: no eel",
        "ValueError: in a condition",
    }


def test_an_exit_task_is_told_of_tasks_that_could_not_get_their_inputs(run, tmp_path):
    @dsl.pipeline(name="exits")
    def exits(path: str, word: Optional[str] = None):  # noqa: UP045 - KFP's own spelling
        with dsl.ExitHandler(note_end(path=path)):
            say(text=say(text=word).output)

    run(exits, {"path": str(tmp_path / "end")})
    text = (tmp_path / "end").read_text()
    assert "The failed tasks are: [exit-handler-1].\nexit-handler-1: `word` is `None`, but" in text


def test_a_task_that_ignores_failures_is_told_of_one_that_was_not_started(run, tmp_path):
    @dsl.pipeline(name="ignoring")
    def ignoring(path: str):
        second = say(text=fail().output)
        note_end(path=path).after(second).ignore_upstream_failure()

    run(ignoring, {"path": str(tmp_path / "end")})
    text = (tmp_path / "end").read_text()
    assert text.startswith("FAILED say ")
    assert "The failed tasks are: [fail].\nfail: it exited" in text


def test_an_exit_task_runs_after_success_with_or_without_a_status(run, tmp_path):
    @dsl.pipeline(name="exits")
    def exits(path: str):
        with dsl.ExitHandler(clean_up(path=path)):
            say(text="x")
        with dsl.ExitHandler(note_end(path=path)):
            say(text="y")

    result = run(exits, {"path": str(tmp_path / "end")}, max_parallel=1)
    assert result.succeeded
    lines = (tmp_path / "end").read_text().splitlines()
    name = result.folder.path.name
    assert sorted(lines) == [f"SUCCEEDED exit-handler-2 {name} None None", "cleaned"]


def test_a_task_is_tried_as_often_as_it_may_fail(run, tmp_path):
    @dsl.pipeline(name="retries")
    def retries(path: str) -> int:
        return fail_at_first(path=path).set_retry(3, backoff_duration="0s").output

    result = run(retries, {"path": str(tmp_path / "tries")})
    assert result.outputs == {"Output": 3}
    log = result.tasks[0].log.read_text()
    assert log.count("RuntimeError: not yet") == 2
    assert "--- attempt 3 ---" in log


def test_retries_end(run, tmp_path):
    @dsl.pipeline(name="retries")
    def retries(path: str):
        fail_at_first(path=path).set_retry(1)

    assert not run(retries, {"path": str(tmp_path / "tries")}).succeeded
    assert (tmp_path / "tries").read_text() == "xx"


def test_an_importer_gives_an_artifact(run, tmp_path):
    data = tmp_path / "data.txt"
    data.write_text("from outside")

    @dsl.pipeline(name="imports")
    def imports(uri: str, word: str = "w") -> str:
        imported = dsl.importer(
            artifact_uri=uri, artifact_class=dsl.Dataset, metadata={"word": word, "n": 2}
        )
        return read(data=imported.output).output

    result = run(imports, {"uri": str(data)})
    assert result.outputs == {"Output": "from outside"}
    assert result.tasks[0].outputs["artifact"].metadata == {"word": "w", "n": 2}


def test_an_importer_of_a_constant_address_needs_no_file(run):
    @dsl.pipeline(name="imports")
    def imports():
        dsl.importer(artifact_uri="gs://bucket/data", artifact_class=dsl.Model)

    artifact = run(imports).tasks[0].outputs["artifact"]
    assert (type(artifact), artifact.uri) == (dsl.Model, "gs://bucket/data")


def test_a_task_may_ignore_that_its_producer_failed(run, states):
    @dsl.pipeline(name="ignoring")
    def ignoring():
        optional(text=fail().output, times=1).ignore_upstream_failure()

    result = run(ignoring)
    assert states(result) == {"fail": "failed", "optional": "succeeded"}
    assert result.tasks[1].outputs == {"Output": "default 1"}
    assert not result.succeeded


def test_dependents_of_a_failed_task_are_not_started_and_others_finish(run, states):
    @dsl.pipeline(name="middle")
    def middle():
        first = say(text="a")
        broken = fail(message=first.output)
        after = say(text=broken.output)
        with dsl.ParallelFor(["x"]) as name:
            say(text=name).after(after)
        alone = say(text="b").after(first)
        say(text=alone.output)

    result = run(middle, caching=False)
    assert not result.succeeded
    assert result.outputs == {}
    by_state = states(result)
    assert by_state.pop("fail") == "failed"
    unstarted = {name for name, state in by_state.items() if state == "not started"}
    assert unstarted == {"say-2", "for-loop-2"}
    assert {name for name, state in by_state.items() if state == "succeeded"} == {
        "say",
        "say-4",
        "say-5",
    }


def test_after_orders_tasks_that_exchange_nothing(run):
    @dsl.pipeline(name="ordered")
    def ordered():
        first = stamp(seconds=0.1)
        stamp(seconds=0.2).after(first)

    first, second = (task.outputs["Output"] for task in run(ordered, max_parallel=2).tasks)
    assert first[1] <= second[0]


def test_tasks_without_an_order_run_side_by_side(run, tmp_path):
    @dsl.pipeline(name="parallel")
    def parallel(folder: str):
        meet(mine=f"{folder}/first", other=f"{folder}/second")
        meet(mine=f"{folder}/second", other=f"{folder}/first")

    met = run(parallel, max_parallel=2, parameters={"folder": str(tmp_path)})
    assert [task.outputs["Output"] for task in met.tasks] == [True, True]


def test_no_more_tasks_run_at_once_than_the_configuration_allows(run):
    @dsl.pipeline(name="serial")
    def serial():
        stamp(seconds=0.2)
        stamp(seconds=0.3)

    first, second = sorted(task.outputs["Output"] for task in run(serial, max_parallel=1).tasks)
    assert first[1] <= second[0]


def test_tasks_of_one_component_keep_their_outputs_apart(run):
    @dsl.pipeline(name="apart")
    def apart():
        for text in ("a", "b", "c"):
            write(text=text)

    uris = [task.outputs["out"].uri for task in run(apart).tasks]
    assert sorted(Path(uri).read_text() for uri in uris) == ["a", "b", "c"]


def test_metrics_are_outputs(run):
    @dsl.pipeline(name="metrics")
    def metrics():
        measure()

    result = run(metrics)
    assert result.tasks[0].outputs["metrics"].metadata == {"accuracy": 0.25}
    summary = json.loads(result.folder.summary.read_text())
    assert summary["tasks"][0]["outputs"]["metrics"]["artifact"]["metadata"] == {"accuracy": 0.25}


def test_tasks_of_a_run_share_a_workspace(run):
    @dsl.pipeline(
        name="workspaces", pipeline_config=dsl.PipelineConfig(dsl.WorkspaceConfig(size="1Gi"))
    )
    def workspaces():
        first = clean_up(path=f"{dsl.WORKSPACE_PATH_PLACEHOLDER}/note")
        clean_up(path=f"{dsl.WORKSPACE_PATH_PLACEHOLDER}/note").after(first)

    result = run(workspaces, caching=False)
    assert result.succeeded
    assert (result.folder.workspace / "note").read_text() == "cleaned\n" * 2
