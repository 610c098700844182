"""A retry goes on from what succeeded, and decides everything else anew."""

# ruff: noqa: PLC0415 - a component imports in its body; a pipeline's parameters are positional

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from kfp import dsl
from local.running import run_in, wait_for
from local.steps import component, read
from local.this_python import ThisPython

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.configuration import collect_given
from kfpkit.errors import (
    ChangedConfigurationError,
    NewerRecordError,
    UnreadableRecordError,
    UnretryableRunError,
)
from kfpkit.local import RunResult, retry_run, run_pipeline
from kfpkit.local.record import Request
from kfpkit.project import find_project
from kfpkit.runs.history import survey_runs
from kfpkit.runs.record import RunState, read_record, write_record

Retry = Callable[..., RunResult]


@component
def make(folder: str, name: str, text: str, out: dsl.Output[dsl.Dataset]) -> str:
    """Note that it ran, and write an artifact."""
    from pathlib import Path

    with Path(folder, name).open("a") as file:
        file.write("x")
    Path(out.path).write_text(text)
    out.metadata["letters"] = len(text)
    return text


@component
def need(folder: str, name: str = "key") -> str:
    """Fail until a file is there."""
    from pathlib import Path

    return Path(folder, name).read_text()


@component
def note(folder: str, name: str):
    from pathlib import Path

    with Path(folder, name).open("a") as file:
        file.write("x")


@dsl.pipeline(name="chain")
def chain(folder: str) -> str:
    first = make(folder=folder, name="first", text="a")
    second = make(folder=folder, name="second", text="b").after(first)
    second.set_caching_options(enable_caching=False)
    middle = read(data=first.outputs["out"])
    key = need(folder=folder).after(middle)
    return make(folder=folder, name="last", text=key.output).outputs["Output"]


@pytest.fixture
def outside(tmp_path):
    """Return a folder that tasks look into, which no cache key knows."""
    folder = tmp_path / "outside"
    folder.mkdir()
    return folder


@pytest.fixture
def root(project):
    return project({})


@pytest.fixture
def run(root, outside):
    """Return a function that runs a pipeline, which fails for what isn't outside yet."""
    start = run_in(root)

    def fail(pipeline, **settings) -> Path:
        result = start(pipeline, {"folder": str(outside)}, **settings)
        assert result.state == "failed"
        return result.folder.path

    return fail


@pytest.fixture
def retry(root) -> Retry:
    def go_on(folder: Path, again=(), project: Path = root) -> RunResult:
        return retry_run(folder, project=find_project(project), again=again, launcher=ThisPython())

    return go_on


def words(result: RunResult) -> dict[str, str]:
    return {task.name: task.word for task in result.tasks}


def count(outside: Path, name: str) -> int:
    return len((outside / name).read_text())


@pytest.mark.parametrize("caching", [True, False])
def test_what_succeeded_is_reused_and_what_failed_runs(run, retry, outside, caching):
    earlier = run(chain, caching=caching)
    before = (earlier / "run.json").read_bytes()
    (outside / "key").write_text("k")

    result = retry(earlier)

    assert words(result) == {
        "make": "reused",
        "make-2": "reused",
        "read": "reused",
        "need": "succeeded",
        "make-3": "succeeded",
    }
    assert result.outputs == {"Output": "k"}
    assert [count(outside, name) for name in ("first", "second", "last")] == [1, 1, 1]
    assert (earlier / "run.json").read_bytes() == before


def test_the_record_of_a_retry_tells_what_it_goes_on_from(run, retry, outside):
    earlier = run(chain, caching=False)
    (outside / "key").write_text("k")

    record = read_record(retry(earlier).folder.path)

    assert (record.retry.run, record.retry.first) == (earlier.name, earlier.name)
    assert record.id != earlier.name
    assert record.parameters["folder"].value == str(outside)
    task = record.tasks[0]
    assert (task.cache.hit, task.cache.retry, task.cache.run) == (True, True, earlier.name)
    assert task.outputs["out"].artifact.uri == f"../{earlier.name}/artifacts/make/out"
    assert record.settings.caching is False


def test_a_retry_can_be_retried(run, retry, outside):
    @component
    def tell(run: str, id: str, created: str, task: str) -> list:  # noqa: A002 - a name of KFP's
        return [run, id, created, task]

    @dsl.pipeline(name="twice")
    def twice(folder: str):
        facts = {
            "run": dsl.PIPELINE_JOB_NAME_PLACEHOLDER,
            "id": dsl.PIPELINE_JOB_ID_PLACEHOLDER,
            "created": dsl.PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER,
        }
        first = tell(**facts, task="first")
        one = need(folder=folder, name="one").after(first)
        two = need(folder=folder, name="two").after(one)
        tell(**facts, task="last").after(two)

    first = run(twice, caching=False)
    (outside / "one").touch()
    second = retry(first)
    (outside / "two").touch()
    third = retry(second.folder.path)

    assert list(words(second).values()) == ["reused", "succeeded", "failed", "not started"]
    assert list(words(third).values()) == ["reused", "reused", "succeeded", "succeeded"]
    # A task that named something after its run is found by the tasks after it.
    told = [task.outputs["Output"] for task in third.tasks if task.name.startswith("tell")]
    assert told[0][:3] == told[1][:3]
    assert told[0][0] == first.name
    assert third.record.retry.run == second.record.id
    assert third.record.retry.first == first.name
    assert read_record(first).uuid == third.record.uuid


@pytest.fixture
def ended_early(run, retry, outside):
    """Return a function that retries a run, and has the retry fail at its first task."""

    def go(again=()) -> Path:
        earlier = run(chain, caching=False)
        (outside / "first").rename(outside / "kept")
        (outside / "first").mkdir()
        result = retry(earlier, again=["make", *again])
        (outside / "first").rmdir()
        (outside / "kept").rename(outside / "first")
        assert words(result)["make"] == "failed"
        return result.folder.path

    return go


def test_what_a_retry_did_not_reach_is_taken_from_the_run_before(ended_early, retry, outside):
    early = ended_early()
    (outside / "key").write_text("k")

    result = retry(early)

    assert words(result)["make"] == "succeeded"
    assert words(result)["make-2"] == "reused"
    assert [count(outside, name) for name in ("first", "second", "last")] == [2, 1, 1]


def test_what_a_retry_was_to_run_again_is_not_taken_from_the_run_before(
    ended_early, retry, outside
):
    early = ended_early(again=["make-2"])
    (outside / "key").write_text("k")

    result = retry(early)

    assert words(result)["make-2"] == "succeeded"
    assert count(outside, "second") == 2


def test_runs_that_are_gone_are_not_asked(ended_early, retry, outside):
    early = ended_early()
    shutil.rmtree(early.with_name(read_record(early).retry.run))
    (outside / "key").write_text("k")

    assert words(retry(early))["make-2"] == "succeeded"


def test_each_item_of_a_loop_is_reused_or_runs(run, retry, outside):
    @dsl.pipeline(name="looping")
    def looping(folder: str):
        with dsl.ParallelFor(["a", "b", "c"]) as name:
            made = make(folder=folder, name="made", text=name)
            need(folder=folder, name=name).after(made)

    (outside / "b").touch()
    earlier = run(looping, caching=False)
    for name in ("a", "c"):
        (outside / name).touch()

    result = retry(earlier)

    found = {name.partition("/")[2]: word for name, word in words(result).items()}
    assert found == {
        f"{number}/{task}": "succeeded" if failed else "reused"
        for number, needed in enumerate([True, False, True])
        for task, failed in (("make", False), ("need", needed))
    }
    assert count(outside, "made") == 3


@pytest.mark.parametrize("caching", [True, False])
def test_what_runs_after_failures_runs_again(run, retry, outside, caching):
    @dsl.pipeline
    def tidy(folder: str):
        note(folder=folder, name="inner")

    @dsl.pipeline(name="handled")
    def handled(folder: str):
        last = note(folder=folder, name="last")
        with dsl.ExitHandler(last):
            made = note(folder=folder, name="made")
            key = need(folder=folder).after(made)
            note(folder=folder, name="anyway").after(key).ignore_upstream_failure()
            tidy(folder=folder).after(key).ignore_upstream_failure()

    earlier = run(handled, caching=caching)
    (outside / "key").touch()
    result = retry(earlier)

    assert result.succeeded
    assert {name: count(outside, name) for name in ("made", "last", "anyway", "inner")} == {
        "made": 1,
        "last": 2,
        "anyway": 2,
        "inner": 2,
    }


def test_conditions_are_decided_anew(run, retry, outside):
    @dsl.pipeline(name="choosing")
    def choosing(folder: str):
        made = make(folder=folder, name="made", text="no")
        with dsl.If(made.outputs["Output"] == "yes"):
            note(folder=folder, name="never")
        key = need(folder=folder)
        with dsl.If(key.output == "yes"):
            note(folder=folder, name="yes")
        with dsl.Else():
            note(folder=folder, name="no")

    earlier = run(choosing, caching=False)
    (outside / "key").write_text("yes")
    result = retry(earlier)

    assert sorted(words(result).values()) == [
        "reused",
        "skipped",
        "skipped",
        "succeeded",
        "succeeded",
    ]
    assert sorted(path.name for path in outside.iterdir()) == ["key", "made", "yes"]


def test_an_artifact_that_was_changed_is_made_again(run, retry, outside):
    earlier = run(chain, caching=False)
    (outside / "key").write_text("k")
    (earlier / "artifacts/make/out").write_text("edited")

    result = retry(earlier)

    assert words(result)["make"] == words(result)["read"] == "succeeded"
    assert words(result)["make-2"] == "reused"


def test_a_task_with_a_key_of_its_own_is_reused_only_with_the_same_inputs(run, retry, outside):
    @dsl.pipeline(name="keyed")
    def keyed(folder: str):
        made = make(folder=folder, name="made", text="a")
        own = read(data=made.outputs["out"])
        own.set_caching_options(enable_caching=True, cache_key="mine")
        need(folder=folder).after(own)

    earlier = run(keyed, caching=False)
    (outside / "key").touch()
    again = retry(earlier)
    (earlier / "artifacts/make/out").write_text("edited")

    assert list(words(again).values()) == ["reused", "reused", "succeeded"]
    assert list(words(retry(earlier)).values()) == ["succeeded", "succeeded", "succeeded"]


def test_named_tasks_run_again_even_of_a_run_that_succeeded(root, retry, outside):
    (outside / "key").write_text("k")
    earlier = run_in(root)(chain, {"folder": str(outside)})

    result = retry(earlier.folder.path, again=["make-2"])

    assert words(result) == {
        "make": "reused",
        "make-2": "succeeded",
        "read": "reused",
        "need": "reused",
        "make-3": "reused",
    }


def test_the_folder_of_a_run_can_be_moved(run, retry, outside, tmp_path):
    earlier = run(chain, caching=False)
    (outside / "key").write_text("k")
    moved = tmp_path / "elsewhere"
    shutil.move(earlier, moved)

    result = retry(moved)

    assert list(words(result).values()).count("reused") == 3
    assert result.outputs == {"Output": "k"}


def test_the_whole_project_can_be_moved(run, retry, root, outside, tmp_path):
    @dsl.pipeline(name="steps")
    def steps(folder: str):
        made = make(folder=folder, name="first", text="a")
        one = need(folder=folder, name="one").after(made)
        seen = read(data=made.outputs["out"]).after(one)
        need(folder=folder, name="two").after(seen)

    earlier = run(steps, caching=False)
    (outside / "one").touch()
    second = retry(earlier)
    moved = tmp_path / "moved"
    root.rename(moved)
    (outside / "two").touch()

    result = retry(moved / ".kfpkit/runs" / second.folder.path.name, project=moved)

    assert list(words(result).values()) == ["reused", "reused", "reused", "succeeded"]


def test_what_tasks_share_is_copied(run, retry, outside):
    @component
    def add(folder: str, text: str) -> str:
        from pathlib import Path

        with (Path(folder) / "shared.txt").open("a") as file:
            file.write(text)
        return str(Path(folder) / "shared.txt")

    @component
    def show(path: str) -> str:
        from pathlib import Path

        return Path(path).read_text()

    config = dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size="1Gi"))

    @dsl.pipeline(name="sharing", pipeline_config=config)
    def sharing(folder: str) -> str:
        one = add(folder=dsl.WORKSPACE_PATH_PLACEHOLDER, text="1")
        key = need(folder=folder).after(one)
        two = add(folder=dsl.WORKSPACE_PATH_PLACEHOLDER, text="2").after(key)
        return show(path=one.output).after(two).output

    earlier = run(sharing, caching=False)
    (outside / "key").touch()
    result = retry(earlier)

    assert list(words(result).values()) == ["reused", "succeeded", "succeeded", "succeeded"]
    assert result.outputs == {"Output": "12"}
    assert (earlier / "workspace/shared.txt").read_text() == "1"


def test_what_tasks_share_comes_from_the_run_before_if_a_retry_was_killed_at_its_start(
    run, retry, outside
):
    @component
    def leave(folder: str):
        from pathlib import Path

        Path(folder, "shared.txt").write_text("1")

    @component
    def show(folder: str) -> str:
        from pathlib import Path

        return Path(folder, "shared.txt").read_text()

    config = dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size="1Gi"))

    @dsl.pipeline(name="left", pipeline_config=config)
    def left(folder: str) -> str:
        key = need(folder=folder).after(leave(folder=dsl.WORKSPACE_PATH_PLACEHOLDER))
        return show(folder=dsl.WORKSPACE_PATH_PLACEHOLDER).after(key).output

    killed = retry(run(left, caching=False)).folder.path
    shutil.rmtree(killed / "workspace")
    shutil.rmtree(killed / "finished")
    record = read_record(killed)
    write_record(record.model_copy(update={"tasks": (), "state": RunState.BROKEN_OFF}), killed)
    (outside / "key").touch()

    result = retry(killed)

    assert result.outputs == {"Output": "1"}
    assert list(words(result).values()) == ["reused", "succeeded", "succeeded"]


def test_a_run_that_a_retry_needs_is_not_removed(run, retry, root, outside):
    @dsl.pipeline(name="values")
    def values(folder: str):
        need(folder=folder).after(note(folder=folder, name="noted"))

    needed, done_with = run(chain, caching=False), run(values, caching=False)
    (outside / "key").write_text("k")
    newest = [retry(folder).folder.path.name for folder in (needed, done_with)]

    old = survey_runs(find_project(root), keep=2)

    assert {run.folder.name: run.kept_by for run in old} == {
        done_with.name: "",
        needed.name: f"the run {newest[0]}",
    }


SCRIPT = """
import sys
from pathlib import Path
from kfp import dsl
from local.test_retry import component, make, need
from local.this_python import ThisPython
from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.local import Configuration, run_pipeline

@component
def wait(folder: str) -> str:
    import time
    from pathlib import Path

    while not Path(folder, "key").exists():
        print("waiting", flush=True)
        time.sleep(0.1)
    return "k"

@dsl.pipeline(name="killed")
def killed(folder: str) -> str:
    first = make(folder=folder, name="first", text="a")
    return wait(folder=folder).after(first).output

run_pipeline(
    compile_pipeline(killed, Path("pipeline.yaml")),
    configuration=Configuration(caching=False, parameters={"folder": sys.argv[1]}),
    launcher=ThisPython(),
)
"""


@pytest.mark.parametrize("moved", [False, True])
def test_a_killed_run_is_retried(root, retry, outside, tmp_path, moved):
    (root / "run.py").write_text(SCRIPT)
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, "run.py", outside], cwd=root, env=variables)
    try:
        folder = root / ".kfpkit/runs/latest"
        wait_for((folder / "tasks/wait/log.txt").exists)
        folder = folder.resolve()
    finally:
        process.kill()
        process.wait()
    (outside / "key").touch()
    if moved:
        folder = folder.rename(tmp_path / "moved")

    result = retry(folder)

    assert words(result) == {"make": "reused", "wait": "succeeded"}
    assert read_record(folder).state is RunState.BROKEN_OFF
    assert count(outside, "first") == 1


def test_what_cannot_be_retried_is_refused_with_the_reason(run, retry, root, outside):
    folder = run(chain)
    record = read_record(folder)

    write_record(record.model_copy(update={"state": RunState.RUNNING}), folder)
    with pytest.raises(UnretryableRunError, match=r"it is still running\. Wait until it ends"):
        retry(folder)
    write_record(record.model_copy(update={"state": RunState.SUCCEEDED}), folder)
    with pytest.raises(UnretryableRunError, match=r"it succeeded. To run some .* retry \S+ TASK`"):
        retry(folder)
    write_record(record.model_copy(update={"settings": None}), folder)
    with pytest.raises(UnretryableRunError, match="doesn't say how it was configured"):
        retry(folder)
    write_record(record.model_copy(update={"format": 99}), folder)
    with pytest.raises(NewerRecordError):
        retry(folder)
    write_record(record, folder)
    (folder / "pipeline.yaml").unlink()
    with pytest.raises(UnretryableRunError, match=r"pipeline\.yaml doesn't exist"):
        retry(folder)
    with pytest.raises(UnreadableRecordError):
        retry(root)


def test_a_configuration_has_to_be_what_it_was(root, retry, outside, tmp_path):
    @component
    def tell(folder: str) -> str:
        import os
        from pathlib import Path

        return os.environ["LEVEL"] + Path(folder, "key").read_text()

    @dsl.pipeline(name="configured")
    def configured(folder: str) -> str:
        return tell(folder=folder).output

    file = root / "local.yaml"
    text = f"parameters: {{folder: {outside}}}\nenvironment_variables: {{LEVEL: secret-word}}\n"
    file.write_text(text)
    compiled = compile_pipeline(configured, root / "pipeline.yaml")
    given = collect_given(file, pipeline=compiled).change({"task_timeout": 90.0}, "--task-timeout")
    earlier = run_pipeline(
        compiled,
        configuration=given,
        launcher=ThisPython(),
        request=Request(command=("kfpkit", "run"), configuration=file),
    ).folder.path
    (outside / "key").write_text("!")

    file.write_text(text.replace("secret", "other"))
    with pytest.raises(
        ChangedConfigurationError, match=r"local\.yaml is no longer the file .*: its"
    ):
        retry(earlier)
    file.unlink()
    with pytest.raises(ChangedConfigurationError, match="No such file"):
        retry(earlier)
    file.write_text(text)
    result = retry(earlier)

    assert result.outputs == {"Output": "secret-word!"}
    assert result.record.settings == read_record(earlier).settings
    assert result.record.settings.task_timeout == 90
    assert result.record.parameters["folder"].origin == "local.yaml"
    assert "secret-word" not in (earlier / "run.json").read_text()


def test_variables_that_are_not_recorded_are_refused(run, retry):
    folder = run(chain, environment_variables={"LEVEL": "secret"})
    with pytest.raises(UnretryableRunError, match="their values are not recorded"):
        retry(folder)
