"""Runs pipelines on this machine, in virtual environments created from the environments' locks.

The input is always a compiled pipeline. A folder or Python file is compiled first, so a run on this
machine executes what would be submitted. The output is a `RunResult` and a folder
`.kfpkit/runs/RUN` with the compiled pipeline, each task's log, the artifacts and a `run.json`.

`kfpkit.specification` interprets the specification. This package runs it:

- `graph` follows the specification's graphs (conditions, loops, exit handlers, pipelines in
  pipelines), starts each task as soon as its dependencies are done, and limits how many tasks run
  in parallel.
- `tasks` runs one task: from the cache, or with a launcher, repeated according to its retry policy.
- `launching` runs a task's command: as a process in a virtual environment, or in a container of the
  image. Each command has a keeper (`kfpkit.processes`), which ends it with everything that it has
  started, even if the run is killed. Containers have a keeper too.
- `record` writes the run folder and `run.json`, and reports the state of tasks to listeners. The
  command line prints.

Guaranteed: a failed task stops only the tasks that depend on it; nothing keeps running after a run
has ended or was killed; parallel runs don't change each other's files.
"""

from __future__ import annotations

from kfpkit.configuration import Configuration
from kfpkit.local.record import RunResult
from kfpkit.local.retry import retry_run
from kfpkit.local.run import run_pipeline
from kfpkit.local.tasks import CacheRule, KeyFacts

__all__ = [
    "CacheRule",
    "Configuration",
    "KeyFacts",
    "RunResult",
    "retry_run",
    "run_pipeline",
]
