"""`kfpkit runs` and `kfpkit upload` with a Kubeflow server, in a process of their own."""

import json
import os
import subprocess
import sys

import kfp_server_api as api
import pytest
from kubeflow_server import serve_kubeflow

SETTINGS = """
[tool.kfpkit]

[tool.kfpkit.targets.cluster]
kind = "kubeflow"
host = "{host}"
namespace = "team"
"""
PIPELINE = """
from kfp import dsl

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show(rows: int):
    print(rows)

@dsl.pipeline(name="one")
def one(rows: int = 3):
    show(rows=rows)
"""
CHILD = api.PipelineTaskDetailChildTask(pod_name="one-x7k2p-3811922045")
POD = "one-x7k2p-system-container-impl-3811922045"


@pytest.fixture
def server():
    with serve_kubeflow() as found:
        yield found


@pytest.fixture
def root(project, server):
    text = SETTINGS.format(host=server.address)
    return project({"pyproject.toml": text, "one.py": PIPELINE})


@pytest.fixture
def kfpkit(root):
    def run(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "kfpkit", *arguments],
            cwd=root,
            env={**os.environ, "CI": "", "COLUMNS": "120"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def submitted(kfpkit, server):
    """Submit two runs, one of which fails."""
    for run, rows, state in (("good", 3, "SUCCEEDED"), ("bad", 11, "FAILED")):
        options = ("--id", run, "--param", f"rows={rows}")
        assert kfpkit("submit", "one.py", "--target", "cluster", *options)[0] == 0
        [name] = [each.run_id for each in server.runs.values() if each.display_name == run]
        server.end_run(name, state, [("show", state, {"child_tasks": [CHILD]})])
    server.logs[POD] = "too many rows\n"
    return kfpkit


def test_runs_are_listed_by_the_names_that_other_verbs_take(submitted):
    code, output, _ = submitted("runs", "list", "--target", "cluster", "--state", "failed")
    assert code == 0
    heading, row = output.splitlines()
    assert heading.split() == ["Run", "State", "Pipeline", "Duration"]
    assert row.split()[:3] == ["cluster:bad", "failed", "one"]

    code, _, errors = submitted("runs", "list", "--target", "cluster", "--label", "team=churn")
    assert code == 1
    assert "runs on a Kubeflow server have no labels" in errors


def test_a_run_is_shown_and_kept_with_the_log_of_what_failed(submitted, root):
    code, output, _ = submitted("runs", "show", "cluster:bad")
    assert code == 0
    facts = [line.split(maxsplit=1) for line in output.splitlines()]
    assert ["State", "failed"] in facts
    folder = root / ".kfpkit/targets/cluster/runs/bad"
    assert (folder / "tasks/show/log.txt").read_text() == "too many rows\n"
    assert "too many rows" in (folder / "page.html").read_text()
    assert submitted("runs", "logs", "cluster:bad", "show")[1] == "too many rows\n"


def test_runs_are_compared(submitted):
    code, output, _ = submitted("runs", "compare", "cluster:good", "cluster:bad", "--json")
    [changed] = json.loads(output)["parameters"]
    assert (code, changed["name"], changed["values"]) == (0, "rows", [3, 11])


def test_a_run_is_retried_and_cancelled(submitted):
    assert submitted("runs", "retry", "cluster:bad")[:2] == (0, "cluster:bad: running\n")
    code, _, errors = submitted("runs", "retry", "cluster:bad")
    assert code == 1
    assert "and it is running" in errors
    assert submitted("runs", "retry", "cluster:good", "show")[0] == 2

    code, output, _ = submitted("runs", "cancel", "cluster:bad", "--json")
    [facts] = json.loads(output)
    assert (code, facts["run"]) == (0, "cluster:bad")
    assert facts["state"].startswith("cancel")


def test_a_pipeline_is_uploaded_once(kfpkit, server):
    first = kfpkit("upload", "one.py", "--target", "cluster", "--json")
    again = kfpkit("upload", "one.py", "--target", "cluster", "--json")
    assert (first[0], first[1]) == (0, again[1])
    [facts] = json.loads(first[1])
    [version] = server.versions.values()
    assert facts["tags"] == [version.display_name]
    assert facts["template"].endswith(version.pipeline_version_id)
