"""A target, compiled pipelines, and requests for them."""

from typing import Optional

import pytest
from google.auth.credentials import AnonymousCredentials
from kfp import compiler, dsl
from vertex_server import serve_vertex

from kfpkit.configuration import Configuration, adopt_given, resolve_configuration
from kfpkit.project import find_project
from kfpkit.specification import read_specification
from kfpkit.targets import VertexTarget
from kfpkit.targets.identity import Origin
from kfpkit.targets.patience import Patience
from kfpkit.targets.template import read_template
from kfpkit.targets.vertex import build_request
from kfpkit.targets.vertex.service import TargetCredentials, connect

TARGET = {
    "name": "dev",
    "kind": "vertex",
    "project": "my-project",
    "location": "europe-west4",
    "pipeline-root": "gs://my-bucket/root",
}


@pytest.fixture
def official():
    """Return the official client, and forget its settings afterwards: a process has them once."""
    from google.cloud import aiplatform  # noqa: PLC0415 - it takes seconds

    settings = vars(aiplatform.initializer.global_config)
    before = dict(settings)
    yield aiplatform
    settings.clear()
    settings.update(before)


@dsl.component(base_image="python:3.11")
def add(a: int, b: float = 0.5) -> float:
    return a + b


@dsl.pipeline(name="inner")
def inner(a: int) -> float:
    return add(a=a).output


@dsl.pipeline(name="all-kinds", description="Parameters of all types, and graphs in graphs.")
def all_kinds(  # noqa: PLR0913, PLR0917
    rows: int,
    rate: float = 0.1,
    label: str = "a",
    strict: bool = False,  # noqa: FBT001, FBT002
    columns: list = ["x"],  # noqa: B006
    limits: dict = {"low": 1},  # noqa: B006
    note: Optional[str] = None,  # noqa: UP045 - KFP reads no other form
):
    first = add(a=rows, b=rate)
    with dsl.If(first.output > 1):
        add(a=2).set_caching_options(enable_caching=False)
    with dsl.ParallelFor(columns):
        add(a=3)
    inner(a=rows)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory):
    """Return the file of a compiled pipeline with parameters of all types."""
    file = tmp_path_factory.mktemp("compiled") / "all_kinds.yaml"
    compiler.Compiler().compile(all_kinds, str(file))
    return file


@pytest.fixture
def make_request(compiled, tmp_path):
    """Build a request from values for parameters, settings and keys of the target."""

    def make(parameters, *, file=compiled, keys=None, run=None, origin=None, **settings):
        specification = read_specification(file, containers=True)
        given = adopt_given(Configuration(parameters=parameters, **settings))
        configuration = resolve_configuration(
            given, specification.spec, project=find_project(tmp_path)
        )
        target = VertexTarget.model_validate({**TARGET, **(keys or {})})
        template = read_template(file.read_text())
        return build_request(template, configuration, target, origin=origin or Origin(), run=run)

    return make


@pytest.fixture
def server():
    with serve_vertex() as found:
        yield found


@pytest.fixture
def connection(server):
    """Return a connection to the server, which gives up after a second."""
    return connect(
        VertexTarget.model_validate(TARGET),
        credentials=TargetCredentials(
            credentials=AnonymousCredentials(), account="ann@example.com"
        ),
        addresses=dict.fromkeys(("aiplatform", "logging", "storage", "kfp"), server.address),
        patience=Patience(first=0.01, longest=0.05, total=1, request=0.5),
    )
