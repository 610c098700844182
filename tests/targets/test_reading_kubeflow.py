"""The tables of Kubeflow targets: what is read, and what is refused at its line."""

import pytest

from kfpkit.errors import InvalidTargetsError
from kfpkit.project import find_project
from kfpkit.targets import KubeflowTarget, read_targets
from kfpkit.targets.reading import list_keys

CLUSTER = """[tool.kfpkit]
[tool.kfpkit.targets.cluster]
kind = "kubeflow"
host = "https://kubeflow.example.com/pipeline/"
"""
ALL_KEYS = """namespace = "team-churn"
experiment = "Churn, nightly"
pipeline-root = "s3://my-bucket/pipelines"
service-account = "default-editor"
proxy = "http://proxy.example.com:3128"
ca-file = "~/certificates.pem"
ui = "https://kubeflow.example.com/_/pipeline"
parameter-bytes = 20000
confirm = true
allow-dirty = true
"""
LOGINS = {
    "token-env": 'token-env = "KUBEFLOW_TOKEN"\n',
    "token-file": 'token-file = "/var/run/secrets/kubeflow/pipelines/token"\n',
    "cookie-env": 'cookie-env = "KUBEFLOW_COOKIE"\n',
    "iap-client-id": 'iap-client-id = "1-a.apps.googleusercontent.com"\n'
    'iap-app-id = "1-b.apps.googleusercontent.com"\niap-app-secret-env = "APP_SECRET"\n',
    "kube-context": 'kube-context = "minikube"\n',
}


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        (tmp_path / "pyproject.toml").write_text(text)
        return read_targets(find_project(tmp_path))

    return read_text


@pytest.fixture
def refuse(read):
    def list_faults(text):
        with pytest.raises(InvalidTargetsError) as refused:
            read(text)
        return [(fault.where.line, fault.problem) for fault in refused.value.faults]

    return list_faults


def test_a_host_is_enough(read):
    target = read(CLUSTER)["cluster"]
    assert (target.kind, target.host) == ("kubeflow", "https://kubeflow.example.com/pipeline")
    assert (target.experiment, target.namespace, target.parameter_bytes) == ("Default", None, 10000)
    assert target.place == "server https://kubeflow.example.com/pipeline"


@pytest.mark.parametrize("login", LOGINS)
def test_every_key_is_read(read, login):
    text = CLUSTER + ALL_KEYS + LOGINS[login]
    if login == "kube-context":
        text = text.replace('host = "https://kubeflow.example.com/pipeline/"\n', "")
    target = read(text)["cluster"]
    assert getattr(target, login.replace("-", "_"))
    given = {line.split(" = ")[0] for line in (text + "".join(LOGINS.values())).splitlines()}
    assert {*list_keys(KubeflowTarget)} <= given | {"host"}


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ('token = "ya29.x"', "`token`: a secret doesn't belong in a file that is committed"),
        ('token-env = "Bearer ya29.x"', "the name of an environment variable, and no secret"),
        ('token-file = "secrets/token"', "outside the project"),
        ('namespace = "Team A"', "a name of Kubernetes"),
        ('pipeline-root = "my-bucket"', "an address such as `s3://my-bucket/pipelines`"),
        ("parameter-bytes = 0", "input should be greater than 0"),
        ('labels = {team = "churn"}', "`labels`: it is not a key of targets"),
        ('ui = "https://ann:x@example.com"', "a secret doesn't belong in a file"),
    ],
)
def test_a_wrong_key_is_refused_at_its_line(refuse, key, problem):
    [fault] = refuse(f"{CLUSTER}{key}\n")
    assert fault[0] == 5
    assert problem in fault[1]


@pytest.mark.parametrize(
    "host", ["kubeflow.example.com", "https://a.example.com/#/runs", "ftp://x"]
)
def test_a_host_is_an_address(refuse, host):
    [fault] = refuse(CLUSTER.replace("https://kubeflow.example.com/pipeline/", host))
    assert fault[0] == 4
    assert "write an address" in fault[1]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            CLUSTER + LOGINS["token-env"] + LOGINS["cookie-env"],
            "`token-env` and `cookie-env` exclude each other; choose one way to log in",
        ),
        (CLUSTER + LOGINS["kube-context"], "write either `host`"),
        (CLUSTER.replace("host", "ui"), "write either `host`"),
        (CLUSTER + 'iap-app-id = "x"\n', "belong to `iap-client-id`"),
        (CLUSTER + "allow-dirty = true\n", "`allow-dirty` has no effect"),
    ],
)
def test_keys_that_contradict_each_other_are_refused(refuse, text, problem):
    [fault] = refuse(text)
    assert problem in fault[1]
