"""The tasks of the training pipeline: their environments, and the longest chain among them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict

from kfpkit.environments import find_environment_of_image
from kfpkit.loading.pipelines import load_pipeline
from kfpkit.project.project import find_project

PIPELINE = Path(__file__).parents[2] / "pipelines" / "training"
NOT_TAKEN = "exec-batch-predict-2"  # a run takes one of the two branches


class Tasks:
    """The tasks that a run of the training pipeline executes."""

    def __init__(self) -> None:
        project = find_project(PIPELINE)
        self._specification = MessageToDict(load_pipeline(PIPELINE).pipeline_spec)
        executors = self._specification["deploymentSpec"]["executors"]
        images = {name: executor["container"]["image"] for name, executor in executors.items()}
        found = {name: find_environment_of_image(project, image) for name, image in images.items()}
        self._environments = {name: one.name for name, one in found.items() if one is not None}
        if NOT_TAKEN not in self._environments:
            sys.exit(f"The training pipeline has no `{NOT_TAKEN}`; which branch is not taken?")

    @property
    def environments(self) -> list[str]:
        """The environment of each task."""
        return [one for name, one in self._environments.items() if name != NOT_TAKEN]

    def longest_chain(self, seconds: Mapping[str, float]) -> float:
        """Return how long the tasks take when those without an order between them run in parallel.

        Args:
            seconds: What a task takes, by its environment.
        """
        return self._longest(self._specification["root"]["dag"], seconds)

    def _longest(self, dag: Mapping[str, Any], seconds: Mapping[str, float]) -> float:
        tasks: dict[str, Any] = dict(dag["tasks"])
        ends: dict[str, float] = {}
        while tasks:
            ready = [name for name, task in tasks.items() if ends.keys() >= _waits_for(task)]
            for name in ready:
                task = tasks.pop(name)
                begins = max((ends[other] for other in _waits_for(task)), default=0.0)
                ends[name] = begins + self._seconds(task, seconds)
        return max(ends.values())

    def _seconds(self, task: Mapping[str, Any], seconds: Mapping[str, float]) -> float:
        component = self._specification["components"][task["componentRef"]["name"]]
        if "dag" in component:
            return self._longest(component["dag"], seconds)
        return seconds[self._environments[component["executorLabel"]]]


def _waits_for(task: Mapping[str, Any]) -> set[str]:
    return set(task.get("dependentTasks", ()))
