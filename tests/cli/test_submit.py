"""`kfpkit submit`, in a process of its own that reaches a server as Google's hosts."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from google_certificate import write_certificate
from target_tables import TARGETS
from terminals import Terminal
from vertex_server import make_error, serve_vertex

SETTINGS = f"{TARGETS}allow-dirty = true\n"
PIPELINE = """
from kfp import dsl

print("imported")

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show(rows: int):
    print(rows)

@dsl.pipeline(name="one")
def one(rows: int):
    show(rows=rows)
"""
CONSOLE = "https://console.cloud.google.com/vertex-ai/locations/europe-west4/pipelines/runs"
PROJECT = "project=my-project"
CREDENTIALS = {
    "type": "authorized_user",
    "client_id": "c",
    "client_secret": "s",
    "refresh_token": "r",
}
TASKS = [
    {"taskId": "1", "taskName": "one", "state": "FAILED"},
    {
        "taskId": "2",
        "parentTaskId": "1",
        "taskName": "show",
        "state": "FAILED",
        "startTime": "2026-03-01T12:00:00Z",
        "endTime": "2026-03-01T12:00:07Z",
        "error": {"code": 9, "message": "The replica exited with 1."},
        "executorDetail": {"containerDetail": {"mainJob": "projects/1/locations/l/customJobs/47"}},
    },
]


@pytest.fixture
def google(tmp_path):
    """Serve as Google's hosts, and return the server."""
    with serve_vertex(write_certificate(tmp_path / "google.pem")) as server:
        server.answers["POST", "/token"] = (200, {"access_token": "new", "expires_in": 3600})
        server.answers["POST", "/upload/"] = (200, {"name": "x"})
        server.answers["POST", "/v2/entries:list"] = (
            200,
            {"entries": [{"textPayload": "ValueError: no rows"}]},
        )
        yield server


@pytest.fixture
def start(project, google, tmp_path):
    """Start the command in a project, with credentials, behind the server as its proxy."""
    root = project({"pyproject.toml": SETTINGS, "pipelines/one/pipeline.py": PIPELINE})
    credentials = tmp_path / "credentials.json"
    credentials.write_text(json.dumps(CREDENTIALS))
    variables = {
        "https_proxy": google.address,
        "HTTPS_PROXY": google.address,
        "REQUESTS_CA_BUNDLE": str(tmp_path / "google.pem"),
        "GOOGLE_APPLICATION_CREDENTIALS": str(credentials),
        "CI": "",
    }

    def run(*options, target="dev", rows="3", verb=None, terminal=None):
        submit = ("submit", "pipelines/one", "--target", target, "--param", f"rows={rows}")
        command = (sys.executable, "-m", "kfpkit", *(verb or submit))
        return subprocess.Popen(
            [*(("setsid", "--ctty") if terminal else ()), *command, *options],
            cwd=root,
            env={**os.environ, **variables},
            stdin=terminal,
            stdout=terminal or subprocess.PIPE,
            stderr=terminal or subprocess.PIPE,
            text=True,
        )

    return run


@pytest.fixture
def submit(start):
    def run(*options, **arguments):
        process = start(*options, **arguments)
        output, errors = process.communicate(timeout=60)
        return process.returncode, output, errors

    return run


def end_as(google, state, tasks=()):
    """Let every run end at once."""
    create = google.create

    def created(parent, query, body):
        code, job = create(parent, query, body)
        if code == 200:
            times = {"startTime": "2026-03-01T12:00:00Z", "endTime": "2026-03-01T12:00:09Z"}
            job.update({"state": state, "jobDetail": {"taskDetails": list(tasks)}, **times})
        return code, job

    google.create = created


def test_a_run_is_created_at_the_services_of_the_region(submit, google):
    code, output, errors = submit()

    assert (code, errors) == (0, "")
    [name] = google.jobs
    run = name.rpartition("/")[2]
    assert output.splitlines() == ["imported", f"{run}: created", f"  {CONSOLE}/{run}?{PROJECT}"]
    assert set(google.hosts) == {
        "oauth2.googleapis.com:443",
        "storage.googleapis.com:443",
        "europe-west4-aiplatform.googleapis.com:443",
    }
    assert google.requests[-1][2]["authorization"] == "Bearer new"


def test_the_requests_of_a_dry_run_are_what_would_be_sent(submit, google):
    code, output, _ = submit("--dry-run", "--id", "mine")
    assert code == 0
    assert google.requests == []

    [request] = json.loads(output)
    submit("--id", "mine")
    _, path, _, body = google.requests[-1]
    assert request["method"] == "POST"
    assert request["url"] == f"https://europe-west4-aiplatform.googleapis.com{path}"
    assert request["body"] == body


def test_a_forecast_compares_with_earlier_runs_and_creates_none(submit, google):
    submit("--id", "mine")
    [(name, job)] = google.jobs.items()
    place = f"/v1/{name.rpartition('/')[0]}"
    execution = {"state": "COMPLETE", "metadata": {"input:rows": 3}}
    detail = {"taskId": "2", "taskName": "show", "state": "SUCCEEDED", "execution": execution}
    done = {**job, "state": "PIPELINE_STATE_SUCCEEDED", "jobDetail": {"taskDetails": [detail]}}
    done.pop("later")
    google.answers["GET", place] = (200, {"pipelineJobs": [done]})

    code, output, errors = submit("--forecast")
    assert (code, errors) == (0, "")
    assert "one on dev: 1 hit. Compared with 1 earlier success of 1 runs." in output
    code, output, _ = submit("--forecast", "--json", rows="4")
    [forecast] = json.loads(output)
    assert [(task["name"], task["answer"]) for task in forecast["tasks"]] == [("show", "miss")]
    assert len(google.jobs) == 1
    assert sum(verb == "POST" and path.startswith(place) for verb, path, *_ in google.requests) == 1


def test_the_same_command_finds_its_run(submit, google):
    assert "mine: created" in submit("--id", "mine")[1]
    code, output, _ = submit("--id", "mine")
    assert (code, len(google.jobs)) == (0, 1)
    assert "mine: exists already, pending" in output
    code, _, errors = submit("--id", "mine", rows="4")
    assert code == 2
    assert "error: Another request has created the run `mine`" in errors


@pytest.mark.parametrize(
    ("state", "code", "word"),
    [
        ("PIPELINE_STATE_SUCCEEDED", 0, "succeeded"),
        ("PIPELINE_STATE_CANCELLED", 3, "cancelled"),
        ("PIPELINE_STATE_PAUSED", 4, "paused"),
    ],
)
def test_the_exit_code_is_the_end_of_the_run(submit, google, state, code, word):
    end_as(google, state)
    found, output, errors = submit("--wait", "--id", "mine")
    assert found == code
    assert f"mine: {word} in 9 s" in (output if code == 0 else errors)


def test_a_failed_task_shows_its_error_and_its_last_lines(submit, google):
    end_as(google, "PIPELINE_STATE_FAILED", TASKS)
    code, output, errors = submit("--wait", "--id", "mine")

    assert code == 1
    assert "show: failed in 7 s" in output
    assert errors.splitlines() == [
        "Task `show` failed: The replica exited with 1.",
        "  ValueError: no rows",
        "mine: failed in 9 s",
    ]


def test_a_log_that_must_not_be_read_does_not_hide_the_failure(submit, google):
    end_as(google, "PIPELINE_STATE_FAILED", TASKS)
    google.answers["POST", "/v2/entries:list"] = make_error(403, "No.")
    code, _, errors = submit("--wait")
    assert code == 1
    assert "The replica exited with 1.\n  Its log can't be read. Your account lacks" in errors


def test_json_has_runs_and_tasks_and_nothing_else_on_standard_output(submit, google):
    end_as(google, "PIPELINE_STATE_FAILED", TASKS)
    code, output, errors = submit("--wait", "--id", "mine", "--json")

    assert code == 1
    [facts] = json.loads(output)
    assert (facts["id"], facts["pipeline"], facts["state"]) == ("mine", "one", "failed")
    assert facts["new"] is True
    assert facts["tasks"][0]["error"] == "The replica exited with 1."
    assert "imported" in errors


def test_the_time_may_be_over_before_the_run_ends(submit):
    code, _, errors = submit("--wait", "--timeout", "1s", "--id", "mine")
    assert code == 4
    assert "mine: still pending; the time is over, and the run goes on" in errors


def test_an_interruption_ends_the_command_and_not_the_run(start, google):
    process = start("--wait", "--id", "mine")
    while not any(verb == "GET" for verb, *_ in google.requests):
        time.sleep(0.05)
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "Interrupted.\nWhat was submitted goes on: mine." in errors
    assert "Traceback" not in errors
    assert [job["state"] for job in google.jobs.values()] == ["PIPELINE_STATE_PENDING"]


@pytest.mark.parametrize(
    ("answer", "cancels", "said"),
    [
        ("y\n", True, "mine: cancelling"),
        ("\n", False, "What was submitted goes on: mine."),
        ("\x03", False, "What was submitted goes on: mine."),
    ],
)
def test_a_terminal_asks_whether_to_cancel_the_run_too(start, google, answer, cancels, said):
    def cancel(path, query, body):
        job = google.jobs[path.removeprefix("/v1/").removesuffix(":cancel")]
        job["state"] = "PIPELINE_STATE_CANCELLING"
        return 200, {}

    google.answers["POST", "/v1/projects/my-project/locations/europe-west4/pipelineJobs/"] = cancel
    with Terminal() as terminal:
        process = start("--wait", "--id", "mine", terminal=terminal.end)
        terminal.await_text("mine pending, 0 tasks")
        terminal.write("\x03")
        terminal.await_text("Cancel mine, too? [y/N]")
        terminal.write(answer)
        terminal.await_text(said)
        assert process.wait(60) == 130
    [job] = google.jobs.values()
    assert (job["state"] == "PIPELINE_STATE_CANCELLING") is cancels


def test_a_terminal_that_is_closed_ends_the_command_and_not_the_run(start, google):
    with Terminal() as terminal:
        process = start("--wait", "--id", "mine", terminal=terminal.end)
        terminal.await_text("mine pending, 0 tasks")
        terminal.hang_up()
        assert process.wait(60) in (-signal.SIGHUP, 130)
    assert [job["state"] for job in google.jobs.values()] == ["PIPELINE_STATE_PENDING"]
    assert not [path for _, path, *_ in google.requests if path.endswith(":cancel")]


def test_a_terminal_shows_a_live_table(start, google):
    end_as(google, "PIPELINE_STATE_FAILED", TASKS)
    with Terminal() as terminal:
        process = start("--wait", "--id", "mine", terminal=terminal.end)
        terminal.await_text("mine: failed in 9 s")
        assert process.wait(60) == 1
        lines = [line.split() for line in terminal.text.splitlines()]
    assert ["task", "environment", "state", "time"] in lines
    assert ["show", "failed", "7.0", "s"] in lines
    assert "Task `show` failed: The replica exited with 1." in terminal.text


def test_a_run_that_cannot_join_its_experiment_is_created_all_the_same(submit, google):
    google.answers["GET", "/v1/projects/my-project/locations/europe-west4/pipelineJobs/"] = (
        make_error(403, "denied")
    )
    code, output, errors = submit("--id", "mine", "--experiment", "churn")
    assert code == 0
    assert output.splitlines()[1] == "mine: created"
    assert "warning: The run `mine` exists, but is not in the experiment `churn`:" in errors
    assert "Try again with `kfpkit runs associate dev:mine churn`." in errors


def test_progress_is_shown_while_the_run_goes_on(start, google):
    process = start("--wait", "--id", "mine")

    def go_on():
        while not google.jobs:
            time.sleep(0.05)
        [job] = google.jobs.values()
        job["jobDetail"] = {"taskDetails": [{"taskId": "1", "taskName": "a", "state": "RUNNING"}]}
        while sum(verb == "GET" for verb, *_ in google.requests) < 2:
            time.sleep(0.05)
        job["jobDetail"] = {"taskDetails": [{"taskId": "1", "taskName": "a", "state": "SKIPPED"}]}
        job["state"] = "PIPELINE_STATE_SUCCEEDED"

    thread = threading.Thread(target=go_on)
    thread.start()
    output, _ = process.communicate(timeout=60)
    thread.join()
    lines = [line[9:] for line in output.splitlines() if line[2:3] == ":"]
    assert lines == ["a: running", "a: cached"]
    assert output.endswith("mine: succeeded, 1 of 1 tasks from the cache\n")


def test_production_is_confirmed_by_an_option(submit, google):
    code, _, errors = submit(target="prod")
    assert code == 2
    assert "asks for a confirmation. If you mean it, add `--yes`." in errors
    assert google.requests == []
    assert submit("--yes", target="prod")[0] == 0


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--timeout", "5m"), "It has no effect without --wait."),
        (("--wait", "--timeout", "soon"), "is not a positive duration"),
        (("pipelines/one", "--id", "x"), "An id is that of one run."),
        (("--forecast", "--wait"), "It creates no run."),
        (("--experiment", "Churn"), "must have lowercase letters, digits and `-`"),
        (("--forecast", "--dry-run"), "It creates no run."),
    ],
)
def test_wrong_usage_is_refused(submit, google, options, problem):
    code, _, errors = submit(*options)
    assert code == 2
    assert problem in errors
    assert google.requests == []


def test_a_refused_connection_is_told(submit, google):
    google.answers["POST", "/upload/"] = make_error(
        403,
        "denied",
        reason="IAM_PERMISSION_DENIED",
        metadata={"permission": "storage.objects.create", "resource": "projects/_/buckets/b"},
    )
    code, _, errors = submit()
    assert code == 2
    assert "lacks the permission `storage.objects.create` for `projects/_/buckets/b`" in errors


def test_a_target_is_checked_at_the_services_of_google(start, google):
    process = start(verb=("target", "check", "dev", "--json"))
    output, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    verdicts = {each["subject"]: each["verdict"] for each in json.loads(output)}
    assert (verdicts["credentials"], verdicts["bucket"]) == ("ok", "fault")
    assert {
        "serviceusage.googleapis.com:443",
        "cloudresourcemanager.googleapis.com:443",
        "storage.googleapis.com:443",
    } <= set(google.hosts)
