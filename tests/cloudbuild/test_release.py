"""The steps of `release.yaml`, each with its own command, with Vertex AI on this machine."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from cloudbuild.build_files import FOLDER, ROOT, BuildFile, Step

from kfpkit.emulators import stop_emulator
from kfpkit.environments import Environment, list_environments
from kfpkit.images.labels import HASH_LABEL
from kfpkit.images.registry import Registry, parse
from kfpkit.images.registry.registry import Manifest
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
    (root / ".gitignore").write_text(
        ".kfpkit/\n.venv\nbuild/\n__pycache__/\ncompiled/\ndownloaded/\n"
    )
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
def registry(home, registry_server) -> str:
    """Return a place in a real registry that has an image of each environment, without layers."""
    place = f"{registry_server}/release"
    project = replace(find_project(home), registry=place)
    with contextlib.closing(Registry(writes=True)) as found:
        for one in list_environments(project):
            if one.description.has_image:
                push_stand_in(found, one)
    return place


def push_stand_in(registry: Registry, environment: Environment) -> None:
    """Push an image that has nothing but the label by which kfpkit knows it."""
    image = parse(environment.image)
    labels = {HASH_LABEL: environment.content.hash}
    described = {
        "architecture": "amd64",
        "os": "linux",
        "config": {"Labels": labels},
        "rootfs": {"type": "layers", "diff_ids": []},
    }
    config = json.dumps(described).encode()
    kinds = "application/vnd.oci.image"
    content = {
        "schemaVersion": 2,
        "mediaType": f"{kinds}.manifest.v1+json",
        "config": {
            "mediaType": f"{kinds}.config.v1+json",
            "digest": registry.store_blob(image, config),
            "size": len(config),
        },
        "layers": [],
    }
    manifest = Manifest(kind=content["mediaType"], content=json.dumps(content).encode())
    registry.store_manifest(image, manifest)


@pytest.fixture(scope="module")
def release(home, registry) -> dict[str, str]:
    """Run all steps but the installation, twice, and return what they print."""
    said: dict[str, str] = {}
    for again in ("", " again"):
        for step in list_steps(registry):
            done = execute(step.command, home, {"CI": "", **step.variables})
            assert done.returncode == 0, f"{step.id}:\n{done.stdout}"
            said[f"{step.id}{again}"] = done.stdout
    return said


def list_steps(registry: str) -> list[Step]:
    """Return the steps after the installation, whose result the clone has already."""
    values = {"_TARGET": "release", "TAG_NAME": "v1.2.0", "_RUN": "release-0123abc"}
    steps = BuildFile(path=FOLDER / "release.yaml").steps(**values, _REGISTRY=registry)
    found = [step for step in steps if step.id != "install"]
    for step in found:
        if step.command[0] == "make":
            step.command[1:1] = ["-o", ".venv/installed"]
    return found


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


def test_every_pipeline_is_compiled_with_images_that_the_registry_has(release, home, registry):
    files = sorted((home / "build").glob("*.yaml"))
    assert len(files) == len(list((ROOT / "pipelines").glob("*/pipeline.py")))
    images = {image for file in files for image in list_images(file)}
    assert images
    with contextlib.closing(Registry()) as found:
        for image in images:
            assert image.startswith(f"{registry}/")
            assert "@sha256:" in image
            assert found.find(parse(image)) is not None


def list_images(file: Path) -> list[str]:
    executors = yaml.safe_load(file.read_text())["deploymentSpec"]["executors"].values()
    return [each["container"]["image"] for each in executors if "container" in each]


def test_an_image_that_the_registry_lacks_ends_the_release_before_anything_is_stored(
    home, registry
):
    [pin] = [step for step in list_steps(f"{registry}-empty") if step.id == "pin"]
    done = execute(pin.command, home, pin.variables)
    assert done.returncode != 0
    assert f"{registry}-empty/" in done.stdout
    assert "Traceback" not in done.stdout


def test_every_pipeline_is_stored_under_the_tag_as_it_compiles(release, home, registry):
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
    words = [kfpkit, "compile", "pipelines", "--output", "compiled"]
    assert execute(words, home, {"KFPKIT_REGISTRY": registry}).returncode == 0
    for name in names:
        stored = home / f"downloaded/{name}.yaml"
        (compiled,) = [
            file
            for file in (home / "compiled").glob("*.yaml")
            if file.stem.replace("_", "-") == name
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
