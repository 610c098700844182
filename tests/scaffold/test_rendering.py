"""The template's files, with the names of a project."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kfpkit import toml
from kfpkit.project.project import find_project
from kfpkit.scaffold.rendering import TEMPLATE, render_template

ENVIRONMENTS = Path(__file__).parents[2] / "environments"


@pytest.fixture
def rendered(tmp_path):
    render_template(tmp_path, name="card-fraud", package="card_fraud", version="1.2.3")
    return {
        path.relative_to(tmp_path).as_posix(): path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }


def test_a_project_has_all_that_it_needs(rendered):
    expected = {
        ".gitattributes",
        ".gitignore",
        "Makefile",
        "README.md",
        "cloudbuild/builder/Dockerfile",
        "cloudbuild/environments.yaml",
        "cloudbuild/pull-request.yaml",
        "pipelines/training/config/local.yaml",
        "pipelines/training/config/regression.yaml",
        "pipelines/training/parameters.py",
        "pipelines/training/pipeline.py",
        "pyproject.toml",
        "src/card_fraud/__init__.py",
        "src/card_fraud/components.py",
        "src/card_fraud/features.py",
        "tests/test_components.py",
        "tests/test_features.py",
    }

    assert set(rendered) == expected


def test_no_name_of_the_template_is_left(rendered):
    for path, content in rendered.items():
        assert b"my-project" not in content, path
        assert b"my_project" not in content, path


def test_lines_end_as_on_every_other_machine(rendered):
    assert b"eol=lf" in rendered[".gitattributes"]
    assert [path for path, content in rendered.items() if b"\r" in content] == []


def test_the_project_is_one_of_kfpkit_with_that_version(rendered, tmp_path):
    document = toml.parse(rendered["pyproject.toml"].decode())

    assert document["project"]["name"] == "card-fraud"
    assert document["project"]["dependencies"] == ["kfpkit[images,local]==1.2.3"]
    assert find_project(tmp_path).registry.endswith("/card-fraud")


def test_what_tools_leave_in_the_template_is_not_copied(tmp_path):
    cache = TEMPLATE / "src" / "my_project" / "__pycache__"
    was_there = cache.is_dir()
    cache.mkdir(exist_ok=True)
    try:
        render_template(tmp_path, name="demo", package="demo", version="1")
    finally:
        if not was_there:
            cache.rmdir()

    assert not (tmp_path / "src" / "demo" / "__pycache__").exists()


def test_its_configurations_fit_its_pipeline_and_its_model(tmp_path):
    render_template(tmp_path, name="card-fraud", package="card_fraud", version="1.2.3")
    shutil.copytree(ENVIRONMENTS / "sklearn", tmp_path / "environments" / "sklearn")
    command = [sys.executable, "-m", "kfpkit", "config", "check"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.stdout == (
        "pipelines/training/config/local.yaml: ok\npipelines/training/config/regression.yaml: ok\n"
    ), done.stderr
