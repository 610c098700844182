"""The steps of `release.yaml`, each with its own command, with Vertex AI on this machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from cloudbuild.build_files import FOLDER, ROOT, BuildFile

from kfpkit.emulators import stop_emulator
from kfpkit.project import find_project
from kfpkit.targets import read_targets

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

PLACE = "https://europe-west1-kfp.pkg.dev/example-project/pipelines"
CHECK = f"""
import sys
from kfp.registry import RegistryClient

client = RegistryClient(host="{PLACE}")
for name in sys.argv[1:]:
    client.download_pipeline(name, tag="v1-2-0", file_name=f"downloaded/{{name}}.yaml")
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """Return a clone whose target `release` is the emulator, with the data that the run reads."""
    root = tmp_path_factory.mktemp("release")
    for name in ("Makefile", "environments", "pipelines", "pyproject.toml", "src"):
        ignored = shutil.ignore_patterns("__pycache__")
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, root / name)
    (root / ".venv").symlink_to(ROOT / ".venv")
    (root / ".gitignore").write_text(".kfpkit/\n.venv\nbuild/\n__pycache__/\ndownloaded/\n")
    settings = (root / "pyproject.toml").read_text(encoding="utf-8")
    (root / "pyproject.toml").write_text(redirect(settings), encoding="utf-8")
    git = ["git", "-C", root, "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "release"]):
        subprocess.run([*git, *command], check=True)
    seeded = execute([".venv/bin/kfpkit", "run", "pipelines/seed", "--config", "local.yaml"], root)
    assert seeded.returncode == 0, seeded.stdout
    yield root
    stop_emulator("vertex", project=find_project(root))


def redirect(settings: str) -> str:
    """Have the emulator as the target `release`, without accounts and confirmations."""
    before, head, rest = settings.partition("[tool.kfpkit.targets.release]\n")
    table, end, after = rest.partition("\n\n")
    kept = [line for line in table.splitlines() if not line.startswith(("service-", "confirm"))]
    assert kept[0] == 'kind = "vertex"'
    kept[0] = 'kind = "emulator"'
    return before + head + "\n".join(kept) + end + after


@pytest.fixture(scope="module")
def release(home) -> dict[str, str]:
    """Run the steps that a target has to do with, twice, and return what they print."""
    said: dict[str, str] = {}
    build = BuildFile(path=FOLDER / "release.yaml")
    values = {"_TARGET": "release", "TAG_NAME": "v1.2.0", "_RUN": "release-0123abc"}
    for again in ("", " again"):
        for step in build.steps(**values):
            if step.id in {"upload", "submit"}:
                done = execute(step.command, home, {"CI": ""})
                assert done.returncode == 0, f"{step.id}:\n{done.stdout}"
                said[f"{step.id}{again}"] = done.stdout
    return said


def execute(
    command: list[str], folder: Path, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    ours = {"PYTHONPATH": str(folder / "src"), "COLUMNS": "200"}
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | ours | dict(variables or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )


def test_every_pipeline_is_stored_under_the_tag_as_it_compiles(release, home):
    lines = re.findall(rf"^{PLACE}/(\S+)/sha256:\w+ \((.*)\)$", release["upload"], re.MULTILINE)
    names = [name for name, _ in lines]
    assert names == sorted(
        path.parent.name.replace("_", "-") for path in (ROOT / "pipelines").glob("*/pipeline.py")
    )
    commit = subprocess.run(
        ["git", "-C", home, "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    ).stdout[:12]
    assert {tags for _, tags in lines} == {f"release, {commit}, v1-2-0"}

    (home / "downloaded").mkdir()
    kfpkit = ".venv/bin/kfpkit"
    words = [kfpkit, "emulator", "vertex", "--", sys.executable, "-c", CHECK, *names]
    assert execute(words, home).returncode == 0
    assert execute([kfpkit, "compile", "pipelines", "--output", "build"], home).returncode == 0
    for name in names:
        stored = home / f"downloaded/{name}.yaml"
        (compiled,) = [
            file for file in (home / "build").glob("*.yaml") if file.stem.replace("_", "-") == name
        ]
        assert stored.read_bytes() == compiled.read_bytes()


def test_the_run_ends_well_and_names_what_was_uploaded(release, home):
    assert release["submit"].startswith("release-0123abc: created\n")
    [uploaded] = re.findall(rf"^({PLACE}/training/\S+)", release["upload"], re.MULTILINE)
    jobs = [json.loads(file.read_text()) for file in home.glob(".kfpkit/runs/2*/run.json")]
    assert "succeeded" in [job["state"] for job in jobs if job["pipeline"] == "training"]
    assert uploaded


def test_the_same_release_again_starts_no_second_run(release):
    assert release["upload again"] == release["upload"]
    assert release["submit again"].startswith("release-0123abc: exists already, succeeded\n")


def test_the_target_of_the_file_is_one_of_the_project():
    build = BuildFile(path=FOLDER / "release.yaml")
    target = read_targets(find_project(ROOT))[build.content["substitutions"]["_TARGET"]]
    assert (target.kind, target.confirm) == ("vertex", True)
    assert target.template_repository == PLACE
