"""The record of a run as a whole."""

from __future__ import annotations

from pydantic import Field

from kfpkit.runs.record.component import Component
from kfpkit.runs.record.environment import Environment
from kfpkit.runs.record.node import Node
from kfpkit.runs.record.origin import ConfigurationFile, Parameter, Revision
from kfpkit.runs.record.part import Moment, Part
from kfpkit.runs.record.retry import Retry, Settings
from kfpkit.runs.record.states import RunState
from kfpkit.runs.record.target import Target
from kfpkit.runs.record.task import Task
from kfpkit.runs.record.values import Output

FORMAT = 1
"""The format that this version writes; it is raised when earlier readers would read it wrongly."""


class RunRecord(Part):
    """A run: its state, its configuration and pipeline, and its tasks.

    Args:
        format: The version of this format.
        id: The run's name, which is unique in the project.
        uuid: The identifier that its tasks see as `dsl.PIPELINE_JOB_ID_PLACEHOLDER`.
        pipeline: The pipeline's name.
        about: The pipeline's description.
        state: Its state.
        started: When it started.
        ended: When it ended.
        seconds: How long it took.
        failure: The reason for its failure as its target reports it, without a period.
        signal: The signal that stopped it.
        kfpkit: The version of kfpkit.
        command: The command line that started it.
        user_labels: The labels that its user set.
        target: The place where it ran.
        configuration: Its configuration file.
        settings: The rest of its configuration.
        retry: The run that it continues, if it is a retry.
        revision: The state of the project's source in git.
        parameters: The pipeline's parameters by name.
        outputs: The pipeline's outputs by name.
        environments: The environments of its tasks by name.
        components: The components of the pipeline by name.
        nodes: The pipeline's tasks, loops and conditions, each before those inside it.
        tasks: The run's tasks. They include a loop until its iterations are known.
    """

    format: int = FORMAT
    id: str
    uuid: str | None = None
    pipeline: str
    about: str | None = None
    state: RunState
    started: Moment | None = None
    ended: Moment | None = None
    seconds: float | None = None
    failure: str | None = None
    signal: str | None = None
    kfpkit: str | None = None
    command: tuple[str, ...] | None = None
    user_labels: dict[str, str] = Field(default_factory=dict)
    target: Target | None = None
    configuration: ConfigurationFile | None = None
    settings: Settings | None = None
    retry: Retry | None = None
    revision: Revision | None = None
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    outputs: dict[str, Output] = Field(default_factory=dict)
    environments: dict[str, Environment] = Field(default_factory=dict)
    components: dict[str, Component] = Field(default_factory=dict)
    nodes: tuple[Node, ...] = ()
    tasks: tuple[Task, ...] = ()
