"""Pipelines become runs on a Kubeflow server, once, whatever happens to requests."""

import threading

import pytest
import yaml
from kubeflow_server import AFTER, BEFORE, RefusalError

from kfpkit.errors import (
    DuplicateRunsError,
    InvalidRequestError,
    KubeflowDeniedError,
    KubeflowLoginError,
    MissingResourceError,
    MissingSecretError,
    ParametersTooLargeError,
    RunIdTakenError,
    ServiceFailedError,
    ServiceUnreachableError,
    UnreadableAnswerError,
)
from kfpkit.project import find_project
from kfpkit.targets import find_target, plan_submission
from kfpkit.targets.kubeflow.service import connect_kubeflow
from kfpkit.targets.patience import Patience
from kfpkit.targets.submission import list_requests

HTML = "<html><title>Sign in</title></html>"


def test_a_pipeline_becomes_a_run(send, server):
    run = send(run="nightly")

    [found] = server.runs.values()
    assert (run.name, run.id, run.is_new) == (found.run_id, "nightly", True)
    assert (run.state, run.template) == ("pending", None)
    assert run.link == f"{server.address}/#/runs/details/{found.run_id}"
    assert found.display_name == "nightly"
    assert found.runtime_config.parameters == {"rows": 3}
    assert found.runtime_config.pipeline_root == "s3://my-bucket/root"
    assert found.service_account == "default-editor"
    assert found.pipeline_spec["pipelineInfo"]["name"] == "one"


def test_the_experiment_is_created_once(send, server):
    assert send().is_new
    assert send().is_new
    [own] = [each for each in server.experiments.values() if each.display_name == "dev"]
    assert own.namespace == "team"
    assert {run.experiment_id for run in server.runs.values()} == {own.experiment_id}
    assert len(server.runs) == 2


@pytest.mark.parametrize("fault", [AFTER, (503, {"message": "busy"})])
def test_an_experiment_whose_answer_is_lost_is_created_once(send, server, fault):
    server.faults.extend([None, None, fault])
    assert send().is_new
    assert [each.display_name for each in server.experiments.values()] == ["Default", "dev"]


def test_the_description_says_where_a_run_comes_from(send, server):
    run = send(run="nightly")
    facts = yaml.safe_load(server.runs[run.name].description)
    assert facts["kfpkit-target"] == "cluster"
    assert facts["kfpkit-request"] == run.planned.request.digest
    assert facts["kfpkit-template"] == run.planned.template.digest[:32]


def test_caching_is_switched_off_in_nested_pipelines_too(send, server):
    run = send(config="uncached.yaml")
    spec = server.runs[run.name].pipeline_spec
    graphs = [spec["root"], *spec["components"].values()]
    tasks = [task for each in graphs for task in each.get("dag", {}).get("tasks", {}).values()]
    assert len(tasks) == 3
    assert {str(task["cachingOptions"]) for task in tasks} == {"{'enableCache': False}"}


def test_settings_for_kubernetes_are_sent(send, server, want, root):
    template = plan_submission(want(), find_project(root)).runs[0].template
    settings = {"exec-show": {"activeDeadlineSeconds": "60"}}
    platform = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": settings}}}}
    file = root / "pipelines/limited.yaml"
    file.write_text(f"{template.text}---\n{yaml.safe_dump(platform)}")

    run = send(pipelines=(file,), config=None, parameters={"rows": "3"})

    content = server.runs[run.name].pipeline_spec
    assert content["platform_spec"] == platform
    assert content["pipeline_spec"]["pipelineInfo"]["name"] == "one"


def test_a_repeated_submission_finds_its_run(send, server):
    first, again = send(run="nightly"), send(run="nightly")
    assert (first.is_new, again.is_new, again.name) == (True, False, first.name)
    with pytest.raises(RunIdTakenError, match="Another request has created the run `nightly`"):
        send(run="nightly", parameters={"rows": "5"})
    assert len(server.runs) == 1


def test_a_name_that_somebody_else_has_given_is_refused(send, server):
    run = send(run="nightly")
    server.runs[run.name].description = "by hand"
    with pytest.raises(RunIdTakenError, match="A request that isn't recorded"):
        send(run="nightly")


@pytest.mark.parametrize("fault", [AFTER, (503, {"message": "busy"}), (502, HTML)])
def test_an_answer_that_is_lost_starts_no_second_run(send, server, fault, count_posts):
    send()  # the experiment exists
    if fault == AFTER:
        server.faults.extend([None, None, AFTER])
    else:
        server.faults.extend([None, None, fault])
    run = send(run="nightly")
    assert run.is_new
    assert len(server.runs) == 2
    assert count_posts() == (2 if fault == AFTER else 3)


@pytest.mark.parametrize("fault", [BEFORE, (429, {"code": 8, "message": "slower"})])
def test_a_request_that_was_not_taken_is_repeated(send, server, fault):
    send()
    server.faults.extend([None, None, fault, *([fault] * 2)])
    assert send(run="nightly").is_new
    assert len(server.runs) == 2


def test_two_runs_of_one_id_are_reported(send, server, monkeypatch):
    first = send(run="nightly")
    twin = type(server.runs[first.name])(**server.runs[first.name].to_dict() | {"run_id": "twin"})
    server.runs["twin"] = twin
    with pytest.raises(DuplicateRunsError, match="has 2 runs named `nightly`") as refused:
        send(run="nightly")
    assert {*refused.value.found} == {first.name, "twin"}


def test_two_submissions_at_once_are_one_run_or_reported(send, server):
    send()
    ended = []

    def try_one():
        try:
            ended.append(send(run="nightly").name)
        except DuplicateRunsError as error:
            ended.append(error)

    threads = [threading.Thread(target=try_one) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    runs = [each for each in server.runs.values() if each.display_name == "nightly"]
    errors = [each for each in ended if isinstance(each, DuplicateRunsError)]
    assert len(ended) == 2
    assert len(runs) == 1 or errors


@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        ((401, {"code": 16, "message": "expired"}), KubeflowLoginError, '`token-env = "KUBEFLOW'),
        ((302, HTML, {"Location": "https://dex/auth"}), KubeflowLoginError, "to https://dex/auth"),
        (RefusalError(7, "User 'ann@example.com' may not"), KubeflowDeniedError, "ann@example.com"),
        (
            (403, "RBAC: access denied"),
            KubeflowDeniedError,
            "namespace `team`: RBAC: access denied",
        ),
        (RefusalError(5, "no such thing"), MissingResourceError, "no such thing"),
        ((404, HTML), UnreadableAnswerError, "check `host` in the target"),
        ((200, HTML), UnreadableAnswerError, "Sign in"),
        (RefusalError(3, "It is wrong"), InvalidRequestError, "Kubeflow Pipelines has refused"),
    ],
)
def test_a_refusal_says_what_to_do(send, server, fault, error, message):
    server.faults.append(fault)
    with pytest.raises(error) as refused:
        send()
    assert message in str(refused.value)
    assert server.runs == {}


@pytest.mark.parametrize("code", [429, 503])
def test_a_server_that_stays_busy_is_given_up(send, server, code):
    server.faults.extend([(code, {"message": "later"})] * 500)
    with pytest.raises(ServiceFailedError, match="still fails after 1 s: later"):
        send()


def test_a_server_that_is_not_there_is_named(server, root):
    file = root / "pyproject.toml"
    file.write_text(file.read_text().replace(server.address, "http://127.0.0.1:9"))
    target = find_target(find_project(root), "cluster")
    lost = connect_kubeflow(target, patience=Patience(first=0.01, total=0.1))
    with pytest.raises(ServiceUnreachableError, match=r"127\.0\.0\.1:9 can't be reached"):
        lost.send("healthz_service_get_healthz")


def test_large_parameters_are_refused_before_anything_is_sent(send, server, set_keys):
    long = "x" * 9_990
    with pytest.raises(ParametersTooLargeError) as refused:
        send(parameters={"text": long})
    assert (refused.value.limit, refused.value.largest) == (10_000, "text")
    assert "target `cluster` takes 10000. The largest is `text`" in str(refused.value)
    assert server.requests == []
    assert send(parameters={"text": long[:-40]}).is_new
    set_keys("parameter-bytes = 5000\n")
    with pytest.raises(ParametersTooLargeError, match="takes 5000"):
        send(parameters={"text": long})


def test_a_variable_that_is_not_set_is_named(root, monkeypatch):
    monkeypatch.delenv("KUBEFLOW_TOKEN")
    with pytest.raises(MissingSecretError, match=r"`KUBEFLOW_TOKEN` \(`token-env`\), but the"):
        connect_kubeflow(find_target(find_project(root), "cluster"))


def test_a_token_file_is_read_before_each_request(send, server, set_keys, root, tmp_path):
    file = tmp_path / "token"
    settings = root / "pyproject.toml"
    text = settings.read_text().replace('token-env = "KUBEFLOW_TOKEN"', f'token-file = "{file}"')
    settings.write_text(text)
    target = find_target(find_project(root), "cluster")
    with pytest.raises(MissingSecretError, match="the file can't be read"):
        connect_kubeflow(target)
    file.write_text("secret\n")
    connected = connect_kubeflow(target)
    assert connected.send("experiment_service_list_experiments")["total_size"] == 1
    server.token = "renewed"
    with pytest.raises(KubeflowLoginError, match="the token is not valid"):
        connected.send("experiment_service_list_experiments")
    file.write_text("renewed")
    assert connected.send("experiment_service_list_experiments")["total_size"] == 1


def test_a_cookie_is_sent(server, root, monkeypatch):
    settings = root / "pyproject.toml"
    text = settings.read_text().replace('token-env = "KUBEFLOW_TOKEN"', 'cookie-env = "COOKIE"')
    settings.write_text(text)
    monkeypatch.setenv("COOKIE", "authservice_session=abc")
    server.token, server.cookie = None, "authservice_session=abc"
    connected = connect_kubeflow(find_target(find_project(root), "cluster"))
    assert connected.send("experiment_service_list_experiments")["total_size"] == 1


def test_a_dry_run_sends_nothing(want, server, root):
    submission = plan_submission(want(run="nightly"), find_project(root))
    [request] = list_requests(submission)
    assert request["url"] == f"{server.address}/apis/v2beta1/runs"
    assert (request["method"], request["experiment"]) == ("POST", "dev")
    assert request["body"]["display_name"] == "nightly"
    assert server.requests == []
