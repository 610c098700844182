"""The record of a run: `run.json` in the run's folder, as a model with a version.

Records have the same form on all targets. A record is written during the run, so the record of a
killed run shows its progress. Paths are relative to the run's folder, so you can move the folder.
What isn't known is absent: None in the model, and left out of the file.
"""

from __future__ import annotations

from kfpkit.runs.record.attempt import Attempt, Times
from kfpkit.runs.record.cache import CacheUse, Miss, describe_state
from kfpkit.runs.record.component import Component
from kfpkit.runs.record.environment import Environment, Preparation
from kfpkit.runs.record.files import NAME, read_record, serialize_record, write_record
from kfpkit.runs.record.node import Node, NodeInput
from kfpkit.runs.record.origin import ConfigurationFile, Parameter, Revision
from kfpkit.runs.record.part import Part, make_moment
from kfpkit.runs.record.retry import Retry, Settings
from kfpkit.runs.record.run import FORMAT, RunRecord
from kfpkit.runs.record.states import RunState, State
from kfpkit.runs.record.target import Target
from kfpkit.runs.record.task import Cause, Links, Log, Place, Task
from kfpkit.runs.record.values import Artifact, Input, Output, Source

__all__ = [
    "FORMAT",
    "NAME",
    "Artifact",
    "Attempt",
    "CacheUse",
    "Cause",
    "Component",
    "ConfigurationFile",
    "Environment",
    "Input",
    "Links",
    "Log",
    "Miss",
    "Node",
    "NodeInput",
    "Output",
    "Parameter",
    "Part",
    "Place",
    "Preparation",
    "Retry",
    "Revision",
    "RunRecord",
    "RunState",
    "Settings",
    "Source",
    "State",
    "Target",
    "Task",
    "Times",
    "describe_state",
    "make_moment",
    "read_record",
    "serialize_record",
    "write_record",
]
