"""A project with a target and pipelines, in a git repository."""

import subprocess
from pathlib import Path

import pytest
from google.auth.credentials import AnonymousCredentials
from target_tables import TARGETS
from vertex_server import serve_vertex

from kfpkit.project import find_project
from kfpkit.targets import Wanted, find_target
from kfpkit.targets.patience import Patience
from kfpkit.targets.vertex.service import TargetCredentials, connect

PIPELINE = """
from kfp import dsl

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show(rows: int):
    print(rows)

@dsl.pipeline(name="{name}")
def {name}(rows: int):
    show(rows=rows)
"""
FILES = {
    "pyproject.toml": TARGETS,
    ".gitignore": "__pycache__/\n.kfpkit/\n",
    "pipelines/one/pipeline.py": PIPELINE.format(name="one"),
    "pipelines/one/config/small.yaml": "parameters: {rows: 3}\n",
    "pipelines/two/pipeline.py": PIPELINE.format(name="two"),
    "pipelines/two/config/small.yaml": "parameters: {rows: 4}\ncaching: false\n",
}


@pytest.fixture
def root(project, monkeypatch):
    """Return a project whose files are committed, as the working folder."""
    monkeypatch.delenv("CI", raising=False)
    folder = project(FILES)
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *command], check=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def want(root):
    def make(*pipelines, target="dev", config="small.yaml", **options):
        return Wanted(
            pipelines=tuple(root / "pipelines" / each for each in pipelines),
            target=target,
            config=config and Path(config),
            variables={},
            **options,
        )

    return make


@pytest.fixture
def server():
    with serve_vertex() as found:
        found.answers["POST", "/upload/"] = (200, {"name": "x"})
        yield found


@pytest.fixture
def connection(root, server):
    return connect(
        find_target(find_project(root), "dev"),
        credentials=TargetCredentials(credentials=AnonymousCredentials()),
        addresses=dict.fromkeys(("aiplatform", "logging", "storage"), server.address),
        patience=Patience(first=0.01, longest=0.05, total=1, request=0.5),
    )
