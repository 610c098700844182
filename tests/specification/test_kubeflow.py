"""What kfpkit leans on in KFP's client: its configuration, without a request and a file at home."""

import sys

import pytest
import yaml
from kubeflow_server import serve_kubeflow

from kfpkit.specification import ClientLogin, find_address, make_api_client

FACTS = ("host", "api_key", "api_key_prefix", "proxy", "ssl_ca_cert", "verify_ssl")


@pytest.fixture
def server():
    with serve_kubeflow() as found:
        yield found


@pytest.fixture
def set_context(tmp_path, monkeypatch):
    """Write a Kubernetes configuration with a context `local`, whose cluster is at an address."""
    from kubernetes.config import kube_config  # noqa: PLC0415 - it reads the variable once

    def write(address):
        file = tmp_path / "kube.yaml"
        content = {
            "current-context": "local",
            "contexts": [{"name": "local", "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": {"server": address}}],
            "users": [{"name": "u", "user": {"token": "of-kubernetes"}}],
        }
        file.write_text(yaml.safe_dump(content))
        monkeypatch.setattr(kube_config, "KUBE_CONFIG_DEFAULT_LOCATION", str(file))

    return write


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"token": "secret"},
        {"proxy": "http://127.0.0.1:3128", "ca_file": "/etc/ssl/certs/ca-certificates.crt"},
    ],
)
def test_the_configuration_is_that_of_the_client(server, options):
    from kfp import client as kfp_client  # noqa: PLC0415, TID251 - it is what is compared

    names = {"token": "existing_token", "ca_file": "ssl_ca_cert"}
    given = {names.get(key, key): value for key, value in options.items()}
    with pytest.warns(FutureWarning, match="This client only works with"):
        theirs = kfp_client.Client(host=server.address, namespace="team", **given)
    ours = make_api_client(ClientLogin(host=server.address, namespace="team", **options))

    for fact in FACTS:
        expected = getattr(theirs._existing_config, fact)
        assert getattr(ours.configuration, fact) == expected


def test_the_server_is_not_asked_and_nothing_is_printed(server, capsys, recwarn):
    made = make_api_client(ClientLogin(host=server.address, cookie="a=b"))
    assert (find_address(made), made.cookie, server.requests) == (server.address, "a=b", [])
    assert capsys.readouterr() == ("", "")
    assert not recwarn


def test_a_context_leads_to_the_server(server, set_context):
    import kfp_server_api  # noqa: PLC0415 - it imports much

    set_context(server.address)
    server.token = "of-kubernetes"
    made = make_api_client(ClientLogin(kube_context="local", namespace="kfp"))
    assert find_address(made).startswith(f"{server.address}/api/v1/namespaces/kfp/services/")
    assert kfp_server_api.HealthzServiceApi(made).healthz_service_get_healthz() is not None


def test_an_unknown_context_leads_nowhere(set_context, capsys):
    set_context("http://127.0.0.1:9")
    made = make_api_client(ClientLogin(kube_context="remote"))
    assert find_address(made) == "http://localhost"
    assert capsys.readouterr().out == ""


def test_the_client_is_imported_only_when_it_is_used(run_python):
    code = (
        "import sys\n"
        "from kfpkit.kfp_imports import import_without_client\n"
        "import_without_client()\n"
        "import kfpkit.targets\n"
        "print({'kubernetes', 'kfp_server_api'} & {*sys.modules})"
    )
    assert run_python(code) == "set()\n"


@pytest.fixture
def run_python():
    import subprocess  # noqa: PLC0415

    def run(code):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
        )
        return done.stdout

    return run
