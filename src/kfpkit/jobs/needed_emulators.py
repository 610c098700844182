"""The emulators that the tasks of a job need, by what their environments contain."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from kfpkit.environments import Environment, find_environment_of_image
from kfpkit.project import Project
from kfpkit.specification import read_specification

Name = Literal["bigquery", "storage", "vertex"]
_BIGQUERY = "google-cloud-bigquery"


def list_needed(pipeline: Path, project: Project) -> tuple[Name, ...]:
    """Return the emulators of a job: BigQuery's only if one of its environments has a client.

    Starting BigQuery takes seconds and much memory, and most pipelines don't use it.

    Args:
        pipeline: The compiled pipeline.
        project: The project.
    """
    images = read_specification(pipeline, containers=False).images
    found = [find_environment_of_image(project, image) for image in images]
    if any(each is not None and _contains_bigquery(each) for each in found):
        return ("storage", "bigquery", "vertex")
    return ("storage", "vertex")


def _contains_bigquery(environment: Environment) -> bool:
    return any(each.name == _BIGQUERY for each in environment.manifest.imports.values())
