"""A task that takes longer than it may is ended, and the message says so."""

# ruff: noqa: PLC0415 - a component imports in its body

import time

import pytest
import yaml
from kfp import dsl
from local.steps import component, say
from local.this_python import ThisPython
from typer.testing import CliRunner

from kfpkit.cli import app
from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.local import Configuration, run_pipeline


@component
def rest(ignores: bool = False):  # noqa: FBT001, FBT002 - a pipeline names it
    import signal
    import time

    if ignores:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)


@dsl.pipeline(name="resting")
def resting():
    rest()
    say(text="x")


@pytest.fixture
def with_own_limit(project):
    """Compile a pipeline whose task has the limit of `kubernetes.set_timeout`; gives its file."""
    compiled = compile_pipeline(resting, project({}) / "resting.yaml")
    limit = {"deploymentSpec": {"executors": {"exec-rest": {"activeDeadlineSeconds": "1"}}}}
    platforms = {"platforms": {"kubernetes": limit}}
    compiled.write_text(f"{compiled.read_text()}---\n{yaml.safe_dump(platforms)}")
    return compiled


def test_a_task_that_takes_too_long_fails_alone(run, states):
    started = time.monotonic()
    result = run(resting, task_timeout=3)
    assert time.monotonic() - started < 30
    assert states(result) == {"rest": "failed", "say": "succeeded"}
    assert result.failures[0].failure == "it was stopped because it ran longer than 3 s"


def test_a_task_that_does_not_listen_is_killed(run, monkeypatch):
    @dsl.pipeline(name="deaf")
    def deaf():
        rest(ignores=True)

    monkeypatch.setattr("kfpkit.processes.processes.GRACE", 0.5)
    started = time.monotonic()
    assert "longer than 2 s" in run(deaf, task_timeout=2).failures[0].failure
    assert time.monotonic() - started < 30


def test_each_attempt_has_the_time(run):
    @dsl.pipeline(name="again")
    def again():
        rest().set_retry(1, backoff_duration="0s")

    result = run(again, task_timeout=1)
    assert "longer than 1 s" in result.failures[0].failure
    assert "--- attempt 2 ---" in result.tasks[0].log.read_text()


def test_a_limit_of_the_task_itself_wins_and_is_not_called_ignored(with_own_limit, capsys):
    class Loud:
        is_read = True

        def begin(self, folder):
            assert folder.summary.is_file()

        def say(self, line):
            assert "ignores" not in line

        def watch(self, journal):
            return journal.listening(lambda _: None)

    result = run_pipeline(
        with_own_limit,
        configuration=Configuration(task_timeout=50),
        launcher=ThisPython(),
        progress=Loud(),
    )
    assert [task.failure for task in result.failures] == [
        "it was stopped because it ran longer than 1 s"
    ]


def test_the_command_line_refuses_what_is_no_time(project):
    done = CliRunner().invoke(app, ["run", "pipelines/p", "--task-timeout", "soon"])
    assert done.exit_code == 2
    assert "`soon` is not a positive duration" in done.output
