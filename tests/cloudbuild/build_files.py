"""The Cloud Build files, and what their steps run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "cloudbuild"

# Each step runs in continuous integration here: in tests/end_to_end/test_images.py, or where these
# files say so with these words.
_FOR_EVERY_CHANGE = {
    name: (".ci/run", f"make {name}") for name in ("install", "lint", "docs", "compile", "test")
}
ELSEWHERE: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "pull-request.yaml": {
        **_FOR_EVERY_CHANGE,
        # It fetches from the clone's origin.
        "history": ("tests/test_makefile.py", '"history"'),
    },
    "environments.yaml": {"install": _FOR_EVERY_CHANGE["install"]},
    "release.yaml": {
        "install": _FOR_EVERY_CHANGE["install"],
        "pin": ("tests/cloudbuild/test_release.py", '"pin"'),
        "upload": ("tests/cloudbuild/test_release.py", '"upload"'),
        "submit": ("tests/cloudbuild/test_release.py", '"submit"'),
    },
    "audit.yaml": {
        "install": _FOR_EVERY_CHANGE["install"],
        # It asks a public database; the test has one of its own.
        "audit": ("tests/cli/env/test_audit.py", '"audit"'),
    },
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a step runs, and with which variables."""

    id: str
    command: list[str]
    variables: dict[str, str]
    may_fail: bool


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

    def steps(self, **substitutions: str) -> list[Step]:
        """Return the steps, with values for some of the substitutions."""
        content = yaml.safe_load(Template(self.text).safe_substitute(substitutions))
        shared = content["options"].get("env", [])
        return [
            Step(
                id=step["id"],
                command=[step["entrypoint"], *step["args"]],
                variables=dict(text.split("=", 1) for text in [*shared, *step.get("env", [])]),
                may_fail=step.get("allowFailure", False),
            )
            for step in content["steps"]
        ]
