# ruff: noqa: PLC0415 - a component imports in its body; a pipeline's parameters are positional

import sys
import threading
import time
from pathlib import Path

import pytest
from kfp import dsl

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.environments import find_environment
from kfpkit.errors import EnvironmentNotMadeError
from kfpkit.local import run_pipeline
from kfpkit.local.launching.venv_launcher import VirtualEnvironmentLauncher
from kfpkit.project.project import find_project

REPOSITORY = Path(__file__).parents[3]
LOCKLESS = '[project]\nname = "gcp"\nversion = "1"\nrequires-python = ">=3.12,<3.13"\n'


@dsl.component(base_image="elsewhere/python:3", packages_to_install=["./tiny"])
def use_what_was_installed() -> str:
    import sys

    import tiny

    return f"{tiny.WORD} {sys.prefix}"


@dsl.component(base_image="elsewhere/python:3")
def use_nothing() -> str:
    import importlib.util

    return str(importlib.util.find_spec("tiny"))


def launcher_of(root):
    return VirtualEnvironmentLauncher(find_project(root), say=print)


def test_tasks_of_a_foreign_image_run_plain_and_the_run_says_so(project, tmp_path, capsys):
    launcher = launcher_of(project({}))
    launcher.check(["python:3.11"])
    launcher.prepare(["python:3.11"], logs=tmp_path)
    assert launcher.name("python:3.11") == "plain"
    assert "`python:3.11` does not belong to an environment" in capsys.readouterr().out


def test_a_foreign_task_installs_into_an_environment_of_its_own(project, tmp_path, monkeypatch):
    @dsl.pipeline(name="installing")
    def installing() -> str:
        first = use_what_was_installed()
        use_nothing().after(first)
        return first.output

    wheel = tmp_path / "tiny"
    wheel.mkdir()
    (wheel / "tiny.py").write_text("WORD = 'installed'\n")
    (wheel / "pyproject.toml").write_text(
        "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n"
    )
    (wheel / "backend.py").write_text(BACKEND)
    compiled = compile_pipeline(installing, project({}) / "installing.yaml")
    text = compiled.read_text().replace("./tiny", str(wheel))
    compiled.write_text(text)
    result = run_pipeline(compiled)
    assert result.succeeded, [task.log.read_text() for task in result.failures]
    word, prefix = result.outputs["Output"].split()
    assert word == "installed"
    assert prefix == str(result.folder.task("use-what-was-installed") / "venv")
    assert not Path(prefix).exists()
    assert {task.name: task.outputs["Output"] for task in result.tasks}["use-nothing"] == "None"


BACKEND = """
import zipfile


def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.write("tiny.py")
        about = "tiny-1.dist-info"
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\n")
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        )
        wheel.writestr(f"{about}/RECORD", "")
    return name
"""


def test_an_environment_that_cannot_be_made_fails_its_tasks_alone(project, tmp_path):
    root = project(
        {
            "environments/broken/pyproject.toml": LOCKLESS.replace("gcp", "broken"),
            "environments/broken/poetry.lock": "no lock",
        }
    )
    launcher = launcher_of(root)
    image = find_environment(find_project(root), "broken").image
    launcher.check([image])
    launcher.prepare([image], logs=tmp_path / "logs")
    with (
        pytest.raises(EnvironmentNotMadeError, match="`broken` could not be created"),
        launcher.ready(image, scratch=tmp_path),
    ):
        pass
    log = (tmp_path / "logs" / "broken.txt").read_text(encoding="utf-8")
    assert "environments/broken/poetry.lock" in log
    assert "RuntimeWarning" not in log


def test_a_plain_virtual_environment_that_cannot_be_made_fails_its_tasks(
    project, tmp_path, monkeypatch
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("KFPKIT_CACHE_DIR", str(tmp_path / "file"))
    launcher = launcher_of(project({}))
    launcher.check(["python:3.11"])
    launcher.prepare(["python:3.11"], logs=tmp_path)
    with (
        pytest.raises(EnvironmentNotMadeError, match="for foreign images could not be"),
        launcher.ready("python:3.11", scratch=tmp_path),
    ):
        pass


@pytest.mark.slow
def test_stopping_ends_what_makes_an_environment(project, tmp_path, monkeypatch):
    monkeypatch.setenv("KFPKIT_CACHE_DIR", str(tmp_path / "cache"))
    launcher = launcher_of(REPOSITORY)
    image = find_environment(find_project(REPOSITORY), "sklearn").image
    launcher.check([image])
    threading.Timer(2, launcher.processes.stop).start()
    started = time.monotonic()
    launcher.prepare([image], logs=tmp_path / "logs")
    with pytest.raises(EnvironmentNotMadeError), launcher.ready(image, scratch=tmp_path):
        pass
    assert time.monotonic() - started < 6
    assert not list((tmp_path / "cache").glob("venvs/sklearn-*/.kfpkit-finished"))


@pytest.mark.slow
def test_each_task_runs_with_the_python_and_packages_of_its_environment(project):
    registry = find_project(REPOSITORY).registry
    root = project({"pyproject.toml": f'[tool.kfpkit]\nregistry = "{registry}"\n'})
    (root / "environments").symlink_to(REPOSITORY / "environments")
    (root / "pipeline.py").write_text(LOCKED)
    result = run_pipeline(root)
    assert result.succeeded, [task.failure for task in result.failures]
    seen = {task.environment: task.outputs["Output"] for task in result.tasks}
    assert seen["gcp"].startswith("3.13 google.cloud.bigquery")
    assert seen["xgboost-1"].startswith("3.12 xgboost")
    assert str(sys.prefix) not in str(seen)


LOCKED = """
from kfp import dsl

import kfpkit


@kfpkit.component(environment="gcp")
def in_gcp() -> str:
    import sys

    import google.cloud.bigquery as module

    return f"{sys.version_info[0]}.{sys.version_info[1]} {module.__name__} {sys.prefix}"


@kfpkit.component(environment="xgboost-1")
def in_xgboost() -> str:
    import sys

    import xgboost as module

    return f"{sys.version_info[0]}.{sys.version_info[1]} {module.__name__} {sys.prefix}"


@dsl.pipeline(name="two-environments")
def pipeline():
    in_gcp()
    in_xgboost()
"""
