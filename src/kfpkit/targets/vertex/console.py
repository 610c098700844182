"""Addresses of runs in Google Cloud's console."""

from __future__ import annotations

from urllib.parse import quote

from kfpkit.targets.target import VertexTarget

_CONSOLE = "https://console.cloud.google.com"


def make_run_link(target: VertexTarget, run: str) -> str | None:
    """Return the address of a run's page. None on the emulator.

    Args:
        target: Where it runs.
        run: The run's id.
    """
    if target.kind == "emulator":
        return None
    place = f"{target.location}/pipelines/runs/{run}"
    return f"{_CONSOLE}/vertex-ai/locations/{place}?project={target.project}"


def make_log_link(target: VertexTarget, job: str) -> str | None:
    """Return the address of a task's log. None on the emulator.

    Args:
        target: Where it runs.
        job: The full name of the job that has the log.
    """
    if target.kind == "emulator":
        return None
    number = job.rpartition("/")[2]
    query = quote(f'resource.type="ml_job"\nresource.labels.job_id="{number}"', safe="")
    return f"{_CONSOLE}/logs/query;query={query}?project={target.project}"
