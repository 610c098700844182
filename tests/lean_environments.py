"""Environments that are locked by hand and provide what no interpreter of the tests has."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from placeholders.patterns import ABSENT

from kfpkit.environments import text_digests as fingerprint

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
NEXT = f"{sys.version_info.major}.{sys.version_info.minor + 1}"
PYPROJECT = f"""\
[project]
name = "all"
version = "0"
requires-python = ">={HERE},<{NEXT}"
dependencies = []

[tool.poetry]
package-mode = false
"""
LOCK = f"""\
package = []

[metadata]
lock-version = "2.1"
python-versions = ">={HERE},<{NEXT}"
content-hash = "{{content_hash}}"
"""


PROVIDED = ABSENT | {"pyarrow": "pyarrow", "pydantic": "pydantic", "yaml": "pyyaml"}


def environment(name: str, imports: Mapping[str, str] = PROVIDED) -> dict[str, str]:
    """Return the files of an environment that provides import names of distributions."""
    relevant = {"requires-python": f">={HERE},<{NEXT}", "dependencies": []}
    content_hash = fingerprint.compute_poetry_hash({"project": relevant})
    lock = LOCK.format(content_hash=content_hash)
    manifest = {
        "lock": fingerprint.compute_digest(lock),
        "distributions": dict.fromkeys(imports.values(), "1.0"),
        "imports": dict(imports),
    }
    return {
        f"environments/{name}/pyproject.toml": PYPROJECT,
        f"environments/{name}/poetry.lock": lock,
        f"environments/{name}/imports.json": json.dumps(manifest),
    }
