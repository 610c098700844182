"""`kfpkit upload` to the emulator: versions in Artifact Registry that runs and people find."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kfpkit.emulators import stop_emulator
from kfpkit.project import find_project

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[2]
PLACE = "https://europe-west4-kfp.pkg.dev/local-project/pipelines"
SETTINGS = f"""
[tool.kfpkit]

[tool.kfpkit.targets.laptop]
kind = "emulator"
template-repository = "{PLACE}"

[tool.kfpkit.targets.bucket]
kind = "emulator"
"""
PIPELINE = """
from kfp import dsl

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show(rows: int):
    print(rows)

@dsl.pipeline(name="showing")
def showing(rows: int = 3):
    show(rows=rows)
"""
DOWNLOAD = f"""
import sys
from kfp.registry import RegistryClient

client = RegistryClient(host="{PLACE}")
client.download_pipeline("showing", tag=sys.argv[1], file_name=sys.argv[2])
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Return a project with the environment of the emulators."""
    folder = tmp_path_factory.mktemp("upload")
    (folder / "pyproject.toml").write_text(SETTINGS)
    (folder / "showing.py").write_text(PIPELINE)
    shutil.copytree(REPOSITORY / "environments/emulators", folder / "environments/emulators")
    shutil.copy(REPOSITORY / "environments/kfp-runtime.txt", folder / "environments")
    yield folder
    stop_emulator("vertex", project=find_project(folder))


@pytest.fixture
def call(root):
    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "kfpkit", *words],
            cwd=root,
            env={**os.environ, "CI": ""},
            capture_output=True,
            text=True,
            timeout=250,
            check=False,
        )

    return run


def test_a_version_is_found_by_its_tags_and_run_by_its_digest(call, root):
    done = call("upload", "showing.py", "--target", "laptop", "--tag", "v1.0", "--json")
    assert done.returncode == 0, done.stderr
    [facts] = json.loads(done.stdout)
    assert facts["source"] == "showing.py"
    assert facts["tags"] == ["laptop", "v1-0"]
    assert facts["template"] == f"{PLACE}/showing/{facts['digest']}"

    words = ("emulator", "vertex", "--", sys.executable, "-c", DOWNLOAD)
    done = call(*words, "v1-0", "downloaded.yaml")
    assert done.returncode == 0, done.stderr
    content = (root / "downloaded.yaml").read_bytes()
    assert facts["digest"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert call("compile", "showing.py", "--output", "build").returncode == 0
    assert (root / "build/showing.yaml").read_bytes() == content

    done = call("submit", "showing.py", "--target", "laptop", "--wait", "--timeout", "3m", "--json")
    assert done.returncode == 0, done.stderr
    [run] = json.loads(done.stdout)
    assert (run["state"], run["template"]) == ("succeeded", facts["template"])


def test_a_second_upload_prints_the_same_version(call):
    first, second = (call("upload", "showing.py", "--target", "laptop") for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert first.stdout.startswith(f"{PLACE}/showing/sha256:")
    assert first.stdout.endswith(" (laptop)\n")


def test_a_tag_without_a_repository_is_refused(call):
    done = call("upload", "showing.py", "--target", "bucket", "--tag", "v1")
    assert done.returncode == 2
    assert (
        "error: The target `bucket` stores compiled pipelines in its pipeline root" in done.stderr
    )


def test_without_a_repository_it_goes_to_the_pipeline_root(call):
    done = call("upload", "showing.py", "--target", "bucket")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("gs://local-bucket/pipelines/templates/showing/")
