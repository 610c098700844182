"""Each task tells what the cache had to do with it, and why it ran."""

import json
import os
import subprocess
import sys

import pytest
from kfp import dsl
from local.running import run_in
from local.steps import read, say, write

from kfpkit.local.tasks.cache import TaskCache
from kfpkit.local.tasks.key_parts import KeyParts
from kfpkit.runs.record import State, read_record

COMPONENT = """\
import kfpkit
from fraud.rates import rate

@kfpkit.component(base_image="python:3.11")
def check(a: int) -> float:
    return rate(a)
"""
PIPELINE = """\
from kfp import dsl
from fraud.check import check

@dsl.pipeline(name="checking")
def checking(a: int = 1):
    check(a=a)
"""
FILES = {
    "fraud/__init__.py": "",
    "fraud/rates.py": "def rate(a):\n    return a / 2\n",
    "fraud/check.py": COMPONENT,
    "pipeline.py": PIPELINE,
}
SCRIPT = """\
import sys
from pathlib import Path
from local.this_python import ThisPython
from kfpkit.local import run_pipeline
from kfpkit.runs.record import Environment

class Locked(ThisPython):
    def describe(self):
        return {"here": Environment(packages={"six": sys.argv[1]})}

run_pipeline(Path("pipeline.py"), launcher=Locked())
"""
PARTS = KeyParts(
    function="f",
    image="registry/sklearn:1",
    environment="sklearn",
    lock="l1",
    files={"a.py": "1", "b.py": "1"},
    command="c1",
    inputs={"x": "1", "y": "1"},
)


@dsl.pipeline(name="chain")
def chain(word: str = "w", other: str = "o"):
    made = write(text=word)
    read(data=made.outputs["out"])
    say(text=f"{other}!")


def uses(result):
    """Return for each task whether it was a hit, and why it was none."""
    tasks = read_record(result.folder.path).tasks
    return {task.name: (task.cache.hit, reasons(task.cache.miss)) for task in tasks}


def reasons(misses):
    return misses and [(miss.kind, miss.name) for miss in misses]


def test_a_first_run_has_no_earlier_one(project):
    found = uses(run_in(project({}))(chain))
    assert list(found.values()) == [(False, [("never", None)])] * 3


def test_a_hit_names_the_task_that_made_it(project):
    run = run_in(project({}))
    first = run(chain)
    run(chain)
    third = read_record(run(chain).folder.path)
    assert {task.state for task in third.tasks} == {State.CACHED}
    assert {task.cache.run for task in third.tasks} == {first.folder.path.name}
    assert all(task.cache.task == task.name for task in third.tasks)
    assert all(task.cache.hit and task.cache.miss is None for task in third.tasks)
    assert len({task.cache.key for task in third.tasks}) == 3


def test_a_changed_input_and_what_follows_from_it_are_told_apart(project):
    run = run_in(project({}))
    run(chain)
    assert uses(run(chain, {"word": "changed"})) == {
        "write": (False, [("input", "text")]),
        "read": (False, [("upstream", "data")]),
        "say": (True, None),
    }
    assert uses(run(chain, {"other": "changed"}))["say"] == (False, [("input", "text")])


def test_a_run_without_the_cache_says_so(project):
    run = run_in(project({}))
    run(chain)
    off = uses(run(chain, caching=False))
    assert set(map(str, off.values())) == {str((False, [("off", None)]))}


def test_an_entry_that_is_gone_is_no_reason_that_is_known(project):
    root = project({})
    run = run_in(root)
    run(chain)
    for entry in (root / ".kfpkit" / "cache").glob("*.json"):
        entry.unlink()
    assert uses(run(chain))["write"] == (False, None)


@pytest.fixture
def check(project):
    """Return the project, and a function that runs it in a process of its own, as users do."""
    root = project({**FILES, "run.py": SCRIPT})

    def run(version="1.16"):
        path = os.pathsep.join([str(root), *sys.path])
        variables = {**os.environ, "PYTHONPATH": path}
        subprocess.run([sys.executable, "run.py", version], cwd=root, env=variables, check=True)
        (task,) = read_record(root / ".kfpkit/runs/latest").tasks
        return task.cache.hit, reasons(task.cache.miss)

    return root, run


def test_a_changed_helper_is_named(check):
    root, run = check
    assert run() == (False, [("never", None)])
    (root / "fraud" / "rates.py").write_text("def rate(a):\n    return a / 4\n")
    assert run() == (False, [("code", "fraud/rates.py")])
    assert run() == (True, None)
    (root / "fraud" / "rates.py").write_text(
        "from fraud.more import half\n\n\ndef rate(a):\n    return half(a)\n"
    )
    (root / "fraud" / "more.py").write_text("def half(a):\n    return a / 2\n")
    assert run() == (False, [("code", "fraud/more.py"), ("code", "fraud/rates.py")])


def test_a_changed_lock_is_named(check):
    root, run = check
    run()
    (root / "fraud" / "check.py").write_text(COMPONENT.replace("3.11", "3.12"))
    hit, found = run("1.17")
    assert not hit
    assert found == [("lock", "here")]


@pytest.mark.parametrize(
    ("changes", "made_here", "expected"),
    [
        ({}, [], []),
        ({"files": {"a.py": "2", "c.py": "1"}}, [], ["code a.py", "code b.py", "code c.py"]),
        ({"files": {}, "command": "c2"}, [], ["code f"]),
        ({"image": "registry/sklearn:2", "lock": "l2"}, [], ["lock sklearn"]),
        ({"image": "registry/sklearn:2"}, [], ["image registry/sklearn:2"]),
        ({"image": "registry/sklearn:2", "lock": ""}, [], ["image registry/sklearn:2"]),
        (
            {"image": "registry/xgb:2", "environment": "xgb", "lock": "l2"},
            [],
            ["image registry/xgb:2"],
        ),
        ({"inputs": {"x": "2", "y": "2"}}, ["y"], ["input x", "upstream y"]),
        ({"inputs": {"x": "1", "z": "1"}}, ["x"], ["input y", "input z"]),
        ({"command": "c2"}, [], []),
        ({"inputs": {"x": "2"}, "custom": "mine"}, [], []),
    ],
)
def test_reasons_are_what_differs(changes, made_here, expected):
    now = KeyParts.restore(json.dumps(json.loads(PARTS.serialize()) | changes))
    found = now.describe_changes(PARTS, made_here)
    assert [f"{miss.kind} {miss.name}" for miss in found] == expected


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"odd": 1}'])
def test_damaged_parts_are_as_if_there_were_none(tmp_path, text):
    cache = TaskCache(folder=tmp_path)
    cache.keep_parts("p", "t", PARTS)
    assert cache.read_parts("p", "t") == PARTS
    next(tmp_path.glob("parts/*.json")).write_text(text)
    assert cache.read_parts("p", "t") is None
