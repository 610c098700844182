"""`kfpkit forecast` prints what `kfpkit run` will do."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from kfpkit.cli import app
from kfpkit.cli.terminal import forecast as shown
from kfpkit.forecasts import Answer, Forecast, Reason, TaskForecast

PIPELINE = """\
from kfp import dsl


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def say(text: str) -> str:
    return text


@dsl.pipeline(name="saying")
def saying(word: str = "w"):
    say(text=say(text=word).output)
"""


@pytest.fixture
def forecast(project, monkeypatch):
    root = project({"pipeline.py": PIPELINE, "config.yaml": "caching: false\n"})
    monkeypatch.chdir(root)

    def call(*arguments):
        done = CliRunner().invoke(app, ["forecast", *arguments])
        assert done.exit_code == 0, f"{done.output}{done.exception!r}"
        return done.stdout

    return call


def test_each_task_has_a_row_and_the_whole_a_summary(forecast):
    *rows, summary = forecast("pipeline.py").splitlines()
    assert [row.strip().split(maxsplit=2) for row in rows] == [
        ["Task", "Forecast", "Why"],
        ["say", "miss", "no earlier success"],
        ["say-2", "open", "depends on what a task produces: say.Output"],
    ]
    assert summary == "saying on local: 1 miss, 1 open. Compared with 0 earlier successes."


def test_json_has_the_same(forecast):
    found = json.loads(forecast("pipeline.py", "--json", "--config", "config.yaml"))
    assert [task["reasons"] for task in found["tasks"]] == [[{"kind": "off", "name": None}]] * 2


@pytest.mark.usefixtures("forecast")
def test_a_wrong_parameter_is_refused():
    done = CliRunner().invoke(app, ["forecast", "pipeline.py", "--param", "wrod=x"])
    assert "wrod" in str(done.exception)


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (TaskForecast(name="a", answer=Answer.HIT, run="r", task="a"), "from r"),
        (TaskForecast(name="a", answer=Answer.HIT, task="b"), "from b of the same run"),
        (
            TaskForecast(
                name="a",
                answer=Answer.MISS,
                reasons=(
                    Reason(kind="code", name="x.py"),
                    Reason(kind="code", name="y.py"),
                    Reason(kind="input", name="rate"),
                ),
            ),
            "code changed: x.py, y.py; input changed: rate",
        ),
    ],
)
def test_reasons_are_in_words(task, words):
    assert shown.describe_reasons(task) == words


def test_numbers_agree_with_their_words():
    tasks = [TaskForecast(name=str(n), answer=Answer.HIT) for n in range(2)]
    tasks.append(TaskForecast(name="x", answer=Answer.NOT_PREDICTED))
    found = Forecast(pipeline="p", target="prod", tasks=tasks, successes=1, runs=3)
    assert shown.summarize(found) == (
        "p on prod: 2 hits, 1 not predicted. Compared with 1 earlier success of 3 runs."
    )
