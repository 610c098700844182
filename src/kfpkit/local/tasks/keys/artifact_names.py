"""The names of artifacts by which the execution cache tells them apart.

A cache key has the name, address and metadata of each input artifact. An address in the folder of a
run belongs to one execution of one task. A table, an object in Cloud Storage or a path elsewhere
stays the same when its content changes, so there the name has to differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kfpkit.local.tasks.keys.key_parts import digest
from kfpkit.local.tasks.keys.local_files import list_states
from kfpkit.specification import artifacts_in, local_path


@dataclass(frozen=True, kw_only=True)
class OwnNames:
    """The names by which this machine's own cache knows the artifacts of a task.

    Args:
        run: The ID of the task's run.
        task: The task's name in that run.
        artifacts: The folder with the artifacts of the run.
    """

    run: str
    task: str
    artifacts: Path

    def name_outputs(self, outputs: Mapping[str, Any]) -> None:
        """Name artifacts outside of the run's folder after the execution that has produced them.

        Args:
            outputs: The task's parameters and artifacts by name. The artifacts change.
        """
        for output, value in outputs.items():
            for artifact in artifacts_in(value):
                path = local_path(artifact)
                if path is None or not path.is_relative_to(self.artifacts):
                    artifact.name = f"{self.run}/{self.task}/{output}"

    def name_import(self, outputs: Mapping[str, Any], *, again: bool) -> None:
        """Name an imported artifact after the states of its files, if they are on this machine.

        Args:
            outputs: The importer's artifact by name. It changes.
            again: Whether it is a new artifact although its address is known.
        """
        if again:
            self.name_outputs(outputs)
            return
        for value in outputs.values():
            for artifact in artifacts_in(value):
                path = local_path(artifact)
                states = [] if path is None else list_states(path)
                if states:
                    artifact.name = f"{artifact.name}-{digest(states)}"


def find_execution(name: str) -> tuple[str, str]:
    """Return the run that has produced an artifact, and the task and output in that run.

    Args:
        name: The artifact's name.

    Returns:
        The run's ID, and `TASK/OUTPUT`. Empty strings if the name doesn't tell them.
    """
    run, _, place = name.partition("/")
    return (run, place) if "/" in place else ("", "")
