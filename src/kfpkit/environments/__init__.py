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
