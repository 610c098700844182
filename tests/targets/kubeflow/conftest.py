"""A project with pipelines and a Kubeflow target, its server, and a connection."""

import json
from pathlib import Path

import pytest
from kubeflow_server import serve_kubeflow

from kfpkit.project import find_project
from kfpkit.targets import Wanted, find_target, submit, wait
from kfpkit.targets.kubeflow.service import connect_kubeflow
from kfpkit.targets.patience import Patience
from kfpkit.targets.watching import Rhythm

SETTINGS = """
[tool.kfpkit]

[tool.kfpkit.targets.cluster]
kind = "kubeflow"
host = "{host}"
namespace = "team"
experiment = "dev"
token-env = "KUBEFLOW_TOKEN"
service-account = "default-editor"
pipeline-root = "s3://my-bucket/root"
{keys}
"""
PIPELINE = """
from kfp import dsl

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show(rows: int, text: str = "a"):
    print(rows)

@dsl.pipeline(name="inner")
def inner(rows: int):
    show(rows=rows)

@dsl.pipeline(name="one")
def one(rows: int, text: str = "a"):
    show(rows=rows, text=text)
    inner(rows=rows)
"""


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("KUBEFLOW_TOKEN", "secret")
    with serve_kubeflow() as found:
        found.token = "secret"
        yield found


@pytest.fixture
def root(project, server, monkeypatch):
    """Return a project with a target that has more keys if a test writes them."""
    folder = project(
        {
            "pyproject.toml": SETTINGS.format(host=server.address, keys=""),
            "pipelines/one/pipeline.py": PIPELINE,
            "pipelines/one/config/small.yaml": "parameters: {rows: 3}\n",
            "pipelines/one/config/uncached.yaml": "parameters: {rows: 3}\ncaching: false\n",
        }
    )
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def set_keys(root, server):
    def write(keys):
        (root / "pyproject.toml").write_text(SETTINGS.format(host=server.address, keys=keys))

    return write


@pytest.fixture
def want(root):
    def make(config="small.yaml", **options):
        pipelines = options.pop("pipelines", (root / "pipelines/one",))
        return Wanted(
            pipelines=pipelines,
            name="one",
            target="cluster",
            config=config and Path(config),
            variables={},
            **options,
        )

    return make


@pytest.fixture
def connection(root):
    return connect_kubeflow(
        find_target(find_project(root), "cluster"),
        patience=Patience(first=0.01, longest=0.05, total=1, request=2),
    )


@pytest.fixture
def send(root, want, connection):
    def submit_one(**options):
        [run] = submit(want(**options), project=find_project(root), connection=connection)
        return run

    return submit_one


@pytest.fixture
def wait_for(connection):
    def ask(run, *, watcher=None, seconds=None):
        rhythm = Rhythm(first=0.01, longest=0.05, limit=seconds)
        [ended] = wait([run], watcher=watcher, rhythm=rhythm, connection=connection)
        return ended

    return ask


@pytest.fixture
def count_posts(server):
    """Return a function that counts the requests that create runs."""

    def count():
        return sum(
            verb == "POST" and path == "/apis/v2beta1/runs" and bool(json.loads(body))
            for verb, path, _, body in server.requests
        )

    return count
