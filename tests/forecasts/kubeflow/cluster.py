"""Runs as Kubeflow would have them: real runs here, with its key, and what its API reports."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from google.protobuf import json_format
from local.this_python import ThisPython

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.configuration import Configuration
from kfpkit.forecasts import Answer, Forecast, forecast_kubeflow_run
from kfpkit.forecasts.kubeflow.key import CacheKey, compute_custom_fingerprint
from kfpkit.local import run_pipeline
from kfpkit.runs.record import State, Task, read_record
from kfpkit.specification import artifacts_in


class KubeflowRule:
    """The rule of Kubeflow's cache, with the values and artifacts that a run really has."""

    def compute_key(self, facts: Any) -> str:
        scope = f"pipeline/{facts.pipeline} team "
        if facts.custom:
            return scope + compute_custom_fingerprint("", facts.custom)
        outputs = facts.component.output_definitions
        values = {name: each for name, each in facts.values.items() if each is not None}
        artifacts = {name: artifacts_in(value) for name, value in values.items()}
        artifacts = {name: [each.name for each in own] for name, own in artifacts.items() if own}
        key = CacheKey(
            image=facts.container.image,
            command=[*facts.container.command, *facts.container.args],
            artifacts=artifacts,
            parameters={name: each for name, each in values.items() if name not in artifacts},
            output_artifacts={
                name: json_format.MessageToDict(each) for name, each in outputs.artifacts.items()
            },
            output_parameters={
                name: str(each.parameter_type) for name, each in outputs.parameters.items()
            },
        )
        return (scope + key.fingerprint).replace("/", "-").replace(" ", "-")

    def name_outputs(self, outputs: Mapping[str, Any]) -> None:
        for value in outputs.values():
            for artifact in artifacts_in(value):
                artifact.name = str(int.from_bytes(os.urandom(6), "big"))

    def name_import(self, outputs: Mapping[str, Any], *, again: bool) -> None:
        self.name_outputs(outputs)


@dataclass
class Cluster:
    """A project whose runs have Kubeflow's key, and what the API would list of them."""

    root: Path
    runs: list[dict[str, Any]] = field(default_factory=list)
    numbers: Any = field(default_factory=itertools.count)

    def plan(self, pipeline: Any, **parameters: Any) -> dict[str, Any]:
        """Return the run that would be created."""
        file = compile_pipeline(pipeline, self.root / "build" / "pipeline.yaml")
        spec, *platforms = yaml.safe_load_all(file.read_text())
        content = {"pipeline_spec": spec, "platform_spec": platforms[0]} if platforms else spec
        return {"pipeline_spec": content, "runtime_config": {"parameters": parameters}}

    def forecast(self, pipeline: Any, **parameters: Any) -> Forecast:
        """Forecast a run."""
        return forecast_kubeflow_run(self.plan(pipeline, **parameters), self.runs)

    def run(self, pipeline: Any, **parameters: Any) -> dict[str, Task]:
        """Run a pipeline, and return its tasks."""
        planned = self.plan(pipeline, **parameters)
        texts = {name: str(value) for name, value in parameters.items()}
        result = run_pipeline(
            self.root / "build" / "pipeline.yaml",
            configuration=Configuration(),
            parameters=texts,
            launcher=ThisPython(),
            rule=KubeflowRule(),
        )
        tasks = read_record(result.folder.path).tasks
        details = [each for task in tasks for each in _list_nodes(task)]
        name = f"run-{next(self.numbers)}"
        own = {"run_id": name, "display_name": name, "state": "SUCCEEDED"}
        self.runs.insert(0, {**planned, **own, "run_details": {"task_details": details}})
        return {task.name: task for task in tasks}

    def confirm(self, pipeline: Any, **parameters: Any) -> Forecast:
        """Forecast a run, run it, and compare both."""
        forecast = self.forecast(pipeline, **parameters)
        tasks = self.run(pipeline, **parameters)
        for foreseen in forecast.tasks:
            task = tasks.get(foreseen.name)
            hit = task is not None and task.cache is not None and task.cache.hit
            if foreseen.answer is Answer.HIT:
                assert hit, foreseen.name
            elif foreseen.answer is Answer.MISS:
                assert not hit, foreseen.name
            elif foreseen.answer is Answer.SKIPPED:
                assert task.state is State.SKIPPED, foreseen.name
        return forecast


def _list_nodes(task: Task) -> list[dict[str, Any]]:
    """Return the nodes of a task in Argo's workflow, as the API lists them."""
    name = task.name.rpartition("/")[2]
    states = {State.SUCCEEDED: "SUCCEEDED", State.SKIPPED: "SKIPPED", State.FAILED: "FAILED"}
    state = states.get(task.state, "FAILED")
    return [
        {"display_name": f"{name}-driver", "state": "SUCCEEDED"},
        {"display_name": name, "state": state},
        {"display_name": "executor", "state": state},
    ]
