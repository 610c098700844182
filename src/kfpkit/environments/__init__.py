"""Environments: from a folder with a lock to an image reference and a virtual environment.

An environment is a folder under `environments/` with three files: `pyproject.toml` (the Python
version, the dependencies, `[tool.kfpkit.environment]` with `system-packages` and `base-image`),
`poetry.lock`, and `imports.json`, which says which distribution an import comes from.

    pyproject.toml ──locking──▶ poetry.lock + imports.json     written together, by one command
          │                          │
          ├──────fingerprint─────────┤
          ▼                          ▼
    content hash ──▶ image reference `REGISTRY/NAME:HASH`
          └────────▶ virtual environment, made once for each lock

Guaranteed:

- The content hash follows from the content alone (`pyproject.toml`, `poetry.lock`, the shared
  Dockerfile, kfp's pinned runtime, the base image, the Python version), not from folders or times.
- A virtual environment that has its name is complete: it is built under another name, by the one
  process that holds the lock file, from an exported lock with hashes, from wheels only. One that is
  damaged later is noticed by its inventory, and made again.
- A virtual environment stays as long as a lock names it or a process uses it (`users`, `cleaning`).
- `poetry.lock` and `imports.json` change only when locking has succeeded as a whole, including one
  installation of the new lock; `require_fresh` refuses those that do not belong together.
- No process is started and no network asked unless something is locked or made.
"""

from __future__ import annotations

from kfpkit.environments.content import changes
from kfpkit.environments.description import Blueprint
from kfpkit.environments.environment import BUILD_SCRIPTS, RUNTIME_FILE, Environment
from kfpkit.environments.files import Distribution
from kfpkit.environments.finding import (
    deciding_files,
    environment_names,
    environment_of_image,
    find_environment,
    list_environments,
    require_environments,
)
from kfpkit.environments.freshness import require_fresh
from kfpkit.environments.layers import Split, sharers, splits
from kfpkit.environments.provisions import Provision, provided_imports
from kfpkit.environments.shipped import find_shipped, shipped_names, shipped_with
from kfpkit.environments.usage import components_by_environment
from kfpkit.environments.venvs import (
    find_damage,
    has_plain_virtual_environment,
    has_virtual_environment,
    in_use,
    plain_virtual_environment,
    python_of,
    virtual_environment,
)

__all__ = [
    "BUILD_SCRIPTS",
    "RUNTIME_FILE",
    "Blueprint",
    "Distribution",
    "Environment",
    "Provision",
    "Split",
    "changes",
    "components_by_environment",
    "deciding_files",
    "environment_names",
    "environment_of_image",
    "find_damage",
    "find_environment",
    "find_shipped",
    "has_plain_virtual_environment",
    "has_virtual_environment",
    "in_use",
    "list_environments",
    "plain_virtual_environment",
    "provided_imports",
    "python_of",
    "require_environments",
    "require_fresh",
    "sharers",
    "shipped_names",
    "shipped_with",
    "splits",
    "virtual_environment",
]
