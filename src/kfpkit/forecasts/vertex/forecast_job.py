"""The forecast of a run on Vertex AI."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message

from kfpkit.forecasts.graph import Forecast, forecast_tasks, invented_job
from kfpkit.forecasts.vertex.specification import JobSpecification
from kfpkit.forecasts.vertex.successes import read_successes
from kfpkit.forecasts.vertex.target import VertexTarget
from kfpkit.specification import PipelineSpec, make_artifact
from kfpkit.specification.execution import normalise_value
from kfpkit.vertex import print_message


def forecast_job(job: Message, jobs: Iterable[Message], *, target: str = "vertex") -> Forecast:
    """Forecast which tasks of a run on Vertex AI will be hits of its cache.

    Args:
        job: The `PipelineJob` that would be created.
        jobs: The `PipelineJob`s of earlier runs in the project and location, with the details of
            their tasks. Those of pipelines with other names only explain misses.
        target: The target's name.
    """
    content = print_message(job)
    spec = json_format.ParseDict(
        content["pipelineSpec"], PipelineSpec(), ignore_unknown_fields=True
    )
    specification = JobSpecification(job.pipeline_spec)
    successes = read_successes(jobs, specification.pipeline)
    with invented_job() as invented:
        tasks = forecast_tasks(
            spec,
            _read_arguments(content.get("runtimeConfig", {})),
            target=VertexTarget(specification=specification, successes=successes),
            job=invented,
        )
    return Forecast(
        pipeline=specification.pipeline,
        target=target,
        tasks=tasks,
        successes=successes.count,
        runs=successes.runs,
    )


def _read_arguments(config: dict[str, Any]) -> dict[str, Any]:
    parameters = normalise_value(config.get("parameterValues", {}))
    artifacts = {
        name: make_artifact(
            {
                "name": each["artifactId"],
                "uri": "",
                "metadata": {},
                "type": {"schemaTitle": "system.Artifact"},
            }
        )
        for name, each in config.get("inputArtifacts", {}).items()
    }
    return {**(parameters if isinstance(parameters, dict) else {}), **artifacts}
