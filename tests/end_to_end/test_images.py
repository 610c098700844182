"""Images as a platform team lives with them: built once, pushed, found again, run in."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.containers, pytest.mark.slow, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[2]
# Two of them hold versions of one library that exclude each other.
BUILT = ("gcp", "sklearn", "xgboost-1", "xgboost-3")


@pytest.fixture(scope="module")
def registry(engine, registry_server) -> str:
    """Have base images, and a place in a real registry."""
    subprocess.run([ROOT / ".ci" / "engine", "bases", "3.11", "3.12"], check=True)
    return f"{registry_server}/kfpkit"


@pytest.fixture(scope="module")
def home(tmp_path_factory, registry) -> Path:
    """Make a project with the repository's pipelines and environments."""
    root = tmp_path_factory.mktemp("home")
    (root / "pyproject.toml").write_text('[tool.kfpkit]\nsource-roots = ["."]\n')
    shutil.copytree(ROOT / "pipelines", root / "pipelines")
    for name in (*BUILT, "emulators"):
        shutil.copytree(ROOT / "environments" / name, root / "environments" / name)
    shutil.copy(ROOT / "environments" / "kfp-runtime.txt", root / "environments")
    return root


@pytest.fixture(scope="module")
def kfpkit(home, registry):
    """Return a function that runs a command of kfpkit in the project and returns what it says."""

    def run(*arguments: str) -> str:
        return call([sys.executable, "-m", "kfpkit", *arguments], home, registry)

    return run


@pytest.fixture(scope="module")
def built(kfpkit) -> str:
    return kfpkit("env", "build", *BUILT, "--push", "--network", "host")


def call(command: list[str], folder: Path, registry: str) -> str:
    result = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"KFPKIT_REGISTRY": registry},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


def missing(kfpkit) -> list[str]:
    plan = json.loads(kfpkit("env", "plan", "--json"))
    return [entry["name"] for entry in plan["environments"] if not entry["exists"]]


def test_what_was_pushed_is_not_built_again(kfpkit, built):
    assert missing(kfpkit) == []


def test_nothing_is_missing_then(kfpkit, built):
    assert kfpkit("env", "build", "--missing").strip() == "The registry lacks no image."


def test_images_hold_nothing_that_only_tools_read(engine, kfpkit, built, registry):
    found = json.loads(kfpkit("env", "plan", "--json"))["environments"]
    (image,) = (entry["image"] for entry in found if entry["name"] == "sklearn")
    look = (
        "from pathlib import Path; import pyarrow.parquet, scipy.linalg, sklearn.ensemble\n"
        "files = [path for path in Path(pyarrow.__file__).parent.rglob('*') if path.is_file()]\n"
        "libraries = [path for path in files if '.so' in path.suffixes]\n"
        "assert libraries and not any(b'.symtab' in path.read_bytes() for path in libraries)\n"
        "assert not [path for path in files if path.suffix in {'.h', '.inc', '.pyx'}]\n"
    )

    engine.containers.run(image, ["python3", "-c", look], network_mode="none", remove=True)


def test_a_code_change_builds_nothing(kfpkit, built, home):
    with (home / "pipelines" / "training" / "pipeline.py").open("a") as file:
        file.write("\n# a comment\n")

    assert missing(kfpkit) == []


def test_a_changed_lock_builds_exactly_one(kfpkit, built, home):
    kfpkit("env", "new", "small", "--python", "3.11", "--with", "six")
    assert missing(kfpkit) == ["small"]
    kfpkit("env", "build", "--push", "--network", "host")
    assert missing(kfpkit) == []

    pyproject = home / "environments" / "small" / "pyproject.toml"
    pyproject.write_text(pyproject.read_text().replace('"six', '"iniconfig",\n  "six'))
    kfpkit("env", "lock", "small")

    assert missing(kfpkit) == ["small"]
    said = kfpkit("env", "build", "--missing", "--network", "host")
    assert [line.split(":")[0] for line in said.splitlines() if "built in" in line] == ["small"]


def test_pipelines_compile_with_digests(kfpkit, built, home, registry):
    kfpkit("compile", "pipelines/training", "--pin", "--output", "pinned.yaml")

    text = (home / "pinned.yaml").read_text()
    assert f"{registry}/sklearn@sha256:" in text
    assert f"{registry}/sklearn:" not in text


def test_components_run_in_the_images_that_they_claim(built, registry):
    command = [sys.executable, "-m", "pytest", "-v", "tests/components", "--containers"]

    said = call([*command, "--environments", ",".join(BUILT)], ROOT, registry)

    assert set(BUILT) <= set(re.findall(r"\[([^]]+)\] PASSED", said)), said
    assert "skipped" not in said.splitlines()[-1]


def test_the_training_pipeline_runs_in_containers(kfpkit, built):
    kfpkit("run", "pipelines/seed", "--config", "local.yaml", "--containers")

    said = kfpkit("run", "pipelines/training", "--config", "local.yaml", "--containers")

    assert "training succeeded" in said.splitlines()[-1]
