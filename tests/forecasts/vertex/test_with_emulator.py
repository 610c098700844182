"""What is forecast for the emulator of Vertex AI is what it then does, by a key of its own."""

import json
import os
import subprocess
import sys

import pytest
from emulators.vertex.conftest import make_project

from kfpkit.emulators import stop_emulator

pytestmark = pytest.mark.slow

TARGET = """
[tool.kfpkit.targets.here]
kind = "emulator"
"""


@pytest.fixture
def call(tmp_path):
    project = make_project(tmp_path / "project")
    with (project.root / "pyproject.toml").open("a") as file:
        file.write(TARGET)

    def run(verb, *arguments):
        done = subprocess.run(
            [sys.executable, "-m", "kfpkit", verb, "letters.py", "--target", "here", *arguments],
            cwd=project.root,
            env=dict(os.environ),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    yield run
    stop_emulator("vertex", project=project)


def test_the_emulator_does_what_was_forecast(call):
    answers = []
    for word in ("a", "a", "b", "a"):
        forecast = call("forecast", "--param", f"word={word}", "--json")
        (run,) = call("submit", "--param", f"word={word}", "--wait", "--json")
        states = {task["name"]: task["state"] for task in run["tasks"]}
        for task in forecast["tasks"]:
            assert (states[task["name"]] == "cached") == (task["answer"] == "hit")
        answers.append({task["name"]: task["answer"] for task in forecast["tasks"]})
    miss, hit = {"count": "miss", "check": "miss"}, {"count": "hit", "check": "hit"}
    assert answers == [miss, hit, miss, hit]
