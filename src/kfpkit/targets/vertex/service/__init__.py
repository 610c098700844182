"""What sends requests to Google Cloud, and reads its answers.

- `credentials` finds the credentials of a target, and whose they are.
- `connection` sends requests, with a limit in time for each, and repeats what failed for a while.
- `faults` turns what Google Cloud refuses into errors of kfpkit.
- `storage` and `template_repository` store compiled pipelines.
- `objects` reads what runs have written to Cloud Storage.
- `run_list` lists runs.
- `experiments` adds runs to experiments.
- `runs` creates runs so that a lost answer never starts a second one, reads and cancels them.
"""

from __future__ import annotations

from kfpkit.targets.vertex.service.connection import Connection, connect, make_address
from kfpkit.targets.vertex.service.credentials import TargetCredentials, find_credentials
from kfpkit.targets.vertex.service.experiments import associate_run
from kfpkit.targets.vertex.service.objects import fetch_object
from kfpkit.targets.vertex.service.run_list import list_runs
from kfpkit.targets.vertex.service.runs import (
    CreatedRun,
    cancel_run,
    create_run,
    fetch_run,
    find_run,
)
from kfpkit.targets.vertex.service.storage import describe_missing_bucket, store_template
from kfpkit.targets.vertex.service.template_repository import make_tag, upload_template

__all__ = [
    "Connection",
    "CreatedRun",
    "TargetCredentials",
    "associate_run",
    "cancel_run",
    "connect",
    "create_run",
    "describe_missing_bucket",
    "fetch_object",
    "fetch_run",
    "find_credentials",
    "find_run",
    "list_runs",
    "make_address",
    "make_tag",
    "store_template",
    "upload_template",
]
