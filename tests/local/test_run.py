# ruff: noqa: PLC0415 - a component imports in its body; a pipeline's parameters are positional

import concurrent.futures
import json
import os
import shutil
import subprocess
import sys

import pytest
from kfp import dsl
from local.running import Lines
from local.steps import component, fail, measure, read, say, write
from local.this_python import ThisPython

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.errors import (
    EnvironmentNotMadeError,
    InvalidConfigurationError,
    RunFolderError,
    StaleImageError,
)
from kfpkit.local import run_pipeline
from kfpkit.local.record import settle_broken_runs
from kfpkit.project import find_project
from kfpkit.runs.record import RunState, read_record

PIPELINE = """
import functools

from kfp import dsl

component = functools.partial(dsl.component, base_image="python:3.11", install_kfp_package=False)


@component
def double(text: str) -> str:
    return text * 2


@dsl.pipeline(name="from-source")
def pipeline(text: str = "ab") -> str:
    return double(text=text).output
"""


@component
def look_around() -> dict:
    import os
    import sys

    return {"folder": os.listdir(), "variables": dict(os.environ), "prefix": sys.prefix}  # noqa: PTH208


@dsl.pipeline(name="small")
def small(word: str = "w") -> str:
    data = write(text=word)
    measure()
    return read(data=data.outputs["out"]).output


def test_a_run_keeps_everything_in_a_folder_of_its_own(run):
    result = run(small)
    folder = result.folder.path
    assert folder.parent.parent.name == ".kfpkit"
    assert folder.name.endswith("-small")
    assert sorted(path.name for path in folder.iterdir()) == [
        "artifacts",
        "finished",
        "page.html",
        "pipeline.yaml",
        "run.json",
        "tasks",
    ]
    assert (folder.parent / "latest").resolve() == folder
    assert (folder.parent.parent / ".gitignore").read_text() == "*\n"
    assert (folder / "artifacts" / "write" / "out").read_text() == "w"


def test_the_summary_tells_programs_what_became_of_the_run(run):
    result = run(small, {"word": "x"})
    summary = json.loads(result.folder.summary.read_text())
    assert (summary["state"], summary["outputs"]) == ("succeeded", {"Output": {"value": "x"}})
    assert summary["parameters"]["word"]["value"] == "x"
    tasks = {task["name"]: task for task in summary["tasks"]}
    assert set(tasks) == {"write", "measure", "read"}
    assert tasks["write"]["state"] == "succeeded"
    assert tasks["write"]["seconds"] > 0
    assert tasks["write"]["outputs"]["out"]["artifact"] == {
        "name": "out",
        "type": "system.Dataset",
        "uri": "artifacts/write/out",
        "metadata": {"letters": 1},
    }


def test_the_summary_tells_that_a_run_broke_off(project):
    class Unprepared(ThisPython):
        def prepare(self, images, *, logs):
            raise EnvironmentNotMadeError(environment="e", said="no", log=logs / "e.txt")

    root = project({})
    compiled = compile_pipeline(small, root / "small.yaml")
    with pytest.raises(EnvironmentNotMadeError):
        run_pipeline(compiled, launcher=Unprepared())
    summary = json.loads((root / ".kfpkit/runs/latest/run.json").read_text())
    assert summary["state"] == "failed"
    assert {task["state"] for task in summary["tasks"]} == {"not started"}


@pytest.mark.parametrize("name", ["pipelines/p", "pipelines/p/pipeline.py"])
def test_a_folder_or_a_python_file_is_compiled_first(project, name):
    root = project({"pipelines/p/pipeline.py": PIPELINE})
    result = run_pipeline(root / name, parameters={"text": "c"}, launcher=ThisPython())
    assert result.outputs == {"Output": "cc"}
    assert "from-source" in result.folder.specification.read_text()


def test_a_second_run_skips_what_has_not_changed(run, states):
    first, second = run(small), run(small)
    assert set(states(second).values()) == {"cached"}
    assert second.outputs == first.outputs
    changed = states(run(small, {"word": "other"}))
    assert changed == {"write": "succeeded", "measure": "cached", "read": "succeeded"}


def test_a_lost_artifact_is_made_again(run, states):
    shutil.rmtree(run(small).folder.path)
    assert states(run(small)) == {"write": "succeeded", "measure": "cached", "read": "succeeded"}


def test_an_artifact_that_was_changed_by_hand_is_made_again(run, states):
    first = run(small)
    (first.folder.artifacts / "write" / "out").write_text("v")
    second = run(small)
    assert states(second) == {"write": "succeeded", "measure": "cached", "read": "succeeded"}
    assert second.outputs == {"Output": "w"}


def test_caching_can_be_left_out_for_a_task_or_a_run(run, states):
    @dsl.pipeline(name="uncached")
    def uncached():
        say(text="a").set_caching_options(False)
        say(text="b")

    run(uncached)
    assert states(run(uncached)) == {"say": "succeeded", "say-2": "cached"}
    assert set(states(run(uncached, caching=False)).values()) == {"succeeded"}


def test_a_failed_task_is_not_cached(run, states):
    @dsl.pipeline(name="failing")
    def failing():
        fail()

    run(failing)
    assert states(run(failing)) == {"fail": "failed"}


def test_a_task_with_other_variables_is_another_task(run, states):
    assert set(states(run(small)).values()) == {"succeeded"}
    assert set(states(run(small, environment_variables={"A": "1"})).values()) == {"succeeded"}
    assert set(states(run(small, environment_variables={"A": "1"})).values()) == {"cached"}


def test_a_task_sees_an_empty_folder_and_only_the_variables_it_should(run, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("MY_SECRET", "x")

    @dsl.pipeline(name="looking")
    def looking() -> dict:
        return look_around().set_env_variable("FROM_PIPELINE", "p").output

    seen = run(looking, environment_variables={"FROM_CONFIGURATION": "c"}).outputs["Output"]
    assert seen["folder"] == []
    assert seen["prefix"] == sys.prefix
    variables = seen["variables"]
    assert {"PYTHONPATH", "MY_SECRET"}.isdisjoint(variables)
    assert (variables["FROM_PIPELINE"], variables["FROM_CONFIGURATION"]) == ("p", "c")
    assert variables["PATH"].startswith(f"{sys.prefix}/bin{os.pathsep}")


def test_wrong_parameters_leave_nothing_behind(run, tmp_path):
    with pytest.raises(InvalidConfigurationError):
        run(small, {"wrod": "x"})
    assert not (tmp_path / "project" / ".kfpkit").exists()


def test_a_value_too_long_for_a_command_fails_its_task(run):
    result = run(small, {"word": "w" * 200_000})
    assert "Argument list too long" in result.failures[0].failure


def test_a_result_that_cannot_be_read_fails_its_task(run):
    @component
    def lie(number: dsl.OutputPath(int)):
        import pathlib

        pathlib.Path(number).write_text("seven")

    @dsl.pipeline(name="lying")
    def lying():
        lie()

    assert "cannot be read" in run(lying).failures[0].failure


@pytest.mark.parametrize("text", ["{", '{"artifacts": {"out": 5}}', "[]", '{"unknown": 1}'])
def test_a_result_that_has_not_kfps_form_fails_its_task(run, text):
    @component
    def garble(text: str, out: dsl.OutputPath(str)):
        import os
        import pathlib

        (pathlib.Path(out).parent / "executor_output.json").write_text(text)
        os._exit(0)

    @dsl.pipeline(name="garbling")
    def garbling():
        garble(text=text)

    result = run(garbling)
    assert "outputs of the task `garble` cannot be read" in result.failures[0].failure
    assert ".." not in result.failures[0].failure


def test_a_mistake_of_ours_is_not_told_as_one_of_a_task(project):
    class Broken(ThisPython):
        def ready(self, image, *, scratch):
            raise KeyError(image)

    compiled = compile_pipeline(small, project({}) / "small.yaml")
    with pytest.raises(KeyError, match=r"python:3\.11"):
        run_pipeline(compiled, launcher=Broken())


@pytest.mark.parametrize(("number", "name"), [(9, "SIGKILL"), (40, "signal 40")])
def test_a_task_that_a_signal_ends_names_it(run, number, name):
    @component
    def end(number: int):
        import os

        os.killpg(0, number)  # the shell that starts it too

    @dsl.pipeline(name="ending")
    def ending():
        end(number=number)

    assert run(ending).failures[0].failure == f"it was killed by {name}"


def test_a_folder_that_cannot_be_made_is_named(run, tmp_path):
    (tmp_path / "project" / ".kfpkit").touch()
    with pytest.raises(RunFolderError, match=r"\.kfpkit/runs is not writable: (File|Not a)"):
        run(small)


def test_two_runs_at_once_do_not_touch_each_other(project):
    compiled = compile_pipeline(small, project({}) / "small.yaml")
    with concurrent.futures.ThreadPoolExecutor() as threads:
        results = list(
            threads.map(
                lambda word: run_pipeline(
                    compiled, parameters={"word": word}, launcher=ThisPython()
                ),
                "abc",
            )
        )
    assert [result.outputs for result in results] == [{"Output": word} for word in "abc"]
    assert len({result.folder.path for result in results}) == 3


def test_a_stale_image_is_refused_before_anything_starts(project):
    @dsl.component(base_image="kfpkit/sklearn:0123456789abcdef", install_kfp_package=False)
    def old(): ...

    @dsl.pipeline(name="stale")
    def stale():
        old()

    root = project({})
    compiled = compile_pipeline(stale, root / "stale.yaml")
    with pytest.raises(StaleImageError, match=r"`sklearn`, which the project .* does not have"):
        run_pipeline(compiled)
    assert not (root / ".kfpkit").exists()


@pytest.fixture
def full_disk(tmp_path):
    """Mount a file system of 64 KB where a project keeps its runs."""
    folder = tmp_path / "project" / ".kfpkit"
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_before_the_run_is_named(run, full_disk):
    (full_disk / "filler").write_bytes(b"x" * 2**16)
    with pytest.raises(RunFolderError, match=r"\.kfpkit/runs.* No space left on device"):
        run(small)
    assert not list(full_disk.glob("runs/*"))


def test_a_full_disk_during_the_run_fails_the_task_that_meets_it(run, full_disk):
    @component
    def fill(data: dsl.Output[dsl.Dataset]):
        import pathlib

        pathlib.Path(data.path).write_bytes(b"x" * 2**20)

    @dsl.pipeline(name="filling")
    def filling():
        fill()

    lines = Lines()
    result = run(filling, progress=lines)

    assert [task.name for task in result.failures] == ["fill"]
    (full,) = [line for line in lines.lines if line.startswith("The record of the run")]
    assert full == (
        f"The record of the run can't be written to {result.folder.path}: No space left on device."
    )


def test_what_a_run_cannot_record_does_not_change_how_it_ended(run, full_disk):
    @component
    def fill(folder: str):
        import atexit
        import contextlib
        import pathlib

        def write():
            with contextlib.suppress(OSError):
                pathlib.Path(folder, "filler").write_bytes(b"x" * 2**20)

        atexit.register(write)  # after all that the task itself writes

    @dsl.pipeline(name="filling")
    def filling(folder: str):
        fill(folder=folder)

    lines = Lines()
    result = run(filling, {"folder": str(full_disk)}, lines)

    assert result.succeeded
    assert (result.record.state.value, result.page) == ("succeeded", None)
    assert [line.partition(" can't be ")[0] for line in lines.lines[1:]] == [
        "The outputs of `fill`",
        "The record of the run",
        "The page of the run",
    ]
    # The next command finds a run without an end, as after a kill.
    (full_disk / "filler").unlink()
    assert [folder.path for folder in settle_broken_runs(find_project(full_disk))] == [
        result.folder.path
    ]
    assert read_record(result.folder.path).state is RunState.BROKEN_OFF


def test_a_record_that_cannot_be_written_does_not_change_how_a_run_ended(run):
    @component
    def bar(data: dsl.Output[dsl.Dataset]):
        from pathlib import Path

        record = Path(data.path).parents[2] / "run.json"
        record.unlink()
        record.mkdir()

    @dsl.pipeline(name="barring")
    def barring():
        bar()

    lines = Lines()
    result = run(barring, progress=lines)

    assert result.succeeded
    assert any("The record of the run can't be written" in line for line in lines.lines)
    assert '"state":"succeeded"' in result.page.read_text(encoding="utf-8")
