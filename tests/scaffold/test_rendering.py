"""The template's files, with the names of a project."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kfpkit import toml
from kfpkit.errors import UnknownTemplateError
from kfpkit.project.project import find_project
from kfpkit.scaffold.rendering import render_template
from kfpkit.scaffold.templates import TEMPLATE, TEMPLATES, find_template

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = ROOT / "environments"
NAMES = {"name": "card-fraud", "package": "card_fraud", "version": "1.2.3"}
SHARED = {
    ".gitattributes",
    ".gitignore",
    "Makefile",
    "README.md",
    "cloudbuild/builder/Dockerfile",
    "cloudbuild/environments.yaml",
    "cloudbuild/pull-request.yaml",
    "pipelines/training/config/local.yaml",
    "pipelines/training/parameters.py",
    "pipelines/training/pipeline.py",
    "pyproject.toml",
    "requirements.txt",
    "src/card_fraud/__init__.py",
}
OWN = {
    "training": {
        "pipelines/training/config/regression.yaml",
        "src/card_fraud/components.py",
        "src/card_fraud/features.py",
        "tests/test_components.py",
        "tests/test_features.py",
    },
    "table": {
        "data/penguins.csv",
        "pipelines/training/config/mass.yaml",
        "tests/test_data.py",
    },
}


@pytest.fixture(params=sorted(TEMPLATES))
def template(request):
    return request.param


@pytest.fixture
def rendered(tmp_path, template):
    render_template(tmp_path, find_template(template), **NAMES)
    return {
        path.relative_to(tmp_path).as_posix(): path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }


def test_a_project_has_all_that_it_needs(rendered, template):
    assert set(rendered) == SHARED | OWN[template]


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
        render_template(tmp_path, find_template("training"), **NAMES)
    finally:
        if not was_there:
            cache.rmdir()

    assert not (tmp_path / "src" / "card_fraud" / "__pycache__").exists()


def test_its_configurations_fit_its_pipeline_and_its_model(tmp_path, template):
    chosen = find_template(template)
    render_template(tmp_path, chosen, **NAMES)
    for name in chosen.environments:
        shutil.copytree(ENVIRONMENTS / name, tmp_path / "environments" / name)
    command = [sys.executable, "-m", "kfpkit", "config", "check"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    files = sorted(path.name for path in tmp_path.glob("pipelines/training/config/*"))
    expected = [f"pipelines/training/config/{name}: ok" for name in files]
    assert done.stdout.splitlines() == expected, done.stderr


def test_a_project_for_a_table_has_the_repositorys_pipeline_with_fewer_libraries():
    example = ROOT / "pipelines" / "any_table"
    own = find_template("table").overlay / "pipelines" / "training"

    def read(folder, name):
        text = (folder / name).read_text(encoding="utf-8").replace("any-table", "training")
        # Each project has rules of its own for style.
        text = re.sub(r"  # noqa: (?:PLR|FBT).*|\n(?=\nfrom kfpkit)", "", text)
        return text.replace("any_table", "training").splitlines()

    added = set(read(example, "pipeline.py")) - set(read(own, "pipeline.py"))
    assert set(read(own, "pipeline.py")) <= set(read(example, "pipeline.py"))
    assert {line.split('"')[1] for line in added} == {"catboost-1", "tensorflow"}
    assert set(read(own, "parameters.py")) - set(read(example, "parameters.py")) == {
        '"""What the parameters of the pipeline must be. kfpkit checks them before a run starts."""'
    }


def test_a_template_that_does_not_exist_is_refused():
    with pytest.raises(UnknownTemplateError, match="Did you mean `table`") as refused:
        find_template("tables")

    assert refused.value.known == ("training", "table")


def test_a_project_starts_with_versions_that_kfpkit_itself_is_tested_with():
    packages = toml.parse((ROOT / "poetry.lock").read_text(encoding="utf-8"))["package"]
    tested = {f"{package['name']}=={package['version']}" for package in packages}
    lines = (TEMPLATE / "requirements.txt").read_text(encoding="utf-8").splitlines()
    versions = {line.partition(" ")[0] for line in lines}

    assert versions <= tested, "run `make project-versions`"
    assert {"kfp", "mypy", "pytest", "ruff", "uv"} <= {each.partition("==")[0] for each in versions}
