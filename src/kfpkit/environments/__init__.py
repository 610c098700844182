"""Environments: from a folder with a lock to an image reference and a virtual environment.

An environment is a folder under `environments/` with three files: `pyproject.toml` (the Python
version, the dependencies, `[tool.kfpkit.environment]` with `system-packages` and `base-image`),
`poetry.lock`, and `imports.json`, which maps imports to distributions.

    pyproject.toml ──locking──▶ poetry.lock + imports.json     written together, by one command
          │                          │
          ├──────fingerprint─────────┤
          ▼                          ▼
    content hash ──▶ image reference `REGISTRY/NAME:HASH`
          └────────▶ virtual environment, created once for each lock

Guaranteed:

- The content hash depends only on content (`pyproject.toml`, `poetry.lock`, the shared Dockerfile,
  kfp's pinned runtime, the base image, the Python version), not on folders or times.
- A virtual environment with its final name is complete. The one process that holds the lock file
  builds it under another name, from an exported lock with hashes and from wheels only. Its
  inventory reveals later damage, and kfpkit then creates it again.
- A virtual environment stays as long as a lock names it or a process uses it (`users`, `cleaning`).
- `poetry.lock` and `imports.json` change only when locking has succeeded as a whole, including one
  installation of the new lock. `require_fresh` refuses files that don't belong together.
- Only locking and creating virtual environments start processes or use the network.
"""

from __future__ import annotations

from kfpkit.environments.content import describe_changes
from kfpkit.environments.environment import Environment
from kfpkit.environments.files import Distribution
from kfpkit.environments.finding import (
    choose_environments,
    find_environment,
    find_environment_of_image,
    list_deciding_files,
    list_environment_names,
    list_environments,
    require_environments,
)
from kfpkit.environments.freshness import require_fresh
from kfpkit.environments.provisions import Provision, collect_provided_imports
from kfpkit.environments.recipe import BUILD_SCRIPTS, RUNTIME_FILE
from kfpkit.environments.shipped import find_shipped, find_shipped_with, list_shipped_names

__all__ = [
    "BUILD_SCRIPTS",
    "RUNTIME_FILE",
    "Distribution",
    "Environment",
    "Provision",
    "choose_environments",
    "collect_provided_imports",
    "describe_changes",
    "find_environment",
    "find_environment_of_image",
    "find_shipped",
    "find_shipped_with",
    "list_deciding_files",
    "list_environment_names",
    "list_environments",
    "list_shipped_names",
    "require_environments",
    "require_fresh",
]
