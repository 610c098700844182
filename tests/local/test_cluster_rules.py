"""What a cluster does with the inputs and outputs of tasks is done here too."""

# ruff: noqa: PLC0415 - a component imports in its body

import datetime as dt
from typing import Dict, List, Optional  # noqa: UP035 - KFP's own spelling

import pytest
from kfp import compiler, dsl
from local.steps import component, join, read, say
from local.this_python import ThisPython

from kfpkit.local import run_pipeline
from kfpkit.runs.record import read_record


@component
def limit() -> str:
    return "1Gi"


@component
def rows() -> list:
    return [{"word": "a", "n": 2}]


@component
def typed_rows() -> List[Dict[str, int]]:  # noqa: UP006 - KFP's own spelling
    return [{"n": 2}]


@component
def describe(value: dict) -> str:
    return repr(value)


@component
def count(n: int) -> str:
    return repr(n)


@component
def choose(text: Optional[str] = "default") -> str:  # noqa: UP045 - KFP's own spelling
    return repr(text)


@component
def nothing_inside() -> dict:
    return {"none": None, "listed": [None, 1, 2.0], "deep": {"none": None}}


@component
def mark(out: dsl.Output[dsl.Dataset]):
    out.metadata.update({"rows": 2, "share": 0.5, "of": [1, 2.0], "by": {"n": 3}})


@component
def see(data: dsl.Input[dsl.Dataset]) -> str:
    return repr(data.metadata)


@component
def leave(early: bool) -> int:  # noqa: FBT001 - KFP's own spelling
    import sys

    if early:
        sys.exit(0)
    return 1


@component
def leave_file(path: dsl.OutputPath(int)): ...


@component
def keep_none() -> str:
    return None


@component
def wide(n: str) -> list:
    return [{"id": int(n)}]


@component
def whole(n: str) -> int:
    return int(n)


@component
def no_number(text: str) -> float:
    return float(text)


@component
def measure_badly(metrics: dsl.Output[dsl.Metrics]):
    metrics.log_metric("loss", float("nan"))


@dsl.container_component
def write_by_shell(text: str, out: dsl.Output[dsl.Dataset], length: dsl.OutputPath(int)):
    return dsl.ContainerSpec(
        image="alpine",
        command=["sh", "-c", 'printf %s "$0" > "$1"; printf %s "${#0}" > "$2"'],
        args=[text, out.path, length],
    )


@dsl.container_component
def write_nothing(out: dsl.Output[dsl.Dataset]):
    return dsl.ContainerSpec(image="alpine", command=["true"], args=[out.path])


@dsl.container_component
def show(text: str, said: dsl.OutputPath(str), times: int = 2, more: Optional[str] = None):  # noqa: UP045
    return dsl.ContainerSpec(
        image="alpine",
        command=["sh", "-c", 'out="$0"; printf "%s|" "$@" > "$out"', said],
        args=[
            dsl.ConcatPlaceholder(["--text=", text]),
            f"--times={times}",
            dsl.IfPresentPlaceholder("more", then=["--more", more], else_=["--less"]),
            dsl.IfPresentPlaceholder("times", then="--chosen"),
        ],
    )


def failure(result, task):
    return next(each.failure for each in result.tasks if each.name == task)


@pytest.mark.parametrize(
    "setting",
    [
        "set_cpu_limit",
        "set_cpu_request",
        "set_memory_limit",
        "set_memory_request",
        "set_accelerator_type",
        "set_accelerator_limit",
    ],
)
def test_a_resource_may_come_from_a_task(run, setting):
    @dsl.pipeline(name="resources")
    def resources() -> str:
        task = say(text="a")
        if setting == "set_accelerator_limit":
            task.set_accelerator_type("nvidia.com/gpu")
        getattr(task, setting)(limit().output)
        if setting == "set_accelerator_type":
            task.set_accelerator_limit("1")
        return task.output

    result = run(resources, max_parallel=4)
    assert result.outputs == {"Output": "a"}
    ended = {task.name: task for task in result.tasks}
    assert ended["limit"].ended <= ended["say"].started
    assert [task.name for task in result.tasks] == ["limit", "say"]


def test_a_resource_may_come_from_a_parameter_or_a_loop(run):
    @dsl.pipeline(name="resources")
    def resources(memory: str = "1Gi"):
        say(text="a").set_memory_limit(memory)
        with dsl.ParallelFor(["1Gi", "2Gi"]) as size:
            say(text=size).set_memory_limit(size)

    assert run(resources).succeeded


def test_the_outputs_of_a_container_reach_the_next_task(run):
    @dsl.pipeline(name="containers")
    def containers(word: str = "four") -> str:
        written = write_by_shell(text=f"in {word}")
        empty = write_nothing()
        see(data=empty.outputs["out"])
        text = read(data=written.outputs["out"])
        return say(text=text.output, times=written.outputs["length"]).output

    result = run(containers, containers=True)
    assert result.outputs == {"Output": "in four" * 7}
    outputs = {task.name: task.outputs for task in result.tasks}
    assert type(outputs["write-by-shell"]["out"]) is dsl.Dataset
    assert outputs["write-nothing"]["out"].uri


def test_a_container_gets_its_arguments_as_in_a_cluster(run):
    @dsl.pipeline(name="arguments")
    def arguments():
        show(text='a "b"')
        show(text="c", times=3, more="d")

    result = run(arguments, containers=True)
    # An input with a default is present for `IfPresent` only if the task gives it.
    assert [task.outputs["said"] for task in result.tasks] == [
        '--text=a "b"|--times=2|--less|',
        "--text=c|--times=3|--more|d|--chosen|",
    ]


def test_none_is_refused_in_a_string_and_taken_by_an_optional_input(run):
    @dsl.pipeline(name="nones")
    def nones(word: Optional[str] = None):  # noqa: UP045 - KFP's own spelling
        say(text=f"the {word}")
        choose(text=word)
        choose()

    result = run(nones)
    assert failure(result, "say").startswith("`word` is `None`, but the task `say` uses it where")
    by_name = {task.name: task.outputs for task in result.tasks}
    assert by_name["choose"] == by_name["choose-2"] == {"Output": "'default'"}
    assert run(nones, {"word": "x"}).succeeded


@pytest.mark.parametrize("group", [dsl.If, dsl.ParallelFor])
def test_none_is_refused_in_a_group_of_tasks(run, group):
    @dsl.pipeline(name="nones")
    def nones(word: Optional[str] = None):  # noqa: UP045 - KFP's own spelling
        with group(word == "a" if group is dsl.If else ["a"]):
            choose(text=word)

    result = run(nones)
    assert not result.succeeded
    assert result.failures[0].failure.startswith("`word` is `None`, but the task `")


def test_none_passes_through_pipelines_in_pipelines(run):
    @dsl.pipeline(name="inner")
    def inner(word: Optional[str] = None) -> str:  # noqa: UP045 - KFP's own spelling
        return choose(text=word).output

    @dsl.pipeline(name="outer")
    def outer(word: Optional[str] = None) -> str:  # noqa: UP045 - KFP's own spelling
        return inner(word=word).output

    assert run(outer).outputs == {"Output": "'default'"}


def test_a_compiled_pipeline_with_an_undefined_input_fails_in_its_place(project, states):
    @dsl.pipeline(name="undefined")
    def undefined():
        with dsl.ParallelFor([{"v": "1"}]) as item:
            say(text=f"the {item.v}")
        say(text="another")

    file = project({}) / "undefined.yaml"
    compiler.Compiler().compile(undefined, str(file))  # KFP's own says nothing
    result = run_pipeline(file, launcher=ThisPython())
    assert states(result) == {"for-loop-2": "failed", "say-2": "succeeded"}
    assert "comes from `loop-item-param-1-subvar-v`, which the" in failure(result, "for-loop-2")


def test_the_run_is_named_in_arguments_strings_and_defaults(run):
    @component
    def default(text: str = dsl.PIPELINE_TASK_NAME_PLACEHOLDER) -> str:
        return text

    @dsl.pipeline(name="naming")
    def naming():
        say(text=dsl.PIPELINE_JOB_NAME_PLACEHOLDER)
        say(text=f"at {dsl.PIPELINE_JOB_RESOURCE_NAME_PLACEHOLDER}")
        say(text=dsl.PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER)
        join(texts=[f"{dsl.PIPELINE_JOB_SCHEDULE_TIME_UTC_PLACEHOLDER} {limit().output}"])
        say(text=dsl.PIPELINE_JOB_ID_PLACEHOLDER)
        say(text=f"{dsl.PIPELINE_TASK_NAME_PLACEHOLDER} {dsl.PIPELINE_ROOT_PLACEHOLDER}")
        default()

    before = dt.datetime.now(tz=dt.timezone.utc).replace(microsecond=0)
    result = run(naming)
    outputs = {task.name: task.outputs["Output"] for task in result.tasks}
    name = result.folder.path.name
    assert outputs["say"] == name
    assert outputs["say-2"] == f"at {name}"
    created = dt.datetime.strptime(outputs["say-3"], "%Y-%m-%dT%H:%M:%S%z")
    assert before <= created <= dt.datetime.now(tz=dt.timezone.utc)
    assert outputs["join"] == f"{outputs['say-3']} 1Gi"
    assert outputs["say-5"] == f"say-5 {result.folder.artifacts}"
    recorded = read_record(result.folder.path)
    assert (recorded.id, recorded.uuid) == (name, outputs["say-4"])
    assert recorded.started.replace(microsecond=0) == created
    assert outputs["default"] == "default"


def test_a_container_may_ask_who_runs_it(run):
    @dsl.container_component
    def tell(said: dsl.OutputPath(str)):
        asked = f"{dsl.PIPELINE_TASK_NAME_PLACEHOLDER} of {dsl.PIPELINE_JOB_NAME_PLACEHOLDER}"
        return dsl.ContainerSpec(
            image="alpine", command=["sh", "-c", 'printf %s "$1" > "$0"', said], args=[asked]
        )

    @dsl.pipeline(name="telling")
    def telling() -> str:
        return tell().outputs["said"]

    result = run(telling, containers=True)
    assert result.outputs == {"Output": f"tell of {result.folder.path.name}"}


def test_a_task_that_asks_who_runs_it_is_not_taken_from_the_cache(run, states):
    @dsl.pipeline(name="asking")
    def asking():
        say(text=dsl.PIPELINE_JOB_ID_PLACEHOLDER)
        say(text="constant")

    first, second = run(asking), run(asking)
    assert states(second) == {"say": "succeeded", "say-2": "cached"}
    assert first.tasks[0].outputs != second.tasks[0].outputs


def test_none_and_whole_numbers_stay_in_what_tasks_hand_on(run):
    @dsl.pipeline(name="handing")
    def handing():
        describe(value=nothing_inside().output)
        see(data=mark().outputs["out"])

    by_name = {task.name: task.outputs for task in run(handing).tasks}
    assert by_name["describe"]["Output"] == (
        "{'deep': {'none': None}, 'listed': [None, 1, 2], 'none': None}"
    )
    assert by_name["see"]["Output"] == "{'by': {'n': 3}, 'of': [1, 2], 'rows': 2, 'share': 0.5}"


@pytest.mark.parametrize("producer", [whole, wide])
def test_an_integer_that_kfp_would_round_fails_its_task(run, producer):
    @dsl.pipeline(name="rounding")
    def rounding(n: str):
        producer(n=n)

    assert run(rounding, {"n": str(-(2**53))}).succeeded
    result = run(rounding, {"n": str(2**53 + 1)})
    assert "`Output`: KFP's messages round integers past 2**53, such as 9007199254740993" in (
        result.failures[0].failure
    )


@pytest.mark.parametrize("text", ["nan", "-inf"])
def test_what_is_no_number_in_json_fails_its_task(run, text):
    @dsl.pipeline(name="numbers")
    def numbers():
        no_number(text=text)
        measure_badly()

    result = run(numbers)
    assert f"lacks `{text}`" in failure(result, "no-number")
    assert "`metrics`: KFP's messages store numbers as JSON, which lacks `nan`" in (
        failure(result, "measure-badly")
    )


@pytest.mark.parametrize(
    ("step", "output"), [(leave, "Output"), (leave_file, "path"), (keep_none, "Output")]
)
def test_a_task_without_its_output_fails(run, step, output):
    @dsl.pipeline(name="leaving")
    def leaving(early: bool = True):  # noqa: FBT001, FBT002 - KFP's own spelling
        if step is leave:
            step(early=early)
        else:
            step()

    result = run(leaving)
    assert result.failures[0].failure.startswith(f"it ended without writing `{output}`; a compo")
    if step is leave:
        assert run(leaving, {"early": "false"}).succeeded


def test_a_task_without_its_output_is_tried_again(run, tmp_path):
    @component
    def write_later(path: str) -> str:
        import pathlib
        import sys

        if not pathlib.Path(path).exists():
            pathlib.Path(path).touch()
            sys.exit(0)
        return "written"

    @dsl.pipeline(name="retrying")
    def retrying(path: str) -> str:
        return write_later(path=path).set_retry(2, backoff_duration="0s").output

    assert run(retrying, {"path": str(tmp_path / "file")}).outputs == {"Output": "written"}


def test_items_of_unknown_types_are_text_as_in_a_cluster(run):
    @dsl.pipeline(name="items")
    def items():
        with dsl.ParallelFor(rows().output) as row:
            say(text=row)
            count(n=row.n)
            describe(value=row)
        with dsl.ParallelFor(typed_rows().output) as row:
            describe(value=row)

    result = run(items)
    by_name = {task.name: task for task in result.tasks}
    assert by_name["for-loop-1/0/say"].outputs == {"Output": '{"n":2,"word":"a"}'}
    assert by_name["for-loop-1/0/count"].outputs == {"Output": "2"}
    assert by_name["for-loop-2/0/describe-2"].outputs == {"Output": "{'n': 2}"}
    assert "`value`: a mapping is declared, but the value is '{" in (
        by_name["for-loop-1/0/describe"].failure
    )


def test_an_item_without_the_part_fails_its_task(run):
    @dsl.pipeline(name="parts")
    def parts():
        with dsl.ParallelFor(rows().output) as row:
            say(text=row.other)

    assert "has no part `other`" in run(parts).failures[0].failure


def test_values_in_strings_are_written_as_a_cluster_does(run):
    @dsl.pipeline(name="strings")
    def strings(rate: float = 1e-7, names: list = ["ä", 1.0], flag: bool = True) -> str:  # noqa: B006, FBT001, FBT002
        return join(texts=[f"{rate} {names}", {"flag": f"{flag}"}]).output

    assert run(strings).outputs == {"Output": "0.0000001 [\"ä\",1] {'flag': 'true'}"}


def test_text_that_looks_like_a_placeholder_arrives_as_it_is(run):
    @dsl.pipeline(name="texts")
    def texts(word: str) -> str:
        return say(text=f"{word} {{{{$.price}}}}").output

    word = "{{$.inputs.parameters['text']}}{{$.pipeline_job_name}}"
    assert run(texts, {"word": word}).outputs == {"Output": f"{word} {{{{$.price}}}}"}
