"""`check_target` asks a Kubeflow server what it can, and says how to mend a fault."""

import pytest
from kubeflow_server import RefusalError

from kfpkit.errors import ClusterUnknownError
from kfpkit.project import find_project
from kfpkit.targets import find_target
from kfpkit.targets.checking import Verdict, check_target
from kfpkit.targets.kubeflow.service import connect_kubeflow


@pytest.fixture
def check(connection, root):
    def run(connected=connection):
        found = check_target(connected, find_project(root))
        return [(each.subject, each.verdict, each.detail) for each in found]

    return run


def test_a_good_target_is_approved_and_nothing_is_created(check, server):
    host = server.address.partition("://")[2]
    assert check() == [
        ("server", Verdict.GOOD, host),
        ("runs", Verdict.GOOD, "can be listed in `team`"),
        ("experiment", Verdict.GOOD, "`dev` will be created"),
    ]
    assert {verb for verb, *_ in server.requests} == {"GET"}


def test_an_experiment_that_exists_is_found(check, send):
    send()
    assert check()[-1] == ("experiment", Verdict.GOOD, "`dev`")


def test_a_login_that_is_refused_ends_the_check(check, server):
    server.token = "other"
    [(subject, verdict, detail)] = check()
    assert (subject, verdict) == ("server", Verdict.WRONG)
    assert '`token-env = "KUBEFLOW_TOKEN"`' in detail


def test_a_namespace_that_is_not_allowed_is_a_fault(check, server):
    server.faults.extend([None, RefusalError(7, "User 'ann' may not list runs")])
    assert [verdict for _, verdict, _ in check()] == [Verdict.GOOD, Verdict.WRONG]


def test_a_server_with_several_users_needs_a_namespace(check, server, root):
    server.multi_user = True
    settings = root / "pyproject.toml"
    settings.write_text(settings.read_text().replace('namespace = "team"\n', ""))
    target = find_target(find_project(root), "cluster")
    [(subject, verdict, detail)] = check(connect_kubeflow(target))
    assert (subject, verdict) == ("namespace", Verdict.WRONG)
    assert "has several users" in detail


def test_a_context_that_does_not_exist_is_refused(root, server, monkeypatch, tmp_path):
    from kubernetes.config import kube_config  # noqa: PLC0415 - it imports much

    missing = str(tmp_path / "missing.yaml")
    monkeypatch.setattr(kube_config, "KUBE_CONFIG_DEFAULT_LOCATION", missing)
    settings = root / "pyproject.toml"
    text = settings.read_text().replace(f'host = "{server.address}"', 'kube-context = "remote"')
    settings.write_text(text.replace('token-env = "KUBEFLOW_TOKEN"\n', ""))
    with pytest.raises(ClusterUnknownError, match="no such context") as refused:
        connect_kubeflow(find_target(find_project(root), "cluster"))
    assert refused.value.place == "context `remote`"


def test_a_login_is_renewed_once(connection, server):
    from dataclasses import replace  # noqa: PLC0415

    server.token = "renewed"

    def renew():
        connection.api.configuration.api_key["authorization"] = "renewed"

    connected = replace(connection, renew=renew)
    assert connected.send("experiment_service_list_experiments")["total_size"] == 1
