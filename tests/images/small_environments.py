"""Environments with one small wheel each, locked by hand."""

from __future__ import annotations

import json
import sys

from kfpkit.environments import text_digests as fingerprint

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
BASE = f"python:{HERE}-slim-bookworm"
TRIXIE = f"python:{HERE}-slim-trixie"
SIX_1_16 = "8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254"
SIX = "4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274"

PYPROJECT = """\
[project]
name = "{name}"
version = "0"
requires-python = ">={python},<{following}"
dependencies = ["six=={six}"]

[tool.poetry]
package-mode = false

[tool.kfpkit.environment]
{settings}
"""

LOCK = """\
[[package]]
name = "six"
version = "{six}"
description = "Python 2 and 3 compatibility utilities"
optional = false
python-versions = ">=2.7"
groups = ["main"]
files = [
    {{file = "six-{six}-py2.py3-none-any.whl", hash = "sha256:{digest}"}},
]

[metadata]
lock-version = "2.1"
python-versions = ">={python},<{following}"
content-hash = "{content_hash}"
"""


def environment_files(  # noqa: PLR0913 - what tests vary, each by its name
    name: str = "tiny",
    *,
    settings: str = "",
    six: str = "1.17.0",
    digest: str = SIX,
    python: str = HERE,
    imports: tuple[str, ...] = ("six",),
) -> dict[str, str]:
    """Write an environment with one pure wheel, locked by hand."""
    following = f"3.{int(python.partition('.')[2]) + 1}"
    bounds = f">={python},<{following}"
    relevant = {"requires-python": bounds, "dependencies": [f"six=={six}"]}
    locked = LOCK.format(
        six=six,
        digest=digest,
        python=python,
        following=following,
        content_hash=fingerprint.compute_poetry_hash({"project": relevant}),
    )
    manifest = {
        "lock": fingerprint.compute_digest(locked),
        "distributions": {"six": six},
        "imports": dict.fromkeys(imports, "six"),
    }
    folder = f"environments/{name}"
    return {
        f"{folder}/pyproject.toml": PYPROJECT.format(
            name=name, six=six, python=python, following=following, settings=settings
        ),
        f"{folder}/poetry.lock": locked,
        f"{folder}/imports.json": json.dumps(manifest),
    }
