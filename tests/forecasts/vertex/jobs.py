"""Pipeline jobs as Vertex AI has them: new ones, and ones that ran."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from google.protobuf.message import Message

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.vertex import parse_message, print_message

PARENT = "projects/1234/locations/europe-west4"
STORE = f"{PARENT}/metadataStores/default"
_SECONDS = itertools.count()


def make_job(pipeline: Any, folder: Path, **parameters: Any) -> Message:
    """Return the job that would be created for a pipeline."""
    file = compile_pipeline(pipeline, folder / "pipeline.yaml")
    (spec,) = yaml.safe_load_all(file.read_text())
    config = {"gcsOutputDirectory": "gs://bucket/root", "parameterValues": parameters}
    return parse_message("PipelineJob", {"pipelineSpec": spec, "runtimeConfig": config})


def describe_task(  # noqa: PLR0913 - what the message has
    name: str,
    *,
    state: str = "SUCCEEDED",
    execution: str = "COMPLETE",
    parent: int = 0,
    number: int | None = None,
    given: Mapping[str, Any] | None = None,
    artifacts: Mapping[str, str] | None = None,
    made: Mapping[str, str] | None = None,
    returned: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the details of a task, as Vertex AI has them."""
    values = {f"input:{key}": value for key, value in (given or {}).items()}
    values |= {f"output:{key}": value for key, value in (returned or {}).items()}
    return {
        "taskId": str(next(_SECONDS) + 100 if number is None else number),
        "parentTaskId": str(parent),
        "taskName": name,
        "state": state,
        "execution": {"state": execution, "metadata": values},
        "inputs": _describe_artifacts(artifacts or {}),
        "outputs": _describe_artifacts(made or {}),
    }


def finish(job: Message, run: str, *tasks: dict[str, Any]) -> Message:
    """Return a job after it ran."""
    at = f"2026-11-01T00:{next(_SECONDS) // 60 % 60:02}:{next(_SECONDS) % 60:02}Z"
    content = print_message(job)
    own = {"name": f"{PARENT}/pipelineJobs/{run}", "createTime": at}
    details = [{"taskId": "1", "taskName": run, "state": "SUCCEEDED"}, *tasks]
    return parse_message("PipelineJob", {**content, **own, "jobDetail": {"taskDetails": details}})


def _describe_artifacts(artifacts: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: {
            "artifacts": [
                {
                    "name": f"{STORE}/artifacts/{number}",
                    "uri": f"gs://bucket/{number}",
                    "schemaTitle": "system.Dataset",
                }
                for number in numbers.split()
            ]
        }
        for name, numbers in artifacts.items()
    }
