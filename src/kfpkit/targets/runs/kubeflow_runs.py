"""The runs of a Kubeflow Pipelines server."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import yaml

from kfpkit.errors import (
    FixedExperimentError,
    MissingLogError,
    UncancellableRunError,
    UnreadLogError,
    UnretryableRunError,
)
from kfpkit.local.launching import read_environment_name
from kfpkit.project import Project
from kfpkit.runs.history import RunFilter, RunLine, find_task
from kfpkit.runs.record import RunRecord, RunState
from kfpkit.targets.kubeflow import get_spec
from kfpkit.targets.kubeflow.records import (
    describe_line,
    describe_run,
    find_detail,
    find_pod,
)
from kfpkit.targets.kubeflow.service import (
    KubeflowConnection,
    PodLogError,
    fetch_log,
    fetch_version,
    retry_run,
    terminate_run,
)
from kfpkit.targets.run_outline import RunOutline, read_outline
from kfpkit.targets.runs.kubeflow_filter import write_filter
from kfpkit.targets.runs.kubeflow_search import RunSearch
from kfpkit.targets.runs.target_runs import ArtifactContent, TargetRun
from kfpkit.targets.watching import choose_rhythm

_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@dataclass(frozen=True, kw_only=True)
class KubeflowRuns:
    """The runs in a namespace. See `TargetRuns`.

    Args:
        connection: A connection to the server.
        project: The project that has the target, whose environments the tasks run in.
    """

    connection: KubeflowConnection
    project: Project
    _versions: dict[str, Mapping[str, Any]] = field(default_factory=dict, init=False, repr=False)

    @property
    def _search(self) -> RunSearch:
        return RunSearch(connection=self.connection)

    def list_runs(self, wanted: RunFilter, limit: int | None = None) -> Sequence[RunLine]:
        """List runs. The server filters all but their pipelines. See `TargetRuns`."""
        condition = write_filter(wanted, self.connection.target)
        lines = (
            describe_line(run, self._name_pipeline(run))
            for run in self._search.list_runs(condition=condition)
        )
        return list(islice(filter(wanted.admits, lines), limit))

    def find(self, wanted: str) -> str:
        """Return the id of the run that a short name means. See `TargetRuns`."""
        return self._search.find(wanted)

    def fetch(self, run: str) -> TargetRun:
        """Fetch a run. See `TargetRuns`."""
        message = self._search.fetch(run)
        content = self._find_pipeline(message)
        record = self._describe(message, run)
        documents = (
            [content["pipeline_spec"], content["platform_spec"]]
            if "platform_spec" in content
            else [content]
        )
        text = yaml.dump_all(documents, Dumper=_Dumper, sort_keys=False) if content else ""
        return TargetRun(record=record, pipeline=text)

    def read_log(
        self, run: str, task: str, *, follows: bool = False, lines: int | None = None
    ) -> Iterator[str]:
        """Yield the lines of a task's log, as far as its pods exist. See `TargetRuns`."""
        seen = 0
        while True:
            message = self._search.fetch(run)
            record = self._describe(message, run)
            found = find_task(record, task)
            is_over = not follows or found.state.is_final or _has_ended(record)
            if found.times.running is not None:
                log = self._read_pod(message, found.name, run, waits=not is_over)
                yield from log[seen if lines is None else -lines :]
                seen = max(seen, len(log))
            elif is_over:
                target = self.connection.target.name
                state = found.state.value
                raise MissingLogError(run=f"{target}:{run}", task=found.name, state=state, log=None)
            if is_over:
                return
            time.sleep(choose_rhythm(self.connection.target.kind).first)

    def read_artifact(self, uri: str, most: int) -> ArtifactContent:  # noqa: ARG002
        """Read nothing: the server doesn't report artifacts. See `TargetRuns`."""
        return ArtifactContent(cause="a Kubeflow server doesn't report artifacts")

    def cancel(self, run: str) -> str:
        """Begin to cancel a run. See `TargetRuns`."""
        message = self._search.fetch(run)
        record = self._describe(message, run)
        if _has_ended(record):
            address = f"{self.connection.target.name}:{run}"
            raise UncancellableRunError(
                run=address,
                cause=f"it has ended already: {record.state.value}",
                remedy=f"`kfpkit runs show {address}` shows it",
            )
        return terminate_run(self.connection, str(message["run_id"]))

    def retry(self, run: str) -> str:
        """Run the tasks again that haven't succeeded, in the same run. See `TargetRuns`."""
        message = self._search.fetch(run)
        state = self._describe(message, run).state
        if state not in {RunState.FAILED, RunState.STOPPED}:
            raise UnretryableRunError(
                run=f"{self.connection.target.name}:{run}",
                cause=f"the server retries runs that failed or were cancelled, and it is "
                f"{state.value}",
                remedy="To run the pipeline again, use `kfpkit submit`",
            )
        return retry_run(self.connection, str(message["run_id"]))

    def associate(self, run: str, experiment: str) -> None:
        """Refuse to add a run to an experiment. See `TargetRuns`."""
        raise FixedExperimentError(
            run=run, experiment=experiment, target=self.connection.target.name
        )

    def _read_pod(
        self, message: Mapping[str, Any], task: str, run: str, *, waits: bool
    ) -> list[str]:
        """Return the lines of the pod that runs a task, which may not have begun or ended yet."""
        content = self._find_pipeline(message)
        nodes = self._read_outline(message).nodes
        own = str(message["run_id"])
        pod = find_pod(find_detail(message, content, nodes, task))
        cause = "it doesn't tell which pod has run it"
        if pod is not None:
            try:
                text = fetch_log(self.connection, own, pod)
                return text[: text.rfind("\n") + 1 if waits else None].splitlines()
            except PodLogError as error:
                cause = str(error)
                if waits:
                    return []
        namespace = self.connection.target.namespace or "kubeflow"
        raise UnreadLogError(
            task=task,
            run=f"{self.connection.target.name}:{run}",
            cause=cause,
            command=f"kubectl logs --namespace {namespace} --selector pipeline/runid={own} "
            "--container main --prefix --tail -1",
        )

    def _describe(self, message: Mapping[str, Any], run: str) -> RunRecord:
        content = self._find_pipeline(message)
        outline = self._read_outline(message)
        return describe_run(message, content, outline, self.connection.target, name=run)

    def _read_outline(self, message: Mapping[str, Any]) -> RunOutline:
        return read_outline(get_spec(self._find_pipeline(message)), self._name_environment)

    def _find_pipeline(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the pipeline of a run. Empty if it was a version that doesn't exist any more."""
        content = message.get("pipeline_spec")
        reference = message.get("pipeline_version_reference") or {}
        version = str(reference.get("pipeline_version_id") or "")
        if content or not version:
            return content or {}
        if version not in self._versions:
            found = fetch_version(self.connection, str(reference.get("pipeline_id")), version)
            self._versions[version] = (found or {}).get("pipeline_spec") or {}
        return self._versions[version]

    def _name_pipeline(self, message: Mapping[str, Any]) -> str:
        info = get_spec(self._find_pipeline(message)).get("pipelineInfo", {})
        return str(info.get("name", ""))

    def _name_environment(self, image: str) -> str:
        return read_environment_name(self.project, image) or image


def _has_ended(record: RunRecord) -> bool:
    return record.state not in {RunState.WAITING, RunState.RUNNING, RunState.PAUSED}
