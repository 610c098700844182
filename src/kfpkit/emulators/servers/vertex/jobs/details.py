"""The tasks of a job, made of the record of its run."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..names import find_location, split_name

# The states of tasks in the record, and what Vertex AI calls them.
STATES = {
    "waiting": "PENDING",
    "preparing environment": "PENDING",
    "running": "RUNNING",
    "cached": "SKIPPED",
    "succeeded": "SUCCEEDED",
    "failed": "FAILED",
    "skipped": "NOT_TRIGGERED",
    "not started": "NOT_TRIGGERED",
    "stopped": "CANCELLED",
}
_EXECUTIONS = {
    "PENDING": "NEW",
    "RUNNING": "RUNNING",
    "SKIPPED": "CACHED",
    "SUCCEEDED": "COMPLETE",
    "FAILED": "FAILED",
    "NOT_TRIGGERED": "NEW",
    "CANCELLED": "CANCELLED",
}
_FAILED_PRECONDITION = 9


def make_number(*parts: str) -> str:
    """Return the same number of 19 digits for the same parts."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return str(10**18 + int.from_bytes(digest[:8], "big") % (8 * 10**18))


def find_store(job: str) -> str:
    """Return the name of the metadata store of a job."""
    return f"{find_location(job)}/metadataStores/default"


def describe_tasks(job: str, record: Mapping[str, Any], run: Path) -> list[dict[str, Any]]:
    """Return the details of a job's tasks, in the form of JSON.

    Loops, conditions and pipelines in pipelines are tasks, too, and so is the job itself.

    Args:
        job: The job's name.
        record: The record of its run.
        run: The run's folder, which paths in the record are relative to.
    """
    tasks = [_describe_task(job, task, run) for task in record.get("tasks", [])]
    groups: dict[str, list[dict[str, Any]]] = {}
    for task, detail in zip(record.get("tasks", []), tasks, strict=True):
        for group in ("", *_list_groups(task["name"])):
            groups.setdefault(group, []).append(detail)
    return [*(_describe_group(job, name, within) for name, within in groups.items()), *tasks]


def _list_groups(name: str) -> Iterator[str]:
    parts = name.split("/")
    for count in range(1, len(parts)):
        yield "/".join(parts[:count])


def _describe_task(job: str, task: Mapping[str, Any], run: Path) -> dict[str, Any]:
    name, times = task["name"], task.get("times", {})
    state = "SUCCEEDED" if _is_reused(task) else STATES[task["state"]]
    number = make_number(job, name)
    detail = {
        **_name_task(job, name),
        "createTime": times.get("ready"),
        "startTime": times.get("running") or (times.get("ended") and times.get("ready")),
        "endTime": times.get("ended"),
        "state": state,
        "execution": _describe_execution(job, task, state),
        "inputs": _describe_artifacts(job, task.get("inputs", {}), run),
        "outputs": _describe_artifacts(job, task.get("outputs", {}), run),
        "error": _describe_failure(task),
    }
    if task.get("attempts") or (task["state"] == "running" and task.get("log")):
        custom = f"{find_location(job)}/customJobs/{number}"
        detail["executorDetail"] = {"containerDetail": {"mainJob": custom}}
    return {key: value for key, value in detail.items() if value}


def _is_reused(task: Mapping[str, Any]) -> bool:
    """Return whether the task succeeded in this job, before a restart."""
    return bool(task.get("cache", {}).get("retry"))


def _name_task(job: str, name: str) -> dict[str, Any]:
    parent, _, last = name.rpartition("/")
    return {
        "taskId": make_number(job, name),
        "parentTaskId": make_number(job, parent) if name else "",
        "taskName": last or split_name(job)[1],
        "taskUniqueName": name.replace("/", ".") or split_name(job)[1],
    }


def _describe_group(job: str, name: str, within: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the details of what contains tasks: a loop, or the job itself."""
    states = {each["state"] for each in within}
    ended = not states & {"PENDING", "RUNNING"}
    if not ended:
        state = "RUNNING"
    elif "FAILED" in states:
        state = "FAILED"
    elif "CANCELLED" in states:
        state = "CANCELLED"
    else:
        state = "NOT_TRIGGERED" if states == {"NOT_TRIGGERED"} else "SUCCEEDED"
    ends = [each["endTime"] for each in within if "endTime" in each]
    detail = {
        **_name_task(job, name),
        "createTime": min(
            (each["createTime"] for each in within if "createTime" in each), default=""
        ),
        "startTime": min((each["startTime"] for each in within if "startTime" in each), default=""),
        "endTime": max(ends, default="") if ended else "",
        "state": state,
        "execution": {
            "name": f"{find_store(job)}/executions/{make_number(job, name)}",
            "displayName": name.rpartition("/")[2] or split_name(job)[1],
            "state": _EXECUTIONS[state],
            "schemaTitle": "system.DagExecution" if name else "system.Run",
            "schemaVersion": "0.0.1",
        },
    }
    return {key: value for key, value in detail.items() if value}


def _describe_execution(job: str, task: Mapping[str, Any], state: str) -> dict[str, Any]:
    times = task.get("times", {})
    given = {
        f"{way}:{name}": value["value"]
        for way, values in (("input", task.get("inputs", {})), ("output", task.get("outputs", {})))
        for name, value in values.items()
        if "value" in value
    }
    execution = {
        "name": f"{find_store(job)}/executions/{make_number(job, task['name'])}",
        "displayName": task.get("display") or task["name"].rpartition("/")[2],
        "state": _EXECUTIONS[state],
        "createTime": times.get("ready"),
        "updateTime": times.get("ended") or times.get("running"),
        "schemaTitle": "system.ContainerExecution",
        "schemaVersion": "0.0.1",
        "metadata": given,
    }
    return {key: value for key, value in execution.items() if value}


def _describe_artifacts(job: str, values: Mapping[str, Any], run: Path) -> dict[str, Any]:
    found = {name: list(list_artifacts(value)) for name, value in values.items()}
    return {
        name: {"artifacts": [describe_artifact(job, each, run) for each in artifacts]}
        for name, artifacts in found.items()
        if artifacts
    }


def list_artifacts(value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the artifacts of an input or output of the record."""
    if "artifact" in value:
        yield value["artifact"]
    yield from value.get("artifacts", ())


def describe_artifact(job: str, artifact: Mapping[str, Any], run: Path) -> dict[str, Any]:
    """Return an artifact, in the form of JSON."""
    name = artifact.get("name") or ""
    uri = artifact.get("uri", "")
    if uri and "://" not in uri:
        uri = os.path.normpath(run / uri)
    if "/" not in name:  # of a task that didn't succeed
        name = f"{find_store(job)}/artifacts/{make_number(job, artifact.get('uri') or name)}"
    return {
        "name": name,
        "displayName": str(artifact.get("metadata", {}).get("display_name", "")),
        "uri": uri,
        "schemaTitle": artifact.get("type") or "system.Artifact",
        "schemaVersion": "0.0.1",
        "state": "LIVE",
        "metadata": artifact.get("metadata", {}),
    }


def _describe_failure(task: Mapping[str, Any]) -> dict[str, Any] | None:
    if task["state"] != "failed":
        return None
    place = task.get("place")
    where = f" ({place['file']}:{place['line']})" if place else ""
    return {"code": _FAILED_PRECONDITION, "message": f"{task.get('failure', '')}{where}."}
