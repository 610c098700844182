"""Opens the runs of a target."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from kfpkit.listeners import Listener, ignore
from kfpkit.project import Project
from kfpkit.targets.kubeflow.service import KubeflowConnection
from kfpkit.targets.reading import find_target
from kfpkit.targets.runs.kubeflow_runs import KubeflowRuns
from kfpkit.targets.runs.target_runs import TargetRuns
from kfpkit.targets.runs.vertex_runs import VertexRuns
from kfpkit.targets.submission import AnyConnection, connecting


@contextlib.contextmanager
def opening_runs(project: Project, target: str, report: Listener = ignore) -> Iterator[TargetRuns]:
    """Connect to a target, and give access to its runs until the context ends.

    Args:
        project: The project that has the target.
        target: The target's name.
        report: Called with a line for each step of preparing the emulator.

    Yields:
        The runs.

    Raises:
        TargetsError: The project has no such target, or there are no credentials.
        EmulatorError: The emulator can't be started.
    """
    with connecting(find_target(project, target), project, report) as connection:
        yield make_runs(connection, project)


def make_runs(connection: AnyConnection, project: Project) -> TargetRuns:
    """Return the runs of a target, by its kind.

    Args:
        connection: A connection to the target's services.
        project: The project that has the target.
    """
    if isinstance(connection, KubeflowConnection):
        return KubeflowRuns(connection=connection, project=project)
    return VertexRuns(connection=connection, project=project)
