"""Images as a platform team lives with them: built once, pushed, found again, run in.

The steps of the Cloud Build files do it, each with its own command, in their order.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import docker
import pytest
from cloudbuild.build_files import ELSEWHERE, FOLDER, BuildFile, Step
from components.claims import find_smoke_tests

from kfpkit.catalogue import list_entries
from kfpkit.environments import list_environments
from kfpkit.images.base import BaseImage
from kfpkit.images.building.attestations import BILL
from kfpkit.images.labels import make_labels
from kfpkit.images.registry.attachments import Attachment, attach
from kfpkit.images.registry.references import parse
from kfpkit.images.registry.registry import Registry
from kfpkit.project.project import Project, find_project

pytestmark = [pytest.mark.containers, pytest.mark.slow, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[2]
PROJECT = ("Makefile", "environments", "pipelines", "pyproject.toml", "tests")
# What the training pipeline runs in. The registry has the others, which take as long again.
BUILT = ("gcp", "sklearn", "xgboost-3")
# What is chosen from the tests that a step runs, which take an hour on this machine. The others run
# in virtual environments of the same locks.
CHOSEN = {
    "test": f"-v -m smoke --environments {','.join(BUILT)}",
    "environments": "-v -k 'imports or copied' -m 'not large' --environments gcp",
}


@pytest.fixture(scope="module")
def registry(engine, registry_server) -> Iterator[str]:
    """Have base images, and a place in a real registry; what the engine has of it goes."""
    subprocess.run([ROOT / ".ci" / "engine", "bases", "3.13"], check=True)
    registry = f"{registry_server}/kfpkit"
    yield registry
    tags = [tag for image in engine.images.list() for tag in image.tags]
    for tag in tags:
        if tag.startswith(f"{registry}/"):
            engine.api.remove_image(tag, force=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory, engine, registry) -> Path:
    """Make a project as `make install` leaves it, whose registry lacks some images."""
    root = tmp_path_factory.mktemp("home")
    for name in PROJECT:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / name)
    (root / ".venv").symlink_to(ROOT / ".venv")
    push_stand_ins(engine, root / "environments", registry)
    return root


@pytest.fixture(scope="module")
def pull_request(home, registry) -> dict[str, str]:
    """Run the steps for a pull request before any image is built; return what each says."""
    return run_steps("pull-request.yaml", home, registry)


@pytest.fixture(scope="module")
def nightly(pull_request, home, registry) -> dict[str, str]:
    """Run the steps of the nightly build; return what each says."""
    return run_steps("environments.yaml", home, registry)


@pytest.fixture
def call(nightly, home, registry, tmp_path):
    """Return a function that runs a command in a copy of the project after the nightly build."""
    temporary = shutil.ignore_patterns("pytest-of-*")
    copy = shutil.copytree(home, tmp_path / "home", symlinks=True, ignore=temporary)
    variables = {"KFPKIT_REGISTRY": registry}

    def run(*command: str) -> str:
        done = execute(list(command), copy, variables)
        assert done.returncode == 0, done.stdout
        return done.stdout

    run.folder = copy
    return run


def push_stand_ins(engine: docker.DockerClient, folder: Path, registry: str) -> None:
    """Push empty images for the environments that are not built here, as their builds name them."""
    project = Project(root=folder.parent, source_roots=(), environments=folder, registry=registry)
    for one in list_environments(project):
        if one.description.has_image and one.name not in BUILT:
            name, _, tag = one.image.rpartition(":")
            base = BaseImage(
                name=one.description.base_image, digest="", source=one.description.base_image
            )
            labels = make_labels(one, base=base)
            changes = [f"LABEL {key}={json.dumps(value)}" for key, value in labels.items()]
            engine.api.import_image_from_data(b"\0" * 1024, name, tag, changes=changes)
            said = engine.api.push(name, tag)
            assert '"error"' not in said, said
            attach_stand_in(one.image)


def attach_stand_in(image: str) -> None:
    """Have a bill of materials, for which an environment would be installed."""
    with contextlib.closing(Registry(writes=True)) as registry:
        reference = parse(image)
        pushed = replace(reference, tag=registry.image(reference).digest)
        attach(registry, pushed, Attachment(kind=BILL, title="bill.json", content=b"{}"))


def run_steps(file: str, folder: Path, registry: str) -> dict[str, str]:
    build_file = BuildFile(path=FOLDER / file)
    said: dict[str, str] = {}
    for step in build_file.steps(_REGISTRY=registry, _BASE_BRANCH="main"):
        if step.id not in ELSEWHERE[file]:
            done = execute(installed(step), folder, variables(step, folder))
            assert step.may_fail or done.returncode == 0, f"{step.id}:\n{done.stdout}"
            said[step.id] = done.stdout
    return said


def installed(step: Step) -> list[str]:
    program, *arguments = step.command
    return [program, *(["-o", ".venv/installed"] if program == "make" else []), *arguments]


def variables(step: Step, folder: Path) -> dict[str, str]:
    """Return a step's variables, with the folder that is the clone's in Cloud Build."""
    own = {name: re.sub("^/workspace", str(folder), text) for name, text in step.variables.items()}
    return {**own, "PYTEST_ADDOPTS": CHOSEN.get(step.id, "")}


def execute(
    command: list[str], folder: Path, variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command whatever started these tests; the engine here may have no network."""
    ours = {"MAKEFLAGS": "", "KFPKIT_CHANGED_SINCE": "", "BUILD_NETWORK": "host", "COLUMNS": "200"}
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | ours | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def missing(call) -> list[str]:
    plan = json.loads(call(".venv/bin/kfpkit", "env", "plan", "--json"))
    return [entry["name"] for entry in plan["environments"] if not entry["exists"]]


def built(said: str) -> list[str]:
    return [line.split(":")[0] for line in said.splitlines() if "built in" in line]


def passed_in(said: str, test: str) -> set[str]:
    """Find the environments in whose images a test passed; variants follow their names."""
    found = re.findall(rf"::{test}\[(\S+)\] PASSED", said)
    return {name for name in BUILT for one in found if f"{one}-".startswith(f"{name}-")}


def test_a_pull_request_shows_what_will_be_built(pull_request):
    planned = re.findall(r"^ (\S+) +\S+ +to build ", pull_request["plan"], re.MULTILINE)

    assert tuple(planned) == BUILT
    assert "kfpkit/sklearn:" in pull_request["pin"]


def test_exactly_what_the_registry_lacks_is_built_and_its_log_shown(pull_request):
    logs = re.findall(
        r"^== \.kfpkit/images/(\S+)-[0-9a-f]{16}\.log$", pull_request["build"], re.MULTILINE
    )

    assert tuple(built(pull_request["build"])) == tuple(logs) == BUILT


def test_every_image_is_given_its_bill_of_materials(nightly):
    told = re.findall(r"^(\S+): attaching its bill of materials$", nightly["push"], re.MULTILINE)

    assert tuple(told) == BUILT


def test_components_run_in_each_image_that_they_can_run_in(nightly):
    for entry in list_entries(find_project(ROOT)):
        tests = [test for test, _ in find_smoke_tests(entry.name)]

        passed = {name for test in tests for name in passed_in(nightly["test"], test)}

        assert passed == {place.name for place in entry.environments} & set(BUILT), entry.name
    assert "skipped" not in nightly["test"].splitlines()[-1]


def test_what_a_lock_provides_is_imported_without_an_image_too(nightly):
    assert "PASSED tests/environments/test_imports.py" in nightly["environments"]
    assert "PASSED tests/components/" in nightly["environments"]


def test_what_was_pushed_is_not_built_again(nightly, call):
    assert built(nightly["push"]) == []
    assert missing(call) == []
    assert "The registry has all images." in call("make", "-o", ".venv/installed", "images")


def test_every_image_is_reported_with_its_sizes(nightly):
    row = r"^ (\S+) .* exists +\d+ MB +\d+ MB "

    assert set(BUILT) <= set(re.findall(row, nightly["report"], re.MULTILINE))


def test_pipelines_compile_with_digests(nightly, home, registry):
    text = (home / "build" / "training.yaml").read_text()

    assert f"{registry}/sklearn@sha256:" in text
    assert f"{registry}/sklearn:" not in text


def test_a_code_change_builds_nothing(call):
    with (call.folder / "pipelines" / "training" / "pipeline.py").open("a") as file:
        file.write("\n# a comment\n")

    assert missing(call) == []


def test_a_changed_lock_builds_exactly_one(call):
    call(".venv/bin/kfpkit", "env", "new", "small", "--python", "3.13", "--with", "six")
    assert missing(call) == ["small"]
    call(".venv/bin/kfpkit", "env", "build", "--push", "--network", "host")
    assert missing(call) == []

    pyproject = call.folder / "environments" / "small" / "pyproject.toml"
    pyproject.write_text(pyproject.read_text().replace('"six', '"iniconfig",\n  "six'))
    call(".venv/bin/kfpkit", "env", "lock", "small")

    assert missing(call) == ["small"]
    assert built(call("make", "-o", ".venv/installed", "images")) == ["small"]


def test_images_hold_nothing_that_only_tools_read(engine, call):
    found = json.loads(call(".venv/bin/kfpkit", "env", "plan", "--json"))["environments"]
    (image,) = (entry["image"] for entry in found if entry["name"] == "sklearn")
    look = (
        "from pathlib import Path; import pyarrow.parquet, scipy.linalg, sklearn.ensemble\n"
        "files = [path for path in Path(pyarrow.__file__).parent.rglob('*') if path.is_file()]\n"
        "libraries = [path for path in files if '.so' in path.suffixes]\n"
        "assert libraries and not any(b'.symtab' in path.read_bytes() for path in libraries)\n"
        "assert not [path for path in files if path.suffix in {'.h', '.inc', '.pyx'}]\n"
    )

    engine.containers.run(image, ["python3", "-c", look], network_mode="none", remove=True)


def test_optuna_keeps_studies_in_a_database_without_its_tests(engine, call):
    found = json.loads(call(".venv/bin/kfpkit", "env", "plan", "--json"))["environments"]
    (image,) = (entry["image"] for entry in found if entry["name"] == "sklearn")
    study = (
        "import importlib.util, optuna\n"
        "assert importlib.util.find_spec('sqlalchemy.testing') is None\n"
        "study = optuna.create_study(storage='sqlite:////tmp/study.db')\n"
        "study.optimize(lambda trial: trial.suggest_float('x', 0, 1), n_trials=2)\n"
        "assert len(optuna.load_study(study_name=None, storage=study._storage).trials) == 2\n"
    )
    offline = {"network_mode": "none", "remove": True, "tmpfs": {"/tmp": ""}}

    engine.containers.run(image, ["python3", "-c", study], **offline)


def test_the_training_pipeline_runs_in_containers(call):
    run = (".venv/bin/kfpkit", "run", "--containers", "--config", "local.yaml")
    call(*run, "pipelines/seed")

    said = call(*run, "pipelines/training")

    assert "training succeeded" in said.splitlines()[-1]


def test_images_do_without_what_rules_declare_and_have_everything_else(engine, call):
    found = json.loads(call(".venv/bin/kfpkit", "env", "plan", "--json"))["environments"]
    (image,) = (entry["image"] for entry in found if entry["name"] == "gcp")

    offline = {"network_mode": "none", "remove": True}
    said = engine.containers.run(image, ["python3", "-c", IMPORTS], tmpfs={"/tmp": ""}, **offline)
    assert said.decode() == "left out: ['pyarrow.flight', 'pyarrow._s3fs']\n"


# What stays of the packages that rules and tools were taken from, as their users reach it.
IMPORTS = """\
import ctypes.util, importlib, io, os, pathlib, subprocess
import numpy as np, pandas as pd, pyarrow as pa, pyarrow.fs
from google.cloud import bigquery, storage
names = "acero compute csv dataset feather fs ipc json orc parquet parquet.encryption".split()
names += ["substrait"]
for name in names:
    importlib.import_module(f"pyarrow.{name}")
left = []
for name in ("pyarrow.flight", "pyarrow._s3fs"):
    try:
        importlib.import_module(name)
    except ImportError:
        left.append(name)
print(f"left out: {left}")
table = pd.DataFrame({"name": ["ä", "ß"], "amount": [1.5, 2.5]})
for write, read in (("to_parquet", pd.read_parquet), ("to_feather", pd.read_feather),
                    ("to_orc", pd.read_orc)):
    getattr(table, write)("/tmp/table")
    assert read("/tmp/table").equals(table)
assert pa.fs.GcsFileSystem and pa.fs.AzureFileSystem and pa.fs.LocalFileSystem
for read, named in ((pa.fs.FileSystem.from_uri, "s3"), (pd.read_parquet, "fsspec")):
    try:
        read("s3://bucket/table")
    except (ImportError, pa.ArrowException) as error:
        assert named in str(error).lower(), error
    else:
        raise AssertionError(read)
assert np.linalg.inv(np.eye(3)).sum() == 3 and np.testing.assert_allclose
for encoding in ("cp1252", "shift_jis", "big5", "utf-16", "koi8_r"):
    assert isinstance("ABC".encode(encoding).decode(encoding), str)
assert ctypes.util.find_library("c") and ctypes.util.find_library("ssl")
assert subprocess.check_output("uname", shell=True) == b"Linux\\n"
folder = pathlib.Path(pa.__file__).parent
assert (folder / "libarrow_python.so").is_symlink() and (folder / "libarrow_python.so").exists()
pa.create_library_symlinks, pa.get_libraries()
import sqlite3, readline, curses, lzma, bz2, ssl, uuid, zoneinfo, unittest, pydoc
assert zoneinfo.ZoneInfo("Europe/Berlin") and os.listdir(ssl.get_default_verify_paths().capath)
"""
