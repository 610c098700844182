"""`kfpkit submit` and `kfpkit target` with a Kubeflow server, in a process of their own."""

import json
import os
import subprocess
import sys

import pytest
from kubeflow_server import serve_kubeflow

SETTINGS = """
[tool.kfpkit]

[tool.kfpkit.targets.cluster]
kind = "kubeflow"
host = "{host}"
namespace = "team"
token-env = "KUBEFLOW_TOKEN"

[tool.kfpkit.targets.prod]
kind = "kubeflow"
host = "{host}"
token-env = "KUBEFLOW_TOKEN"
confirm = true
allow-dirty = true
"""
PIPELINE = """
from kfp import dsl

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show(rows: int):
    print(rows)

@dsl.pipeline(name="one")
def one(rows: int):
    show(rows=rows)
"""


@pytest.fixture
def server():
    with serve_kubeflow() as found:
        found.token = "secret"
        yield found


@pytest.fixture
def kfpkit(project, server):
    text = SETTINGS.format(host=server.address)
    root = project({"pyproject.toml": text, "pipelines/one/pipeline.py": PIPELINE})

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "kfpkit", *arguments],
            cwd=root,
            env={**os.environ, "KUBEFLOW_TOKEN": "secret", "CI": ""},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def submit(kfpkit):
    def run(*options, target="cluster", rows="3"):
        return kfpkit(
            "submit", "pipelines/one", "--target", target, "--param", f"rows={rows}", *options
        )

    return run


def test_a_run_is_created_and_linked(submit, server):
    code, output, errors = submit("--id", "nightly")
    [run] = server.runs.values()
    assert (code, errors) == (0, "")
    assert output.splitlines() == [
        "nightly: created",
        f"  {server.address}/#/runs/details/{run.run_id}",
    ]
    assert submit("--id", "nightly")[1].startswith("nightly: exists already, pending")


@pytest.mark.parametrize(
    ("state", "expected"), [("SUCCEEDED", 0), ("FAILED", 1), ("CANCELED", 3), ("PAUSED", 4)]
)
def test_the_exit_code_is_that_of_the_end(submit, server, state, expected):
    server.end = (state, [("show", "FAILED" if expected == 1 else "SUCCEEDED", {})], "no rows")
    code, output, errors = submit("--id", "nightly", "--wait")
    assert code == expected
    if state == "SUCCEEDED":
        assert "show: succeeded in 7 s" in output
        assert "nightly: succeeded in 7 s" in output
    if state == "FAILED":
        assert "nightly: no rows\nTask `show` failed: The target gives no reason." in errors


def test_the_time_has_a_limit(submit):
    code, _, errors = submit("--wait", "--timeout", "1s")
    assert code == 4
    assert "still pending; the time is over, and the run goes on" in errors


def test_programs_get_facts(submit, server):
    server.end = ("SUCCEEDED", [("show", "SUCCEEDED", {})])
    code, output, _ = submit("--id", "nightly", "--wait", "--json")
    [facts] = json.loads(output)
    [run] = server.runs
    assert (code, facts["id"], facts["name"], facts["state"]) == (0, "nightly", run, "succeeded")
    assert [task["name"] for task in facts["tasks"]] == ["show"]


def test_a_dry_run_prints_the_request(submit, server):
    code, output, _ = submit("--dry-run", "--id", "nightly")
    [request] = json.loads(output)
    assert (code, request["body"]["display_name"]) == (0, "nightly")
    assert request["body"]["runtime_config"] == {"parameters": {"rows": 3}}
    assert server.requests == []


def test_a_refusal_is_an_error_and_no_traceback(submit, server):
    server.token = "other"
    code, output, errors = submit()
    assert (code, output) == (2, "")
    assert errors.startswith("error: 127.0.0.1")
    assert "doesn't accept the login of the target `cluster`" in errors
    assert "secret" not in errors


def test_production_is_confirmed(submit, server):
    code, _, errors = submit(target="prod")
    assert code == 2
    assert f"The target `prod` (server {server.address}) asks for a confirmation" in errors
    assert submit("--yes", target="prod")[0] == 0


def test_a_target_is_checked(kfpkit, server):
    code, output, _ = kfpkit("target", "check", "cluster")
    assert code == 0
    assert "ok: runs: can be listed in `team`" in output
    server.token = "other"
    assert kfpkit("target", "check", "cluster")[0] == 1


def test_targets_are_listed(kfpkit, server):
    lines = kfpkit("target", "list")[1].splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["cluster", "kubeflow", server.address, "team"],
        ["prod", "kubeflow", server.address],
    ]


def test_hits_are_forecast(kfpkit, submit, server):
    server.end = ("SUCCEEDED", [("show", "SUCCEEDED", {})])
    assert submit("--id", "nightly", "--wait")[0] == 0
    options = ("forecast", "pipelines/one", "--target", "cluster", "--param")
    code, output, _ = kfpkit(*options, "rows=3")
    assert code == 0
    assert output.splitlines()[1].split() == ["show", "hit", "from", "nightly"]
    assert "Compared with 1 earlier success of 1 runs." in output
    assert "input changed: rows" in kfpkit(*options, "rows=4")[1]


def test_an_experiment_of_vertex_ai_is_refused(submit, server):
    code, _, errors = submit("--experiment", "churn")
    assert code == 2
    assert "It is for Vertex AI. Set `experiment` of the target." in errors
    assert not server.runs
