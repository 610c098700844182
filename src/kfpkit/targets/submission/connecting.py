"""Connections to targets, for as long as something uses them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TypeAlias

from google.auth.credentials import AnonymousCredentials

from kfpkit.emulators import emulators
from kfpkit.listeners import Listener, ignore
from kfpkit.project import Project
from kfpkit.targets.kubeflow.service import KubeflowConnection, connect_kubeflow
from kfpkit.targets.kubeflow_target import KubeflowTarget
from kfpkit.targets.target import Target, VertexTarget
from kfpkit.targets.vertex.service import Connection, TargetCredentials, connect

_VERTEX, _STORAGE = "KFPKIT_VERTEX_EMULATOR_HOST", "STORAGE_EMULATOR_HOST"

AnyConnection: TypeAlias = Connection | KubeflowConnection
"""A connection to a target of any kind."""


@contextlib.contextmanager
def connecting(
    target: Target, project: Project, report: Listener = ignore
) -> Iterator[AnyConnection]:
    """Connect to a target's services. The emulator runs until the context and its jobs have ended.

    Args:
        target: The target.
        project: The project that has it.
        report: Called with a line for each step of preparing the emulator.

    Yields:
        The connection.

    Raises:
        NoCredentialsError: There are no credentials for Google Cloud.
        MissingSecretError: A variable or a file that the target names doesn't exist.
        EmulatorError: The emulator can't be started.
    """
    with contextlib.ExitStack() as stack:
        if isinstance(target, KubeflowTarget):
            found = connect_kubeflow(target)
            stack.callback(found.close)
            yield found
            return
        connection = (
            _connect_to_emulator(stack, target, project, report)
            if target.kind == "emulator"
            else connect(target)
        )
        stack.callback(connection.session.close)
        yield connection


def _connect_to_emulator(
    stack: contextlib.ExitStack, target: VertexTarget, project: Project, report: Listener
) -> Connection:
    logs = project.state / "emulators" / "logs"
    started = emulators(["vertex"], project=project, log_folder=logs, report=report)
    variables = stack.enter_context(started)
    return connect(
        target,
        credentials=TargetCredentials(credentials=AnonymousCredentials()),
        addresses={
            "aiplatform": variables[_VERTEX],
            "logging": variables[_VERTEX],
            "kfp": variables[_VERTEX],
            "storage": variables[_STORAGE],
        },
    )
