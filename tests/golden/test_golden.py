"""Each pipeline in `pipelines/` compiles to the YAML that is committed here.

`UPDATE_GOLDEN=1 pytest tests/golden` writes them anew: read the difference before committing it.

Two things are left out of the comparison, since they change with every edit of a helper and every
new lock, and each has tests of its own: the payload, in whose place stand the names of the files
that it holds, and the content hash at the end of an image reference.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from kfpkit.compiler import to_yaml
from kfpkit.loading import load_component, load_pipeline

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PIPELINES = sorted(file.parent.name for file in (ROOT / "pipelines").glob("*/pipeline.py"))


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_compiles_to_its_golden_file(name):
    golden = HERE / f"{name}.yaml"
    compiled = readable(to_yaml(load_pipeline(ROOT / "pipelines" / name)))
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(compiled, encoding="utf-8")

    assert compiled == golden.read_text(encoding="utf-8")


def test_every_golden_file_belongs_to_a_pipeline():
    assert sorted(file.stem for file in HERE.glob("*.yaml")) == PIPELINES


def readable(text: str) -> str:
    """Write compiled YAML with what ships instead of how it is encoded."""
    (spec,) = yaml.safe_load_all(text)
    for executor in spec["deploymentSpec"]["executors"].values():
        container = executor["container"]
        container["image"] = container["image"].rpartition(":")[0]
        container["command"] = shipped(container["args"][-1])
    document: str = yaml.safe_dump(spec, sort_keys=True, width=100, allow_unicode=True)
    return document


def shipped(function: str) -> dict[str, Any]:
    """Name the files that ship with a component of the catalogue."""
    component = load_component(f"kfpkit.components.{function}:{function}", ROOT)
    return {"bundle": [file.path for file in component.bundle.files]}
