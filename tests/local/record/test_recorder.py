"""What a real run leaves in its record."""

# ruff: noqa: PLC0415 - a component imports in its body

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from kfp import dsl
from local.running import run_in
from local.steps import component, fail, join, read, say, write
from local.this_python import ThisPython

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.configuration import collect_given
from kfpkit.local import run_pipeline
from kfpkit.local.record import Request
from kfpkit.runs.record import RunState, State, read_record


@component
def spend(megabytes: int, seconds: float = 0.3) -> int:
    import time

    held = bytearray(megabytes * 2**20)
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return len(held)


@component
def stumble(path: str) -> str:
    from pathlib import Path

    with Path(path).open("a") as file:
        file.write("x")
    if len(Path(path).read_text()) < 3:
        raise SystemExit(7)
    return "up"


@dsl.pipeline(name="looping")
def looping(word: str = "w"):
    made = write(text=word)
    with dsl.ParallelFor(["a", "b"]) as letter:
        first = say(text=letter)
        with dsl.ParallelFor([1, 2]) as number:
            say(text=first.output, times=number)
    join(texts=dsl.Collected(first.output))
    with dsl.If(word == "other"):
        read(data=made.outputs["out"])


@pytest.fixture
def record(project):
    """Return a function that runs a pipeline and gives its record."""
    run = run_in(project({}))
    return lambda *arguments, **settings: read_record(run(*arguments, **settings).folder.path)


def tasks_of(record):
    return {task.name: task for task in record.tasks}


def test_the_head_tells_where_a_run_came_from(record):
    found = record(looping, {"word": "x"})
    assert (found.pipeline, found.state, found.id[-8:]) == (
        "looping",
        RunState.SUCCEEDED,
        "-looping",
    )
    assert found.started < found.ended
    assert found.seconds == pytest.approx((found.ended - found.started).total_seconds(), abs=1)
    assert (found.target.kind, found.target.mode) == ("local", "venv")
    assert list(found.environments) == ["here"]
    assert found.components["say"].function == "say"
    assert found.components["say"].environment == "here"
    assert {node.kind for node in found.nodes} == {"task", "loop", "condition"}


def test_tasks_of_loops_have_their_node_iteration_and_item(record):
    tasks = tasks_of(record(looping))
    (inner,) = [task for task in tasks.values() if task.iteration == (1, 0)]
    assert inner.name == "for-loop-2/1/for-loop-4/0/say-2"
    assert inner.node == "for-loop-2/for-loop-4/say-2"
    assert (inner.iteration, inner.item) == ((1, 0), "b · 1")


def test_inputs_lead_to_the_task_that_made_them(record):
    tasks = tasks_of(record(looping, {"word": "other"}))

    def sources(task, name):
        return [(each.task, each.output) for each in tasks[task].inputs[name].sources or ()]

    assert sources("for-loop-2/1/for-loop-4/0/say-2", "text") == [("for-loop-2/1/say", "Output")]
    assert sources("join", "texts") == [
        ("for-loop-2/0/say", "Output"),
        ("for-loop-2/1/say", "Output"),
    ]
    assert sources("read", "data") == [("write", "out")]
    assert tasks["read"].inputs["data"].artifact.uri == "artifacts/write/out"
    assert tasks["join"].inputs["texts"].value == ["a", "b"]
    given = tasks["write"].inputs["text"]
    assert (given.value, given.parameter, given.sources) == ("other", "word", None)


def test_a_cached_input_leads_to_the_task_of_this_run(project):
    run = run_in(project({}))
    run(looping, {"word": "other"})
    folder = run(looping, {"word": "other"}).folder.path
    read = tasks_of(read_record(folder))["read"]
    assert read.state is State.CACHED
    assert [source.task for source in read.inputs["data"].sources] == ["write"]
    uri = read.inputs["data"].artifact.uri
    assert uri.startswith("../")
    assert (folder / uri).read_text() == "other"


def test_tasks_that_did_not_run_tell_why(record):
    @dsl.pipeline(name="failing")
    def failing(k: int = 1):
        with dsl.ParallelFor([1]) as number:
            broken = fail(message=f"{number}")
            say(text=broken.output)
        with dsl.If(k > 1):
            say(text="skipped")
        say(text="after").after(broken)

    tasks = tasks_of(record(failing))
    causes = {
        name: task.cause and (task.cause.kind, task.cause.node) for name, task in tasks.items()
    }
    assert causes == {
        "for-loop-2/0/fail": None,
        "for-loop-2/0/say": ("upstream", "for-loop-2/fail"),
        "say-2": ("condition", "condition-3"),
        "say-3": ("upstream", "for-loop-2/fail"),
    }
    assert tasks["say-3"].times.model_dump(exclude_none=True) == {}
    assert tasks["say-3"].seconds is None


def test_stages_come_one_after_another(record):
    task = tasks_of(record(looping))["write"]
    times = task.times
    assert times.ready <= times.preparing <= times.running < times.ended
    assert task.seconds == pytest.approx((times.ended - times.running).total_seconds(), abs=0.01)
    (attempt,) = task.attempts
    assert (attempt.exit, attempt.failure, task.exit) == (0, None, 0)
    assert (task.log.path, task.log.bytes) == ("tasks/write/log.txt", task.log.bytes)


def test_every_attempt_is_recorded(record, tmp_path):
    @dsl.pipeline(name="stumbling")
    def stumbling(path: str):
        stumble(path=path).set_retry(num_retries=3, backoff_duration="0s")

    task = tasks_of(record(stumbling, {"path": str(tmp_path / "tries")}))["stumble"]
    assert [attempt.exit for attempt in task.attempts] == [7, 7, 0]
    failures = [attempt.failure for attempt in task.attempts]
    assert failures == ["it exited with code 7", "it exited with code 7", None]
    ends = [attempt.times.ended for attempt in task.attempts]
    assert ends == sorted(ends)
    assert task.attempts[0].times.ended <= task.attempts[1].times.running
    assert task.cpu_seconds == pytest.approx(sum(each.cpu_seconds for each in task.attempts))


def test_memory_and_processor_time_are_those_of_the_task(record):
    @dsl.pipeline(name="spending")
    def spending():
        spend(megabytes=150)
        spend(megabytes=1, seconds=0.9)

    tasks = tasks_of(record(spending))
    large, long = tasks["spend"], tasks["spend-2"]
    assert 150 * 2**20 < large.peak_memory < 400 * 2**20
    assert 10 * 2**20 < long.peak_memory < 140 * 2**20
    assert long.cpu_seconds > 0.9
    assert long.cpu_seconds < 20


def test_a_failure_has_the_authors_line(project):
    root = project(
        {
            "fraud/__init__.py": "",
            "fraud/rates.py": "def rate(a):\n    return 1 / a\n",
            "fraud/check.py": (
                "from fraud.rates import rate\nimport kfpkit\n\n\n"
                "@kfpkit.component(base_image='python:3.11')\n"
                "def check(a: int) -> float:\n    return rate(a)\n"
            ),
            "pipeline.py": (
                "from kfp import dsl\nfrom fraud.check import check\n\n\n"
                "@dsl.pipeline(name='checking')\ndef checking(a: int = 0):\n    check(a=a)\n"
            ),
        }
    )
    result = run_pipeline(root / "pipeline.py", launcher=ThisPython())
    (task,) = read_record(result.folder.path).tasks
    assert task.failure == "it exited with code 1"
    assert (task.place.file, task.place.line) == ("fraud/rates.py", 2)
    component = read_record(result.folder.path).components["check"]
    assert sorted(component.files) == ["fraud/__init__.py", "fraud/check.py", "fraud/rates.py"]
    assert (component.module, component.function) == ("fraud.check", "check")


def test_parameters_tell_where_their_values_come_from(project):
    @dsl.pipeline(name="giving")
    def giving(a: str, b: str, c: int = 3, d: int = 4):
        say(text=f"{a}{b}{d}", times=c)

    root = project({"local.yaml": "parameters: {a: from the file, b: too}\n"})
    compiled = compile_pipeline(giving, root / "giving.yaml")
    file = root / "local.yaml"
    result = run_pipeline(
        compiled,
        configuration=collect_given(
            file,
            pipeline=compiled,
            options={"b": "given"},
            variables={"KFPKIT_PARAM_D": "5"},
        ),
        launcher=ThisPython(),
        request=Request(command=("kfpkit", "run", "giving.yaml"), configuration=file),
    )
    found = read_record(result.folder.path)
    origins = {name: (each.value, each.origin) for name, each in found.parameters.items()}
    assert origins == {
        "a": ("from the file", "local.yaml"),
        "b": ("given", "--param"),
        "c": (3, "default"),
        "d": (5, "KFPKIT_PARAM_D"),
    }
    assert found.parameters["c"].type == "NUMBER_INTEGER"
    assert found.configuration.file == "local.yaml"
    assert found.command == ("kfpkit", "run", "giving.yaml")


@pytest.mark.parametrize("dirty", [False, True])
def test_the_revision_is_that_of_the_project(project, dirty):
    root = project({"a.txt": "a"})
    (root / ".gitignore").write_text("build\n")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(root)]
    for arguments in (["init", "-qb", "trunk"], ["add", "."], ["commit", "-qm", "First"]):
        subprocess.run([*git, *arguments], check=True)
    commit = subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    if dirty:
        (root / "a.txt").write_text("b")
    revision = read_record(run_in(root)(looping).folder.path).revision
    assert (revision.commit, revision.branch, revision.dirty) == (commit, "trunk", dirty)


def test_a_project_outside_git_has_no_revision(record):
    assert record(looping).revision is None


def test_a_slow_git_does_not_hold_a_run_up(project, tmp_path, monkeypatch):
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 20\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    started = time.monotonic()
    result = run_in(project({}))(looping)
    assert time.monotonic() - started < 15
    assert read_record(result.folder.path).revision is None


def test_a_folder_that_is_moved_keeps_its_record_right(project, tmp_path):
    result = run_in(project({}))(looping)
    moved = Path(shutil.move(result.folder.path.parent, tmp_path / "elsewhere"))
    folder = moved / result.folder.path.name
    text = (folder / "run.json").read_text()
    assert str(result.folder.path) not in text
    task = tasks_of(read_record(folder))["write"]
    assert (folder / task.outputs["out"].artifact.uri).read_text() == "w"
    assert (folder / task.log.path).is_file()
