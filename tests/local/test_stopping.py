"""A signal at any moment of a run: what is due does not start, and the record says how it ended."""

# ruff: noqa: PLC0415 - a component imports in its body

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest
from kfp import dsl
from local.steps import component, fail, say
from local.this_python import ThisPython

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.local import Configuration, run_pipeline
from kfpkit.local.record.journal import State
from kfpkit.local.record.progress import Silence


class Signalling(Silence):
    """Sends a signal to the run itself, once, when a task comes to a state."""

    def __init__(self, number, tasks, state):
        self.number, self.tasks, self.state, self.sent = number, tasks, state, False

    def watch(self, journal):
        return journal.listening(self.look)

    def look(self, record):
        if record.name in self.tasks and record.state is self.state and not self.sent:
            self.sent = True
            os.kill(os.getpid(), self.number)


@component
def rest(path: str = ""):
    import time

    time.sleep(40)


@component
def touch(path: str):
    import pathlib

    pathlib.Path(path).touch()


@component
def fail_slowly():
    import time

    time.sleep(40)
    raise ValueError


@pytest.fixture
def signalled(project):
    """Return a function that runs a pipeline which gets a signal, and gives result and record."""

    def run(pipeline, tasks, state, number=signal.SIGTERM, parameters=None, **settings):
        root = project({})
        compiled = compile_pipeline(pipeline, root / "pipeline.yaml")
        result = run_pipeline(
            compiled,
            configuration=Configuration(**settings),
            parameters=parameters,
            launcher=ThisPython(),
            progress=Signalling(number, tasks.split(), state),
        )
        return result, json.loads(result.folder.summary.read_text())

    return run


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_after_the_last_task_stops_the_run_and_is_recorded(signalled, states, number):
    @dsl.pipeline(name="ending")
    def ending() -> str:
        return say(text="x").output

    result, record = signalled(ending, "say", State.SUCCEEDED, number)
    assert (result.signal, result.state, result.outputs) == (number, "stopped", {})
    assert states(result) == {"say": "succeeded"}
    assert (record["state"], record["outputs"]) == ("stopped", {})
    assert [task["state"] for task in record["tasks"]] == ["succeeded"]


SCRIPT = """
import os, signal, sys
from pathlib import Path
from kfp import dsl
from local.steps import say
from local.this_python import ThisPython
from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.local import run_pipeline
from kfpkit.local.record import Ending

@dsl.pipeline(name="ending")
def ending() -> str:
    return say(text="x").output

def signalled(*arguments):
    os.kill(os.getpid(), signal.{name})
    return write(*arguments)

write, Ending.record = Ending.record, signalled
result = run_pipeline(compile_pipeline(ending, Path("pipeline.yaml")), launcher=ThisPython())
sys.exit(result.state)
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_while_the_record_is_written_does_not_lose_it(project, name):
    root = project({"run.py": textwrap.dedent(SCRIPT).format(name=name)})
    path = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "run.py"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.splitlines()[-1] == "succeeded", done.stderr
    record = json.loads((root / ".kfpkit/runs/latest/run.json").read_text())
    assert (record["state"], record["outputs"]) == ("succeeded", {"Output": {"value": "x"}})


def test_an_exit_task_that_is_due_after_a_stop_does_not_start(signalled, states, tmp_path):
    @dsl.pipeline(name="exits")
    def exits(path: str):
        with dsl.ExitHandler(touch(path=path)):
            rest()

    path = tmp_path / "touched"
    result, record = signalled(exits, "rest", State.RUNNING, parameters={"path": str(path)})
    assert states(result) == {"rest": "stopped", "touch": "not started"}
    assert not path.exists()
    assert record["state"] == "stopped"
    touched = next(task for task in record["tasks"] if task["name"] == "touch")
    assert (touched["state"], touched["times"], "seconds" in touched) == ("not started", {}, False)


def test_what_would_run_after_a_failure_is_not_started_after_a_stop(signalled, states, tmp_path):
    @dsl.pipeline(name="ignoring")
    def ignoring(path: str):
        first = rest()
        touch(path=path).after(first).ignore_upstream_failure()
        imported = dsl.importer(artifact_uri=path, artifact_class=dsl.Dataset)
        imported.after(first).ignore_upstream_failure()

    path = tmp_path / "touched"
    result, _ = signalled(ignoring, "rest", State.RUNNING, parameters={"path": str(path)})
    assert states(result) == {"rest": "stopped", "touch": "not started", "importer": "not started"}
    assert not path.exists()


def test_a_task_that_waits_for_a_free_slot_does_not_start_after_a_stop(signalled, states):
    @dsl.pipeline(name="crowded")
    def crowded():
        rest(path="one")
        rest(path="two")

    result, _ = signalled(crowded, "rest rest-2", State.RUNNING, max_parallel=1)
    assert set(states(result).values()) <= {"stopped", "not started"}
    assert sum(task.started is not None for task in result.tasks) == 1


def test_a_stopped_task_is_not_tried_again(signalled, states):
    @dsl.pipeline(name="retries")
    def retries():
        fail_slowly().set_retry(3, backoff_duration="0s")

    result, _ = signalled(retries, "fail-slowly", State.RUNNING)
    assert states(result) == {"fail-slowly": "stopped"}
    assert "attempt" not in result.tasks[0].log.read_text()


def test_a_stop_ends_the_pause_before_another_attempt(signalled, states, tmp_path):
    @dsl.pipeline(name="pausing")
    def pausing():
        fail().set_retry(3, backoff_duration="600s")

    def stop():
        log = tmp_path / "project/.kfpkit/runs/latest/tasks/fail/log.txt"
        while not log.exists() or "broken on purpose" not in log.read_text():
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=stop, daemon=True).start()
    result, _ = signalled(pausing, "", State.RUNNING)
    assert states(result) == {"fail": "stopped"}
    assert result.seconds < 60
