"""A forecast names what was edited since the last run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from lean_environments import environment
from local.edited import COMPONENT, FILES, SCRIPT, lock_with

from kfpkit.runs.record import read_record

PIPELINE = """\
from kfp import dsl
from fraud.check import check
from fraud.sum_up import sum_up

@dsl.pipeline(name="checking")
def checking(a: int = 1):
    sum_up(rate=check(a=a).output)
"""
SUM_UP = """\
import kfpkit

@kfpkit.component(environment="all")
def sum_up(rate: float) -> float:
    return rate + 1
"""
RATES = "def rate(a):\n    return a / 4\n"


class Edited:
    """A project whose files are edited between a run and the next forecast."""

    def __init__(self, project: Any) -> None:
        self.write = project
        files = {"fraud/sum_up.py": SUM_UP, "pipeline.py": PIPELINE, "run.py": SCRIPT}
        self.root = project({**FILES, **lock_with("a"), **files})

    def call(self, *arguments: str) -> str:
        """Forecast or run it in a process of its own, as users do."""
        path = os.pathsep.join([str(self.root), *sys.path])
        done = subprocess.run(
            [sys.executable, "run.py", *arguments],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": path},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def confirm(self) -> dict[str, list[str]]:
        """Forecast and run it; both agree. Returns the answer and the reasons by task."""
        forecast = json.loads(self.call("forecast"))
        self.call()
        ran = {
            task.name: task.cache for task in read_record(self.root / ".kfpkit/runs/latest").tasks
        }
        for task in forecast["tasks"]:
            if task["answer"] != "open":
                assert ran[task["name"]].hit == (task["answer"] == "hit")
                told = [(miss.kind, miss.name) for miss in ran[task["name"]].miss or ()]
                assert [(each["kind"], each["name"]) for each in task["reasons"]] == told
        return {
            task["name"]: [
                task["answer"],
                *(f"{each['kind']} {each['name']}" for each in task["reasons"]),
            ]
            for task in forecast["tasks"]
        }


@pytest.fixture
def edited(project):
    return Edited(project)


def test_edits_of_code_are_named(edited):
    assert edited.confirm() == {"check": ["miss", "never None"], "sum-up": ["miss", "never None"]}
    assert edited.confirm() == {"check": ["hit"], "sum-up": ["hit"]}
    edited.write({"fraud/rates.py": RATES})
    assert edited.confirm() == {
        "check": ["miss", "code fraud/rates.py"],
        "sum-up": ["open", "value check.Output"],
    }
    edited.write({"fraud/sum_up.py": SUM_UP.replace("+ 1", "+ 2")})
    assert edited.confirm() == {"check": ["hit"], "sum-up": ["miss", "code fraud/sum_up.py"]}
    edited.write({"fraud/rates.py": FILES["fraud/rates.py"], "fraud/sum_up.py": SUM_UP})
    assert edited.confirm() == {"check": ["hit"], "sum-up": ["hit"]}


def test_edits_of_environments_are_named(edited):
    edited.call()
    edited.write(lock_with("b"))
    assert edited.confirm() == {"check": ["miss", "lock all"], "sum-up": ["miss", "lock all"]}
    edited.write(environment("more"))
    edited.write({"fraud/check.py": COMPONENT.replace('"all"', '"more"')})
    (answer, reason) = edited.confirm()["check"]
    assert (answer, reason[:6]) == ("miss", "image ")
