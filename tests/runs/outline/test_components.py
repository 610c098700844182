"""The components of a compiled pipeline, with the files that travel in it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.loading import load_pipeline
from kfpkit.runs.outline import describe_components
from kfpkit.specification import read_specification

ROOT = Path(__file__).parents[3]
TRAINING = ROOT / "pipelines" / "training"


def test_components_have_the_files_of_their_bundles(tmp_path):
    compiled = compile_pipeline(load_pipeline(TRAINING), tmp_path / "training.yaml")
    specification = read_specification(compiled)
    components = dict(specification.spec.components)
    found = describe_components(components, specification.executors, lambda _: "somewhere")
    train = found["train-model"]
    assert (train.module, train.function) == ("kfpkit.components.train_model", "train_model")
    assert train.environment == "somewhere"
    assert len(train.bundle) == 64
    helper = ROOT / "src/kfpkit/helpers/__init__.py"
    digest = hashlib.sha256(helper.read_bytes()).hexdigest()
    assert train.files["kfpkit/helpers/__init__.py"] == digest
    assert not any(path.startswith(".runtime") for path in train.files)
    assert not any(name.startswith("for-loop") for name in found)
