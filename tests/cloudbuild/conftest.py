from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "cloudbuild"


@dataclass(frozen=True, kw_only=True)
class BuildFile:
    """A Cloud Build file as it is written."""

    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def content(self) -> dict[str, Any]:
        return yaml.safe_load(self.text)

    @property
    def commands(self) -> list[list[str]]:
        return [[step["entrypoint"], *step["args"]] for step in self.content["steps"]]


@pytest.fixture(params=sorted(path.name for path in FOLDER.glob("*.yaml")))
def build_file(request) -> BuildFile:
    return BuildFile(path=FOLDER / request.param)


@pytest.fixture(scope="session")
def make_targets() -> frozenset[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^([a-z][a-z-]*):.*## ", text, re.MULTILINE))
