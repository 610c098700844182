"""Connections to targets, for as long as something uses them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from google.auth.credentials import AnonymousCredentials

from kfpkit.emulators import emulators
from kfpkit.listeners import Listener, ignore
from kfpkit.project import Project
from kfpkit.targets.target import VertexTarget
from kfpkit.targets.vertex.service import Connection, TargetCredentials, connect

_VERTEX, _STORAGE = "KFPKIT_VERTEX_EMULATOR_HOST", "STORAGE_EMULATOR_HOST"


@contextlib.contextmanager
def connecting(
    target: VertexTarget, project: Project, report: Listener = ignore
) -> Iterator[Connection]:
    """Connect to a target's services. The emulator runs until the context and its jobs have ended.

    Args:
        target: The target.
        project: The project that has it.
        report: Called with a line for each step of preparing the emulator.

    Yields:
        The connection.

    Raises:
        NoCredentialsError: There are no credentials for Google Cloud.
        EmulatorError: The emulator can't be started.
    """
    with contextlib.ExitStack() as stack:
        if target.kind == "emulator":
            logs = project.state / "emulators" / "logs"
            started = emulators(["vertex"], project=project, log_folder=logs, report=report)
            variables = stack.enter_context(started)
            connection = connect(
                target,
                credentials=TargetCredentials(credentials=AnonymousCredentials()),
                addresses={
                    "aiplatform": variables[_VERTEX],
                    "logging": variables[_VERTEX],
                    "storage": variables[_STORAGE],
                },
            )
        else:
            connection = connect(target)
        stack.callback(connection.session.close)
        yield connection
