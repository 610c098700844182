"""Each pipeline in `pipelines/` compiles to the YAML that is committed here.

`UPDATE_GOLDEN=1 pytest tests/golden` writes them anew: read the difference before committing it.

Three things are left out of the comparison. The payload and the content hash at the end of an image
reference change with every edit of a helper and every new lock, and each has tests of its own; in
the payload's place stand the names of the files that it holds. The registry is each project's own
choice, and here always the same.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import kfp
import pytest
import yaml

from kfpkit.loading import load_component

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PIPELINES = sorted(file.parent.name for file in (ROOT / "pipelines").glob("*/pipeline.py"))
CATALOGUE = sorted(file.stem for file in (ROOT / "src/kfpkit/components").glob("[a-z]*.py"))
REGISTRY = "registry.example/kfpkit"
LOCKED_KFP = "kfp-2.17.0"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory) -> Path:
    """Compile all pipelines in a process of their own: a project is read once in each."""
    folder = tmp_path_factory.mktemp("compiled")
    paths = [f"pipelines/{name}" for name in PIPELINES]
    command = [sys.executable, "-m", "kfpkit", "compile", *paths, "--output", folder]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"KFPKIT_REGISTRY": REGISTRY}, check=True)
    return folder


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_compiles_to_its_golden_file(name, compiled):
    golden = HERE / f"{name}.yaml"
    found = readable(name, (compiled / f"{name}.yaml").read_text(encoding="utf-8"))
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(found, encoding="utf-8")

    # The tests may run with another version of KFP, which writes its number.
    expected = golden.read_text(encoding="utf-8").replace(LOCKED_KFP, f"kfp-{kfp.__version__}")
    assert found == expected


def test_every_golden_file_belongs_to_a_pipeline():
    assert sorted(file.stem for file in HERE.glob("*.yaml")) == PIPELINES


def test_every_component_of_the_catalogue_is_in_a_pipeline():
    text = "".join(file.read_text(encoding="utf-8") for file in HERE.glob("*.yaml"))
    assert [name for name in CATALOGUE if f"- kfpkit/components/{name}.py\n" not in text] == []


def readable(pipeline: str, text: str) -> str:
    """Write a pipeline's compiled YAML with what ships instead of how it is encoded."""
    (spec,) = yaml.safe_load_all(text)
    executors = spec["deploymentSpec"]["executors"].values()
    for container in (each["container"] for each in executors if "container" in each):
        container["image"] = container["image"].rpartition(":")[0]
        container["command"] = shipped(pipeline, container["args"][-1])
    document: str = yaml.safe_dump(spec, sort_keys=True, width=100, allow_unicode=True)
    return document


def shipped(pipeline: str, function: str) -> dict[str, Any]:
    """Name the files that ship with a component of the catalogue or of the pipeline's file."""
    file = f"pipelines/{pipeline}/pipeline.py"
    module = f"kfpkit.components.{function}" if function in CATALOGUE else file
    component = load_component(f"{module}:{function}", ROOT)
    return {"bundle": [file.path for file in component.bundle.files]}
