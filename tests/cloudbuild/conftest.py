from __future__ import annotations

import re

import pytest
from cloudbuild.build_files import FOLDER, ROOT, BuildFile


@pytest.fixture(params=sorted(path.name for path in FOLDER.glob("*.yaml")))
def build_file(request) -> BuildFile:
    return BuildFile(path=FOLDER / request.param)


@pytest.fixture(scope="session")
def make_targets() -> frozenset[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^([a-z][a-z-]*):.*## ", text, re.MULTILINE))
