"""Each task tells what the cache had to do with it, and why it ran."""

import json
import os
import subprocess
import sys

import pytest
from kfp import dsl
from lean_environments import environment
from local.edited import COMPONENT, FILES, SCRIPT, lock_with
from local.running import run_in
from local.steps import component, fill, query, read, say, write

from kfpkit.local.tasks.cache import TaskCache
from kfpkit.local.tasks.keys import KeyParts, digest
from kfpkit.runs.record import State, read_record

PARTS = KeyParts(
    function="f",
    image="registry/sklearn:1",
    environment="sklearn",
    built_from={"Python": "3.12", "lock": "l1", "pyproject.toml": "p1"},
    files={"a.py": "1", "b.py": "1"},
    command="c1",
    inputs={"x": "1", "y": "1"},
)


@dsl.pipeline(name="fill-and-query")
def fill_and_query(address: str, text: str = "old", note: str = "") -> str:
    say(text=note)
    filled = fill(address=address, text=text)
    return query(table=filled.outputs["table"]).output


@dsl.pipeline(name="import-and-query")
def import_and_query(address: str) -> str:
    imported = dsl.importer(artifact_uri=address, artifact_class=dsl.Artifact)
    return query(table=imported.output).output


@component
def look(table: dsl.Input[dsl.Artifact]) -> str:
    return table.uri


@dsl.pipeline(name="import-and-look")
def import_and_look(address: str) -> str:
    imported = dsl.importer(artifact_uri=address, artifact_class=dsl.Artifact)
    return look(table=imported.output).output


@dsl.pipeline(name="reimport-and-query")
def reimport_and_query(address: str) -> str:
    imported = dsl.importer(artifact_uri=address, artifact_class=dsl.Artifact, reimport=True)
    return query(table=imported.output).output


@dsl.pipeline(name="chain")
def chain(word: str = "w", other: str = "o"):
    made = write(text=word)
    read(data=made.outputs["out"])
    say(text=f"{other}!")


def uses(result):
    """Return for each task whether it was a hit, and why it was none."""
    tasks = read_record(result.folder.path).tasks
    return {task.name: (task.cache.hit, reasons(task.cache.miss)) for task in tasks}


def cached_tasks(result):
    tasks = read_record(result.folder.path).tasks
    return [task.name for task in tasks if task.state == State.CACHED]


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


@pytest.mark.parametrize("scheme", ["", "table://"])
def test_a_table_that_a_task_fills_anew_is_read_anew(project, tmp_path, scheme):
    run = run_in(project({}))
    address = f"{scheme}{tmp_path / 'table'}"
    assert run(fill_and_query, {"address": address}).outputs["Output"] == "old"

    changed = run(fill_and_query, {"address": address, "text": "new"})

    assert changed.outputs["Output"] == "new"
    assert uses(changed)["query"] == (False, [("upstream", "table")])


def test_a_table_that_no_task_fills_anew_is_not_read_again(project, tmp_path):
    run = run_in(project({}))
    address = f"table://{tmp_path / 'table'}"
    run(fill_and_query, {"address": address})

    again = run(fill_and_query, {"address": address, "note": "other"})

    assert cached_tasks(again) == ["fill", "query"]


def test_a_changed_file_that_is_imported_is_read_anew(project, tmp_path):
    run = run_in(project({}))
    file = tmp_path / "folder" / "table"
    file.parent.mkdir()
    file.write_text("old")
    address = {"address": str(file)}
    assert run(import_and_query, address).outputs["Output"] == "old"
    assert cached_tasks(run(import_and_query, address)) == ["query"]
    file.write_text("newer")

    assert run(import_and_query, address).outputs["Output"] == "newer"


@pytest.mark.parametrize("name", ["", "earlier"])
def test_a_folder_among_the_runs_can_be_imported(project, name):
    root = project({})
    folder = root / ".kfpkit" / "runs" / name
    folder.mkdir(parents=True)
    imported = run_in(root)(import_and_look, {"address": str(folder)})
    assert imported.outputs["Output"] == str(folder)


def test_only_a_reimported_artifact_is_read_again(project, tmp_path):
    run = run_in(project({}))
    (tmp_path / "table").write_text("old")
    address = {"address": f"table://{tmp_path / 'table'}"}
    run(import_and_query, address)
    run(reimport_and_query, address)
    (tmp_path / "table").write_text("new")

    assert run(import_and_query, address).outputs["Output"] == "old"
    assert run(reimport_and_query, address).outputs["Output"] == "new"


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
    root = project({**FILES, **lock_with("a"), "run.py": SCRIPT})

    def run():
        path = os.pathsep.join([str(root), *sys.path])
        variables = {**os.environ, "PYTHONPATH": path}
        subprocess.run([sys.executable, "run.py"], cwd=root, env=variables, check=True)
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


def test_a_lock_whose_hashes_changed_is_named(check, project):
    _, run = check
    run()
    project(lock_with("b"))
    assert run() == (False, [("lock", "all")])
    assert run() == (True, None)


def require_system_packages(root):
    """Let the environment's image have a package of Debian, which the lock doesn't know of."""
    description = root / "environments" / "all" / "pyproject.toml"
    text = '\n[tool.kfpkit.environment]\nsystem-packages = ["libgomp1"]\n'
    description.write_text(description.read_text() + text)


def read_image(root):
    (described,) = read_record(root / ".kfpkit/runs/latest").environments.values()
    return described.image


def test_an_image_that_is_made_otherwise_is_named(check):
    root, run = check
    run()
    require_system_packages(root)
    found = run()
    assert found == (False, [("image", read_image(root))])


def test_a_component_in_another_environment_has_another_image(check, project):
    root, run = check
    run()
    project(environment("more"))
    (root / "fraud" / "check.py").write_text(COMPONENT.replace('"all"', '"more"'))
    found = run()
    assert found == (False, [("image", read_image(root))])


@component
def greet() -> str:
    return "hello"


first_greet = greet


@component
def greet() -> str:
    return "bye"


def make_greeting(task):
    @dsl.pipeline(name="greeting")
    def greeting():
        task()

    return greeting


def test_a_changed_component_without_a_bundle_is_named(project):
    run = run_in(project({}))
    run(make_greeting(first_greet))
    assert uses(run(make_greeting(first_greet)))["greet"] == (True, None)
    assert uses(run(make_greeting(greet)))["greet"] == (False, [("code", "greet")])


def test_a_task_whose_cache_is_off_says_so(project):
    @dsl.pipeline(name="half")
    def half():
        say(text="a").set_caching_options(False)
        say(text="b")

    run = run_in(project({}))
    run(half)
    assert uses(run(half)) == {"say": (False, [("off", None)]), "say-2": (True, None)}


def built(lock, pyproject, python="3.12"):
    """Return the changes of an image that is built from other parts."""
    parts = {"Python": python, "lock": lock, "pyproject.toml": pyproject}
    return {"image": "registry/sklearn:2", "built_from": parts}


@pytest.mark.parametrize(
    ("changes", "made_here", "expected"),
    [
        ({}, [], []),
        ({"files": {"a.py": "2", "c.py": "1"}}, [], ["code a.py", "code b.py", "code c.py"]),
        ({"files": {}, "command": "c2"}, [], ["code f"]),
        (built("l2", "p1"), [], ["lock sklearn"]),
        (built("l2", "p2"), [], ["lock sklearn"]),
        (built("l1", "p2"), [], ["image registry/sklearn:2"]),
        (built("l2", "p2", "3.13"), [], ["lock sklearn", "image registry/sklearn:2"]),
        (built("l1", "p1"), [], ["image registry/sklearn:2"]),
        ({**built("l2", "p1"), "built_from": {}}, [], ["image registry/sklearn:2"]),
        ({**built("l2", "p1"), "environment": "xgb"}, [], ["image registry/sklearn:2"]),
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


def test_a_digest_is_that_of_the_value_whatever_its_order():
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    different = [1, 1.5, "1", [1], {"a": 1}, {"a": None}, None, True, "half \ud83d", "half \ud83e"]
    assert len({digest(value) for value in different}) == len(different)
