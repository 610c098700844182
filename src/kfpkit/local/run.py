"""Running a pipeline on this machine, from its file to its result."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path

from kfpkit.config import Project, find_project
from kfpkit.configuration import Configuration, EffectiveConfiguration, Given, adopt_given
from kfpkit.emulators import emulators, find_emulators, identify_data
from kfpkit.errors import RunFolderError
from kfpkit.local.graph import Graph, Outcome, Result, Slots
from kfpkit.local.ignored import describe_ignored, find_ignored
from kfpkit.local.launching import Launcher, count_processors, launcher_for
from kfpkit.local.record import (
    Journal,
    Progress,
    Recorder,
    Request,
    RunFolder,
    RunResult,
    Silence,
    Start,
    ask_revision,
    create_run_folder,
    describe_broken,
    present,
    settle_broken_runs,
    write_pages,
    write_run_page,
    writing,
)
from kfpkit.local.signals import Interrupted, Interruptions, interruptible
from kfpkit.local.specified import specify
from kfpkit.local.tasks import TaskCache, TaskRunner
from kfpkit.processes import Processes
from kfpkit.runs.record import Cause, State
from kfpkit.specification import Specification
from kfpkit.specification.execution import Job

_BEAT = 0.5


def run_pipeline(  # noqa: PLR0913 - named, and all but one may be left out
    pipeline: Path,
    *,
    name: str | None = None,
    configuration: Configuration | Given | None = None,
    parameters: Mapping[str, str] | None = None,
    launcher: Launcher | None = None,
    progress: Progress | None = None,
    request: Request | None = None,
) -> RunResult:
    """Run a pipeline on this machine.

    Args:
        pipeline: A folder with a `pipeline.py`, a Python file, or a compiled pipeline.
        name: The pipeline function's name, where a Python file defines several.
        configuration: How to run it: a configuration, or what `collect_given` has read.
        parameters: Parameters as text, by name, which win over those of the configuration.
        launcher: Runs the tasks, in this run alone; by default in the virtual environments of
            their images' environments, or in containers where the configuration asks for them.
        progress: Shows the run while it goes on.
        request: What the user asked for on the command line, for the run's record.

    Returns:
        How it went. Tasks that fail raise nothing: dependents are not started, others go on.

    Raises:
        LoadError: The pipeline cannot be loaded.
        BundleError: A component cannot ship.
        ConfigError: The configuration has faults.
        EnvironmentsError: An environment is missing, stale or cannot be made.
        LocalRunError: The run cannot start, or its folder cannot be written.
    """
    project = find_project(pipeline)
    given = adopt_given(configuration, parameters)
    specification, effective = specify(pipeline, name, given, project)
    shown = progress or Silence()
    own = launcher_for(project, containers=given.settings.containers, say=shown.say)
    with own if launcher is None else contextlib.nullcontext(launcher) as runs_here:
        run = _Run(
            project=project,
            specification=specification,
            effective=effective,
            launcher=runs_here,
            progress=shown,
            request=request,
        )
        run.check()
        for broken in settle_broken_runs(project):
            shown.say(describe_broken(broken))
        folder = create_run_folder(project, specification.name, specification.text)
        with present(folder):
            return run.go(folder)


@dataclass(kw_only=True)
class _End:
    """How a run ends: failed, until the result of its graph is there."""

    run: RunResult
    result: Result = field(default_factory=lambda: Result(outcome=Outcome.FAILED))


@dataclass(frozen=True, kw_only=True)
class _Run:
    """A run, before it has a folder."""

    project: Project
    specification: Specification
    effective: EffectiveConfiguration
    launcher: Launcher
    progress: Progress
    request: Request | None
    journal: Journal = field(default_factory=Journal)

    @property
    def settings(self) -> Configuration:
        return self.effective.given.settings

    @property
    def processes(self) -> Processes:
        return self.launcher.processes

    def check(self) -> None:
        """Refuse what cannot run here, before anything is written."""
        self.launcher.check(self.specification.images)
        if self.settings.emulators:
            find_emulators(self.project)

    def go(self, folder: RunFolder) -> RunResult:
        """Run all tasks, leave no process behind, and record how it ended, however it did."""
        job = Job.create(folder.path.name, root=folder.artifacts, workspace=folder.workspace)
        recorder = self._make_recorder(folder, job)
        recorder.write_state()
        with (
            interruptible(self.processes.kill) as interruptions,
            self._recording_end(folder, recorder, interruptions) as end,
            interruptions,  # the first signal ends the block, and no later one loses the record
        ):
            self._announce(folder)
            end.result = self._run_tasks(folder, job, recorder)
        return end.run

    @contextlib.contextmanager
    def _recording_end(
        self, folder: RunFolder, recorder: Recorder, interruptions: Interruptions
    ) -> Iterator[_End]:
        """Record how the run ended when the block ends, whatever has happened in it."""
        started = time.monotonic()
        name = self.specification.name
        end = _End(
            run=RunResult(pipeline=name, folder=folder, tasks=(), seconds=0, succeeded=False)
        )
        try:
            yield end
        finally:
            end.run = replace(
                end.run,
                tasks=self.journal.records(),
                outputs=end.result.outputs,
                seconds=time.monotonic() - started,
                succeeded=end.result.outcome is Outcome.SUCCEEDED,
                signal=interruptions.number,
            )
            with self._recording_result(end, recorder):
                end.run = replace(end.run, pages=write_pages(folder, end.run.tasks))

    @contextlib.contextmanager
    def _recording_result(self, end: _End, recorder: Recorder) -> Iterator[None]:
        """Write the result and the page when the block ends, even if reports can't be copied."""
        try:
            yield
        finally:
            recorder.write_result(end.run)
            page = write_run_page(end.run.folder, self.progress.say)
            end.run = replace(end.run, page=page)

    def _announce(self, folder: RunFolder) -> None:
        self.progress.say(f"Run {folder.path.name}")
        ignored = find_ignored(self.specification)
        if ignored:
            self.progress.say(describe_ignored(ignored))

    def _run_tasks(self, folder: RunFolder, job: Job, recorder: Recorder) -> Result:
        with self._serving(folder) as variables:
            with writing(self.project.state):
                graph = self._graph(folder, job, recorder, variables)
            graph.expect()
            with (
                self.progress.watch(self.journal),
                self._settling(),
                self._running(graph, folder) as running,
            ):
                self._await(running, recorder)
                return running.result()

    @contextlib.contextmanager
    def _running(self, graph: Graph, folder: RunFolder) -> Iterator[Future[Result]]:
        """Run a graph in a thread; when the block ends, all processes end, then the thread."""
        with ThreadPoolExecutor(max_workers=1) as thread, self.processes:
            self.launcher.prepare(self.specification.images, logs=folder.environments)
            yield thread.submit(graph.run, self.effective.arguments)

    def _await(self, running: Future[Result], recorder: Recorder) -> None:
        """Record how the tasks stand until the last has ended."""
        # Python handles a signal that comes just before it waits only after it has waited.
        while not running.done():
            wait([running], timeout=_BEAT)
            # The disk may be full for a moment; the end is recorded in any case.
            with contextlib.suppress(RunFolderError):
                recorder.write_state(self.journal.records())
            if not self.progress.is_read:
                raise Interrupted(signal.SIGPIPE)

    def _make_recorder(self, folder: RunFolder, job: Job) -> Recorder:
        start = Start(
            root=self.project.root,
            job=job,
            specification=self.specification,
            parameters=self.effective.parameters,
            origins=self.effective.origins,
            name_environment=self.launcher.name,
            containers=self.settings.containers,
            request=self.request,
        )
        return Recorder(
            folder,
            start.describe(),
            environments=self.launcher.describe,
            revision=ask_revision(self.project.root),
        )

    @contextlib.contextmanager
    def _serving(self, folder: RunFolder) -> Iterator[Mapping[str, str]]:
        """Have the emulators; yields the variables by which tasks find them."""
        names = self.settings.emulators
        if not names:
            yield {}
            return
        self.progress.say(f"Emulators: {', '.join(names)}")
        with emulators(
            names, project=self.project, log_folder=folder.servers, report=self.progress.say
        ) as variables:
            yield variables

    def _graph(
        self, folder: RunFolder, job: Job, recorder: Recorder, variables: Mapping[str, str]
    ) -> Graph:
        width = self.settings.max_parallel or count_processors()
        data = identify_data(self.project) if variables else ""
        slots = Slots(width=width, processors=self.launcher.processors)
        runner = TaskRunner(
            executors=self.specification.executors,
            job=job,
            launcher=self.launcher,
            processes=self.processes,
            journal=self.journal,
            folder=folder,
            cache=TaskCache(folder=self.project.state / "cache") if self.settings.caching else None,
            slots=slots,
            variables=self.settings.environment_variables,
            emulators=variables,
            timeout=self.settings.task_timeout,
            timeouts=self.specification.timeouts,
            emulator_data=data,
            project=self.project,
            pipeline=self.specification.name,
            components=recorder.components,
        )
        return Graph(
            component=self.specification.spec.root,
            components=dict(self.specification.spec.components),
            job=job,
            runner=runner,
            journal=self.journal,
            slots=slots,
            loop_width=2 * width,
        )

    @contextlib.contextmanager
    def _settling(self) -> Iterator[None]:
        """Note the end of tasks that a run which broke off did not come to, or left."""
        try:
            yield
        finally:
            for record in self.journal.records():
                if not record.state.is_final:
                    started = record.started is not None
                    state = State.STOPPED if started else State.NOT_STARTED
                    self.journal.note(record.name, state, cause=Cause(kind="stopped"))
