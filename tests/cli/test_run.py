from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PIPELINE = """
import functools

from kfp import dsl

component = functools.partial(dsl.component, base_image="python:3.11", install_kfp_package=False)


@component
def first(word: str, metrics: dsl.Output[dsl.Metrics]) -> str:
    metrics.log_metric("letters", len(word))
    return word


@component
def second(word: str) -> str:
    if word == "bad":
        raise ValueError("not this word")
    return word


@component
def third(word: str) -> str:
    return word


@dsl.pipeline(name="words")
def words(word: str = "good") -> str:
    one = first(word=word)
    other = third(word="independent")
    return third(word=second(word=one.outputs["Output"]).output).output
"""

SLEEPERS = """
import functools

from kfp import dsl

component = functools.partial(dsl.component, base_image="python:3.11", install_kfp_package=False)


@component
def sleep(path: str):
    import pathlib
    import subprocess
    import sys
    import time

    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"])
    pathlib.Path(path).write_text(f"{child.pid}")
    time.sleep(100)


@component
def after(path: str):
    pass


@dsl.pipeline(name="sleepers")
def sleepers(path: str):
    after(path=path).after(sleep(path=path))
"""


IN_THE_WAY = """

@component
def bar(page: dsl.Output[dsl.Artifact]):
    import pathlib

    (pathlib.Path(page.path).parents[2] / "page.html" / "folder").mkdir(parents=True)


@dsl.pipeline(name="barring")
def barring():
    bar()
"""


FILLING = """

@component
def fill():
    import atexit
    import contextlib
    import pathlib

    def write():
        filler = pathlib.Path({folder!r}, "filler")
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 1024)

    atexit.register(write)  # after all that the task itself writes


@dsl.pipeline(name="filling")
def filling():
    fill()
"""


def kfpkit(root: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kfpkit", "run", *arguments]
    environment = {**os.environ, **variables}
    return subprocess.run(
        command, cwd=root, capture_output=True, text=True, check=False, env=environment
    )


def test_a_run_ends_with_metrics_outputs_and_success(project):
    root = project({"p/pipeline.py": PIPELINE})
    done = kfpkit(root, "p", "--param", "word=fine")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert any(line.split()[1:] == ["first", "[plain]:", "running"] for line in lines)
    assert any("letters" in line and "4" in line for line in lines)
    assert "Output: fine" in lines
    assert lines[-1].startswith("words succeeded in ")
    assert "4 succeeded. See .kfpkit/runs/" in lines[-1]


@pytest.mark.parametrize(("word", "state"), [("fine", "succeeded"), ("bad", "failed")])
def test_the_last_line_names_the_page_which_can_be_opened(project, tmp_path, word, state):
    root = project({"p/pipeline.py": PIPELINE})
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\necho $1 > {tmp_path}/opened\n")
    browser.chmod(0o755)

    done = kfpkit(root, "p", "--param", f"word={word}", "--open", BROWSER=str(browser))

    last = [*done.stdout.splitlines(), *done.stderr.splitlines()][-1]
    page = root / last.rpartition(" See ")[2]
    assert page.name == "page.html"
    assert f'"state":"{state}"' in page.read_text(encoding="utf-8")
    assert (tmp_path / "opened").read_text().strip() == page.resolve().as_uri()
    assert done.returncode == int(state == "failed")


def test_a_page_that_cannot_be_written_is_reported_and_changes_nothing(project):
    root = project({"p/pipeline.py": PIPELINE + IN_THE_WAY})

    done = kfpkit(root, "p", "--pipeline", "barring")

    assert done.returncode == 0, done.stderr
    assert "The page of the run can't be written: " in done.stdout
    assert "1 succeeded. See .kfpkit/runs/" in done.stdout.splitlines()[-1]
    assert not done.stdout.splitlines()[-1].endswith("page.html")


@pytest.fixture
def disk(tmp_path):
    """Mount a file system of 1 MB where a project keeps its runs."""
    folder = tmp_path / "project" / ".kfpkit"
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_at_the_end_is_reported_and_keeps_the_exit_code(project, disk):
    root = project({"p/pipeline.py": PIPELINE + FILLING.format(folder=str(disk))})

    done = kfpkit(root, "p", "--pipeline", "filling", "--json")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["state"] == "succeeded"
    assert "The page of the run can't be written: No space left on device.\n" in done.stderr
    assert "1 succeeded. See .kfpkit/runs/" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(("word", "state"), [("fine", "succeeded"), ("bad", "failed")])
def test_programs_get_the_record_of_the_run_and_people_all_else(project, word, state):
    root = project({"p/pipeline.py": PIPELINE})

    done = kfpkit(root, "p", "--param", f"word={word}", "--json")
    record = json.loads(done.stdout)

    folder = Path(record.pop("folder"))
    assert record == json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["state"] == state
    assert done.returncode == int(state == "failed")
    assert done.stderr.splitlines()[-1].startswith(f"words {state} in ")


def test_a_table_of_metrics_is_not_wrapped_where_no_terminal_shows_it(project):
    long = "letters_" * 20
    root = project({"p/pipeline.py": PIPELINE.replace('"letters"', f'"{long}"')})

    assert long in kfpkit(root, "p").stdout


def test_a_second_run_says_that_tasks_are_cached_unless_told_otherwise(project):
    root = project({"p/pipeline.py": PIPELINE})
    kfpkit(root, "p")
    assert "4 cached. See" in kfpkit(root, "p").stdout
    assert "4 succeeded. See" in kfpkit(root, "p", "--no-cache").stdout


def test_a_task_that_fails_in_the_middle_is_told_at_the_end(project):
    root = project({"p/pipeline.py": PIPELINE, "p/local.yaml": "parameters: {word: bad}\n"})
    done = kfpkit(root, "p", "--config", "local.yaml")
    assert done.returncode == 1
    assert "third-2 [plain]: not started" in done.stdout
    assert "third [plain]: succeeded" in done.stdout
    *traceback, task, last = done.stderr.splitlines()
    assert traceback[0] == "Traceback (most recent call last):"
    assert traceback[-1] == "ValueError: not this word"
    assert task.startswith("Task `second` (environment `plain`) failed: it exited with code 1.")
    log = root / task.rpartition(" ")[2]
    assert "ValueError: not this word" in log.read_text()
    assert last.startswith("words failed in ")
    assert "2 succeeded, 1 failed, 1 not started" in last


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["p", "--param", "wrod=x"], "`wrod` is not a parameter of the pipeline; did you mean `wo"),
        (
            ["p", "--config", "locl.yaml"],
            "locl.yaml does not exist. The pipeline has: `emulated",
        ),
        (
            ["p", "--config", "local.yaml"],
            "local.yaml:1: `emulator` is not a valid key; did you mean `",
        ),
        (["nothing"], "nothing"),
        (["p/local.yaml"], "p/local.yaml is not a compiled pipeline"),
        (["missing.yaml"], "missing.yaml is not a compiled pipeline: No such file or directory"),
        (["d.yaml"], "d.yaml/pipeline.py does not exist"),
        (["p", "--config", "emulated.yaml"], "`kfpkit env new emulators --from kfpkit:emulators`"),
    ],
)
def test_a_mistake_is_told_before_anything_starts(project, arguments, expected):
    root = project(
        {
            "p/pipeline.py": PIPELINE,
            "p/local.yaml": "emulator: [storage]\n",
            "p/emulated.yaml": "emulators: [storage]\n",
            "d.yaml/readme.txt": "",
        }
    )
    done = kfpkit(root, *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert not (root / ".kfpkit").exists()


def test_a_parameter_without_a_value_is_a_wrong_usage(project):
    done = kfpkit(project({"p/pipeline.py": PIPELINE}), "p", "--param", "word")
    assert done.returncode == 2
    assert "`word` must have the form NAME=VALUE." in done.stderr


def test_one_of_several_pipelines_is_named(project):
    other = "\n\n@dsl.pipeline(name='other')\ndef other():\n    first(word='fine')\n"
    root = project({"p/pipeline.py": PIPELINE + other})
    assert "Select one with `--pipeline NAME`." in kfpkit(root, "p").stderr
    assert "other succeeded" in kfpkit(root, "p", "--pipeline", "other").stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_leaves_nothing_running(project, tmp_path, number):
    root = project({"p/pipeline.py": SLEEPERS})
    ready = tmp_path / "child"
    process = subprocess.Popen(
        [sys.executable, "-m", "kfpkit", "run", "p", "--param", f"path={ready}"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: process.poll() is not None or (ready.exists() and ready.read_text()))
    process.send_signal(number)
    lines, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert "after [plain]: not started" in lines
    assert errors.splitlines()[-1].startswith("sleepers stopped in ")
    assert "Traceback" not in errors
    wait_for(lambda: not processes_below(root))
    assert not is_alive(int(ready.read_text()))
    summary = json.loads((root / ".kfpkit/runs/latest/run.json").read_text())
    assert summary["state"] == "stopped"
    assert {task["name"]: task["state"] for task in summary["tasks"]} == {
        "sleep": "stopped",
        "after": "not started",
    }


def wait_for(condition):
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # the latter if it ends while it is read
        return False


def processes_below(folder: Path) -> list[int]:
    """Return the processes whose working folder lies below a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                place = str((entry / "cwd").readlink())
            except OSError:
                continue
            if place.startswith(f"{folder}/"):
                found.append(int(entry.name))
    return found
